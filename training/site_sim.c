#include "site_sim.h"

#include "metrics.h"
#include "recipe.h"

#include "base/alloc.h"
#include "learn/promise.h"
#include "model/calibration.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_BYTES 4096

#define HAACKED "train/ham_haacked_blog.ndjson"

const struct site_kind site_kind_list[] = {
    { "midonet", "midonet", "train/wp_midonet_early.ndjson", HAACKED, true,
      false },
    { "leaked", "leaked", "train/blog_haacked_leaked_spam.ndjson", HAACKED,
      true, true },
    { "telegram", "telegram", "train/telegram_tgspam.ndjson",
      "train/telegram_tgspam.ndjson", false, false },
    { "tube", "tube", "train/youtube_tubespam.train.ndjson",
      "train/youtube_tubespam.train.ndjson", false, false },
    { "scam", "scam", "train/youtube_scam_2022.ndjson",
      "train/youtube_scam_2022.ndjson", false, true },
    { "judol", "judol", "train/judol_id_mixed.ndjson",
      "train/judol_id_mixed.ndjson", false, false },
    { "tech", "written", "written/tech.ndjson", "written/tech.ndjson", false,
      false },
    { "lifestyle", "written", "written/lifestyle.ndjson",
      "written/lifestyle.ndjson", false, false },
    { "news", "written", "written/news.ndjson", "written/news.ndjson", false,
      false },
    { "languages", "written", "written/languages.ndjson",
      "written/languages.ndjson", false, false },
};

const size_t site_kind_nr = sizeof(site_kind_list) / sizeof(site_kind_list[0]);

static bool is_left_out(const struct site_kind *kind, const struct row *row)
{
    const struct source *source = corpus_source(row);

    return !strcmp(source->origin, kind->origin) ||
           (kind->blog && (source->kind & SOURCE_BLOG));
}

static struct linear train_general(const struct site_kind *kind,
                                   const struct corpus *corpus)
{
    const struct example **kept = xcalloc(corpus->nr, sizeof(*kept));
    struct learn_options options = recipe_spam;
    struct linear linear;
    size_t nr = 0;

    if (options.learner == LEARNER_LIBSVM)
        options.learner = LEARNER_SVM;
    for (size_t i = 0; i < corpus->nr; i++)
        if (!is_left_out(kind, corpus->example[i].row))
            kept[nr++] = &corpus->example[i].example;
    linear = learn(kept, nr, &options);
    free(kept);
    return linear;
}

static int falling(const void *a, const void *b)
{
    double x = *(const double *)a;
    double y = *(const double *)b;

    return (x < y) - (x > y);
}

/* Calibration and thresholds as make model has them, without the source. */
static struct calibration calibrate(struct site_sim *sim,
                                    const struct folds *folds)
{
    double *margin = xcalloc(folds->nr, sizeof(*margin));
    double *weight = xcalloc(folds->nr, sizeof(*weight));
    unsigned char *positive = xcalloc(folds->nr, sizeof(*positive));
    struct calibration fitted;
    size_t ham = 0;
    size_t nr = 0;

    for (size_t i = 0; i < folds->nr; i++) {
        if (is_left_out(sim->kind, folds->row[i]))
            continue;
        margin[nr] = folds->margin[i];
        weight[nr] = folds->weight[i];
        positive[nr++] = folds->positive[i];
    }
    fitted = calibration_fit(margin, positive, weight, nr);
    for (size_t i = 0; i < nr; i++)
        if (!positive[i])
            margin[ham++] = margin[i];
    qsort(margin, ham, sizeof(*margin), falling);
    sim->spam_at = calibration_probability(
        &fitted, promise_threshold(margin, ham, teach_promise_default.marked,
                                   teach_promise_default.confidence));
    sim->approve_below = calibration_probability(
        &fitted, promise_threshold(margin, ham, teach_promise_default.held,
                                   teach_promise_default.confidence));
    free(margin);
    free(weight);
    free(positive);
    return fitted;
}

static struct correction_example entries(struct arena *keep,
                                         const struct node *node, bool spam)
{
    struct correction_entry *entry;
    size_t nr = 0;

    while (node[nr].index > 0 && node[nr].index < LEARN_BIAS)
        nr++;
    entry = arena_alloc(keep, (nr + 1) * sizeof(*entry));
    for (size_t i = 0; i < nr; i++)
        entry[i] = (struct correction_entry){ (uint32_t)node[i].index - 1,
                                              (float)node[i].value };
    return (struct correction_example){ entry, nr, 0, 1, spam };
}

struct dated {
    const struct row *row;
};

