#include "model/calibration.h"

#include <math.h>
#include <stdbool.h>

#define ITERATIONS_MAX 100
#define RIDGE 1e-12
#define GRADIENT_SMALL 1e-6
#define HALVINGS_MAX 33

/* The rows, and the smoothed targets of the two classes. */
struct fit {
    const double *margin;
    const unsigned char *positive;
    const double *weight;
    size_t nr;
    double target_high;
    double target_low;
};

/* Gradient and Hessian of the loss at a point. */
struct slope {
    double g_slope, g_offset;
    double h_ss, h_so, h_oo;
};

double calibration_probability(const struct calibration *calibration,
                               double margin)
{
    double odds = calibration->slope * margin + calibration->offset;

    if (odds >= 0)
        return 1 / (1 + exp(-odds));
    return exp(odds) / (1 + exp(odds));
}

static double weight_of(const struct fit *fit, size_t i)
{
    return fit->weight ? fit->weight[i] : 1;
}

static double target_of(const struct fit *fit, size_t i)
{
    return fit->positive[i] ? fit->target_high : fit->target_low;
}

static double loss(const struct fit *fit, const struct calibration *at)
{
    double sum = 0;

    for (size_t i = 0; i < fit->nr; i++) {
        double odds = at->slope * fit->margin[i] + at->offset;
        double soft = odds > 0 ? odds + log1p(exp(-odds)) : log1p(exp(odds));

        sum += weight_of(fit, i) * (soft - target_of(fit, i) * odds);
    }
    return sum;
}

static struct slope slope_at(const struct fit *fit,
                             const struct calibration *at)
{
    struct slope s = { 0, 0, RIDGE, 0, RIDGE };

    for (size_t i = 0; i < fit->nr; i++) {
        double p = calibration_probability(at, fit->margin[i]);
        double g = weight_of(fit, i) * (p - target_of(fit, i));
        double h = weight_of(fit, i) * p * (1 - p);

        s.g_slope += g * fit->margin[i];
        s.g_offset += g;
        s.h_ss += h * fit->margin[i] * fit->margin[i];
        s.h_so += h * fit->margin[i];
        s.h_oo += h;
    }
    return s;
}

/* One Newton step with backtracking; false when there is nothing to gain. */
static bool step(const struct fit *fit, struct calibration *at)
{
    struct slope s = slope_at(fit, at);
    double det = s.h_ss * s.h_oo - s.h_so * s.h_so;
    double d_slope = -(s.h_oo * s.g_slope - s.h_so * s.g_offset) / det;
    double d_offset = -(s.h_ss * s.g_offset - s.h_so * s.g_slope) / det;
    double gain = s.g_slope * d_slope + s.g_offset * d_offset;
    double before = loss(fit, at);

    if (fabs(s.g_slope) < GRADIENT_SMALL && fabs(s.g_offset) < GRADIENT_SMALL)
        return false;
    for (int i = 0; i < HALVINGS_MAX; i++) {
        double size = ldexp(1, -i);
        struct calibration to = { at->slope + size * d_slope,
                                  at->offset + size * d_offset };

        if (loss(fit, &to) >= before + 1e-4 * size * gain)
            continue;
        *at = to;
        return true;
    }
    return false;
}

struct calibration calibration_fit(const double *margin,
                                   const unsigned char *positive,
                                   const double *weight, size_t nr)
{
    struct fit fit = { margin, positive, weight, nr, 0, 0 };
    struct calibration at = { 1, 0 };
    double high = 0;
    double low = 0;

    for (size_t i = 0; i < nr; i++)
        *(positive[i] ? &high : &low) += weight_of(&fit, i);
    if (high <= 0 || low <= 0)
        return at;
    fit.target_high = (high + 1) / (high + 2);
    fit.target_low = 1 / (low + 2);
    at = (struct calibration){ 0, log((high + 1) / (low + 1)) };
    for (size_t i = 0; i < ITERATIONS_MAX && step(&fit, &at); i++)
        continue;
    if (at.slope <= 0)
        at.slope = GRADIENT_SMALL;
    return at;
}
