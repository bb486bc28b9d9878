#include "score.h"

#include "base/alloc.h"
#include "features/features.h"
#include "text/normalise.h"

enum model_head score_head_of(const struct row_list *rows)
{
    bool spam = false;
    bool abuse = false;

    for (size_t i = 0; i < rows->nr; i++) {
        spam |= rows->row[i].label == LABEL_SPAM;
        abuse |= rows->row[i].label == LABEL_ABUSE;
    }
    return abuse && !spam ? MODEL_ABUSE : MODEL_SPAM;
}

unsigned char score_is_positive(const struct row *row, enum model_head head)
{
    return row->label == (head == MODEL_SPAM ? LABEL_SPAM : LABEL_ABUSE);
}

struct scored *score_rows(const struct model *model, enum model_head head,
                          const struct row_list *rows)
{
    struct scored *scored = xcalloc(rows->nr + 1, sizeof(*scored));
    struct arena arena;

    arena_init(&arena);
    for (size_t i = 0; i < rows->nr; i++) {
        const struct comment *comment = &rows->row[i].comment;
        struct model_score score;
        struct vector vector;

        arena_reset(&arena);
        features_extract(&arena, comment, text_normalise(&arena, comment),
                         &vector);
        model_scale(model, &vector);
        score = model_score(model, head, &vector);
        scored[i] = (struct scored){ score.margin, score.probability,
                                     score_is_positive(&rows->row[i], head) };
    }
    arena_release(&arena);
    return scored;
}