static int by_date(const void *a, const void *b)
{
    const struct comment *x = &((const struct dated *)a)->row->comment;
    const struct comment *y = &((const struct dated *)b)->row->comment;
    int order = span_cmp(x->date, y->date);

    return order ? order : span_cmp(x->id, y->id);
}

/* The general model, with what turns its comments into rows. */
struct scorer {
    struct linear linear;
    struct calibration calibration;
    const struct example_options *how;
    struct arena *scratch;
};

static struct teach_row make_row(struct site_sim *sim,
                                 const struct scorer *scorer,
                                 const struct row *row, bool spam)
{
    struct arena nodes;
    struct node *node;
    struct teach_row made;

    arena_init(&nodes);
    node = example_nodes(&nodes, scorer->scratch, &row->comment, FIELDS_ALL,
                         scorer->how);
    made = (struct teach_row){
        .x = entries(&sim->arena, node, spam),
        .key = rows_lot(1, row->comment.id),
    };
    made.x.general =
        scorer->calibration.slope * linear_margin(&scorer->linear, node) +
        scorer->calibration.offset;
    arena_release(&nodes);
    return made;
}

static void take_class(struct site_sim *sim, const struct row_list *rows,
                       bool spam, const struct scorer *scorer)
{
    struct dated *dated = xcalloc(rows->nr + 1, sizeof(*dated));
    size_t nr = 0;

    for (size_t i = 0; i < rows->nr; i++)
        if (rows->row[i].label == (spam ? LABEL_SPAM : LABEL_HAM))
            dated[nr++].row = &rows->row[i];
    if (sim->kind->dated)
        qsort(dated, nr, sizeof(*dated), by_date);
    sim->row[spam] = xcalloc(nr + 1, sizeof(*sim->row[spam]));
    for (size_t i = 0; i < nr; i++)
        sim->row[spam][i] = make_row(sim, scorer, dated[i].row, spam);
    sim->nr[spam] = nr;
    free(dated);
}

static enum error_code load_class(struct site_sim *sim, const char *directory,
                                  bool spam, size_t most,
                                  const struct scorer *scorer,
                                  struct error *err)
{
    const char *file = spam ? sim->kind->spam_file : sim->kind->ham_file;
    char path[PATH_BYTES];
    struct row_list rows;
    enum error_code rc;

    rows_init(&rows);
    snprintf(path, sizeof(path), "%s/%s", directory, file);
    rc = rows_read(&rows, path, 0, err);
    if (!rc)
        rc = rows_leave_out(&rows, "training/mislabelled.txt", err);
    if (!rc) {
        rows_thin(&rows, 0, spam ? 0 : most, spam ? most : 0, 1);
        take_class(sim, &rows, spam, scorer);
    }
    rows_release(&rows);
    return rc;
}

enum error_code site_sim_load(struct site_sim *sim,
                              const struct site_kind *kind,
                              const struct corpus *corpus,
                              const struct folds *folds, const char *directory,
                              size_t most, struct error *err)
{
    struct example_options how = { .idf = corpus->idf };
    struct scorer scorer = { .how = &how };
    struct arena scratch;
    enum error_code rc;

    *sim = (struct site_sim){ .kind = kind };
    arena_init(&sim->arena);
    arena_init(&scratch);
    scorer.scratch = &scratch;
    scorer.linear = train_general(kind, corpus);
    scorer.calibration = calibrate(sim, folds);
    rc = load_class(sim, directory, false, most, &scorer, err);
    if (!rc)
        rc = load_class(sim, directory, true, most, &scorer, err);
    linear_release(&scorer.linear);
    arena_release(&scratch);
    return rc;
}

void site_sim_release(struct site_sim *sim)
{
    free(sim->row[0]);
    free(sim->row[1]);
    arena_release(&sim->arena);
}

static uint64_t next_lot(uint64_t *state)
{
    uint64_t z = *state += 0x9E3779B97F4A7C15ULL;

    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    return z ^ (z >> 31);
}

/* The first `nr` of a shuffle of the rows; the caller frees. */
static struct teach_row *shuffled(const struct teach_row *row, size_t nr,
                                  uint64_t seed, bool keep_order)
{
    struct teach_row *copy = xcalloc(nr + 1, sizeof(*copy));

    memcpy(copy, row, nr * sizeof(*copy));
    for (size_t i = nr; !keep_order && i > 1; i--) {
        size_t k = next_lot(&seed) % i;
        struct teach_row kept = copy[i - 1];

        copy[i - 1] = copy[k];
        copy[k] = kept;
    }
    return copy;
}

