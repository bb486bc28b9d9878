#include "comment/verdict.h"

static const struct {
    enum verdict_kind kind;
    const char *name;
} kind_name[] = {
    { VERDICT_HOLD, "hold" },
    { VERDICT_APPROVE, "approve" },
    { VERDICT_SPAM, "spam" },
};

#define KIND_NR (sizeof(kind_name) / sizeof(kind_name[0]))

struct span verdict_name(enum verdict_kind kind)
{
    for (size_t i = 0; i < KIND_NR; i++)
        if (kind_name[i].kind == kind)
            return span_str(kind_name[i].name);
    return SPAN_LIT("hold");
}

bool verdict_parse(enum verdict_kind *kind, struct span name)
{
    for (size_t i = 0; i < KIND_NR; i++) {
        if (!span_eq(name, span_str(kind_name[i].name)))
            continue;
        *kind = kind_name[i].kind;
        return true;
    }
    return false;
}
