/*
 * Where the time goes.
 *
 *     stages [--vectors] < NDJSON
 *
 * Takes comments through the stages as pipeline/judge does, stage by stage,
 * and prints the nanoseconds of each per comment, with the comment and its
 * buckets in the caches, and how large vectors would be. With
 * --vectors, prints each comment's scaled vector as libsvm's programs read
 * it instead, with the label: 1 for spam, -1 for the others.
 */
#include "base/arena.h"
#include "base/buf.h"
#include "features/features.h"
#include "model/model.h"
#include "pipeline/judge.h"
#include "policy/policy.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define CLOCK_LOOKS 10000

enum stage {
    STAGE_READ, /* and parse */
    STAGE_TEXT,
    STAGE_FEATURES,
    STAGE_MODEL,
    STAGE_JUDGE, /* all of the above again, policy and reasons */
    STAGE_WRITE,
    STAGE_NR
};

static const char *const stage_name[STAGE_NR] = {
    "read", "text", "features", "model", "judge", "write",
};

struct bench {
    const struct judge *judge;
    struct juror juror;
    struct buf out;
    double ns[STAGE_NR];
    double clock; /* ns of one look at it */
    size_t comments;
    size_t entries; /* of all vectors */
    bool vectors;
};

static double now_ns(void)
{
    struct timespec t;

    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (double)t.tv_sec * 1e9 + (double)t.tv_nsec;
}

/* What looking at the clock takes. */
static double clock_cost(void)
{
    double from = now_ns();

    for (int i = 0; i < CLOCK_LOOKS; i++)
        (void)now_ns();
    return (now_ns() - from) / CLOCK_LOOKS;
}

/* Adds what has gone by since `*from` to the stage, and starts anew. */
static void mark(struct bench *bench, enum stage stage, double *from)
{
    double now = now_ns();

    bench->ns[stage] += now - *from - bench->clock;
    *from = now_ns();
}

static int by_slot(const void *a, const void *b)
{
    const struct vector_entry *x = a;
    const struct vector_entry *y = b;

    return (x->slot > y->slot) - (x->slot < y->slot);
}

static void print_vector(struct vector *vector, bool spam)
{
    fputs(spam ? "1" : "-1", stdout);
    qsort(vector->entry, vector->nr, sizeof(*vector->entry), by_slot);
    for (size_t i = 0; i < vector->nr;) {
        uint32_t slot = vector->entry[i].slot;
        double sum = 0;

        for (; i < vector->nr && vector->entry[i].slot == slot; i++)
            sum += (double)vector->entry[i].value;
        printf(" %u:%.6g", slot + 1, sum);
    }
    putchar('\n');
}

static void take(struct bench *bench, struct span line)
{
    const struct model *model = bench->judge->model;
    struct model_score score[MODEL_HEAD_NR];
    struct comment comment;
    struct verdict verdict;
    struct weighing weighing;
    struct weigher weigher;
    struct vector vector;
    struct error err;
    struct bag bag;
    struct text *text;
    double from = now_ns();

    arena_reset(&bench->juror.arena);
    if (comment_parse(&comment, &bench->juror.arena, line, &err))
        return;
    mark(bench, STAGE_READ, &from);
    /* Once for nothing: no stage is to find less in the caches than others. */
    judge_comment(bench->judge, &bench->juror, &comment, &verdict, NULL);
    from = now_ns();
    text = text_normalise(&bench->juror.arena, &comment);
    mark(bench, STAGE_TEXT, &from);
    bag_fill(&bench->juror.arena, bench->juror.glossary, &comment, text, &bag);
    mark(bench, STAGE_FEATURES, &from);
    weigher = model_weigher(model, NULL, bench->juror.lexicon);
    weighing_take(&weighing, &bench->juror.arena, &weigher, &bag);
    model_weighed(model, &weighing, score);
    mark(bench, STAGE_MODEL, &from);
    features_extract(&bench->juror.arena, &comment, text, &vector);
    bench->comments++;
    bench->entries += vector.nr;
    if (bench->vectors) {
        bool spam =
            span_find(line, SPAN_LIT("\"label\": \"spam\"")) < line.len ||
            span_find(line, SPAN_LIT("\"label\":\"spam\"")) < line.len;

        model_scale(model, &vector);
        print_vector(&vector, spam);
        return;
    }
    from = now_ns();
    judge_comment(bench->judge, &bench->juror, &comment, &verdict, NULL);
    mark(bench, STAGE_JUDGE, &from);
    buf_reset(&bench->out);
    verdict_put_json(&bench->out, comment.id, &verdict);
    mark(bench, STAGE_WRITE, &from);
}

static void print_stages(const struct bench *bench)
{
    double nr = bench->comments ? (double)bench->comments : 1;
    double before = 0;

    for (int i = STAGE_TEXT; i <= STAGE_MODEL; i++)
        before += bench->ns[i];
    for (int i = 0; i < STAGE_NR; i++)
        printf("%s %.0f\n", i == STAGE_JUDGE ? "reasons" : stage_name[i],
               (i == STAGE_JUDGE ? bench->ns[i] - before : bench->ns[i]) / nr);
    printf("entries %.0f\n", (double)bench->entries / nr);
}

int main(int argc, char **argv)
{
    const struct policy policy = { 0.2, 0.9, 0.6, true, NULL };
    struct model *model;
    struct ndjson in;
    struct span line;
    struct error err;
    struct judge judge;
    struct bench bench = { .judge = &judge };

    bench.vectors = argc > 1 && !strcmp(argv[1], "--vectors");
    if (model_open(&model, NULL, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    judge = (struct judge){ .model = model, .policy = &policy };
    bench.clock = clock_cost();
    juror_init(&bench.juror);
    buf_init(&bench.out, (size_t)16 << 20);
    ndjson_init(&in, STDIN_FILENO);
    while (ndjson_next(&in, &line) == NDJSON_LINE)
        take(&bench, line);
    if (!bench.vectors)
        print_stages(&bench);
    ndjson_release(&in);
    buf_release(&bench.out);
    juror_release(&bench.juror);
    model_close(model);
    return 0;
}