/* How many labels of each class; false when there are not enough. */
static bool share_out(const struct site_draw *draw, const size_t past[2],
                      size_t labels[2])
{
    size_t ham = draw->ham_labels ? draw->ham_labels : draw->labels / 2;

    labels[1] = draw->labels - ham;
    labels[1] = labels[1] < past[1] ? labels[1] : past[1];
    labels[0] = draw->labels - labels[1];
    labels[0] = labels[0] < past[0] ? labels[0] : past[0];
    labels[1] = draw->labels - labels[0];
    labels[1] = labels[1] < past[1] ? labels[1] : past[1];
    return labels[0] + labels[1] >= draw->labels * 9 / 10;
}

static void mislead(struct teach_row *row, size_t nr, double share,
                    uint64_t seed)
{
    size_t wrong = (size_t)lround(share * (double)nr);

    for (size_t i = 0; i < wrong; i++) {
        size_t k = i + next_lot(&seed) % (nr - i);
        struct teach_row kept = row[i];

        row[i] = row[k];
        row[k] = kept;
        row[i].x.spam = !row[i].x.spam;
    }
}

static double score_of(const struct site_model *model,
                       const struct teach_row *row)
{
    return row->x.general + site_model_of(model, row->x.entry, row->x.nr);
}

/* What comes after the past, judged. */
static void test(const struct site_model *model,
                 struct teach_row *const class_row[2], const size_t past[2],
                 const size_t nr[2], struct site_result *result)
{
    size_t all = nr[0] + nr[1] - past[0] - past[1];
    struct scored *scored = xcalloc(all + 1, sizeof(*scored));
    double marked = teach_log_odds(model->spam_at);
    double held = teach_log_odds(model->approve_below);
    size_t caught = 0;
    size_t at = 0;

    for (int spam = 0; spam < 2; spam++)
        for (size_t i = past[spam]; i < nr[spam]; i++) {
            double score = score_of(model, &class_row[spam][i]);

            scored[at].score = score;
            scored[at++].positive = (unsigned char)spam;
            result->marked += !spam && score >= marked;
            result->waiting += !spam && score >= held;
            caught += spam && score >= marked;
        }
    result->ham = nr[0] - past[0];
    result->caught = (double)caught / fmax(1, (double)(nr[1] - past[1]));
    result->auc = metrics_of(scored, all).auc;
    result->recall = metrics_recall_at(scored, all, 0.005);
    result->recall_1 = metrics_recall_at(scored, all, 0.01);
    free(scored);
}

/* The labels nearest to the end of the past, misled. */
static struct teach_row *take_labels(struct teach_row *const class_row[2],
                                     const size_t past[2],
                                     const struct site_draw *draw,
                                     const size_t labels[2])
{
    struct teach_row *row = xcalloc(labels[0] + labels[1] + 1, sizeof(*row));

    for (size_t i = 0; i < labels[0] + labels[1]; i++) {
        bool spam = i >= labels[0];
        size_t rank = spam ? i - labels[0] : i;

        row[i] = class_row[spam][past[spam] - labels[spam] + rank];
        row[i].at_ms = (int64_t)rank;
    }
    mislead(row, labels[0] + labels[1], draw->wrong, draw->seed);
    return row;
}

bool site_sim_draw(const struct site_sim *sim, const struct site_draw *draw,
                   struct site_result *result)
{
    const struct teach_options options = {
        .recipe = correction_recipe,
        .promise = teach_promise_default,
        .approve_below = sim->approve_below,
        .spam_at = sim->spam_at,
    };
    struct teach_row *class_row[2];
    size_t past[2];
    size_t nr[2] = { sim->nr[0], sim->nr[1] };
    bool enough;

    *result = (struct site_result){ .recall = 0 };
    for (int spam = 0; spam < 2; spam++)
        past[spam] = (size_t)(draw->split * (double)nr[spam]);
    if (draw->ham_most && nr[0] - past[0] > draw->ham_most)
        nr[0] = past[0] + draw->ham_most;
    enough = share_out(draw, past, result->labels);
    for (int spam = 0; enough && spam < 2; spam++)
        class_row[spam] =
            shuffled(sim->row[spam], sim->nr[spam],
                     draw->seed + (uint64_t)spam, sim->kind->dated);
    if (enough) {
        struct teach_row *row =
            take_labels(class_row, past, draw, result->labels);
        struct site_model model;

        teach(&model, &result->metrics, row,
              result->labels[0] + result->labels[1], &options);
        test(&model, class_row, past, nr, result);
        site_model_release(&model);
        free(row);
        free(class_row[0]);
        free(class_row[1]);
    }
    return enough;
}
