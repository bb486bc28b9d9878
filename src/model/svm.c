#include "model/svm.h"

#include <libsvm/svm.h>

#include <assert.h>
#include <string.h>

double svm_collapse(const struct svm_model *svm, double *weight, size_t nr)
{
    double sign = svm->label[0] > 0 ? 1 : -1;

    assert(svm->nr_class == 2 && svm->param.kernel_type == LINEAR);
    memset(weight, 0, nr * sizeof(*weight));
    for (int i = 0; i < svm->l; i++) {
        double coef = sign * svm->sv_coef[0][i];

        for (const struct svm_node *node = svm->SV[i]; node->index > 0; node++)
            weight[node->index - 1] += coef * node->value;
    }
    return -sign * svm->rho[0];
}
