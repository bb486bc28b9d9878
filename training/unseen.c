#include "unseen.h"

#include "base/alloc.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#define WORKERS 2
#define FOLDS_MAX 32
#define BRIEF_SHARE 4
#define PATH_BYTES 4096
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static const char *const spam_origin[] = {
    "midonet", "misc",     "leaked", "spintax", "tube",
    "scam",    "telegram", "judol",  "written",
};

/* The last two say little of news sites; a brief run does without. */
static const char *const abuse_origin[] = {
    "jigsaw", "impermium", "olid", "written", "germeval",
};
#define ABUSE_BRIEF 3

/* Files that are tested whole; `origin` is left out of training, if there. */
static const struct never {
    enum corpus_head head;
    const char *name;
    const char *origin;
    const char *file;
} never[] = {
    { CORPUS_SPAM, "sms", "sms", "bench/sms_spam.last70.ndjson" },
    { CORPUS_ABUSE, "civil", "civil", "train/civil_toxicspans.ndjson" },
    { CORPUS_ABUSE, "globe_c3", "civil", "bench/c3_globe_mail.ndjson" },
    { CORPUS_ABUSE, "globe_unhealthy", "civil",
      "bench/unhealthy_globe_mail.val.ndjson" },
};

/* One training, and what it is tested on. */
struct fold {
    const char *origin; /* left out */
    unsigned ham;       /* SOURCE_BLOG or SOURCE_NEWS, left out */
    enum unseen_protocol protocol;
    size_t first; /* of its tests */
    size_t nr;
};

/* The rows of a test, before they are scored. */
struct question {
    const struct node **node;
    struct boot_row *row;
    size_t nr;
};

struct running {
    const struct unseen_options *options;
    struct unseen *unseen;
    struct corpus corpus;
    struct fold fold[FOLDS_MAX];
    size_t nr;
    struct question question[UNSEEN_TESTS_MAX];
    struct row_list rows; /* of the files that are never trained on */
    struct arena nodes;
};

const char *unseen_protocol_name(enum unseen_protocol protocol)
{
    static const char *const name[] = {
        [UNSEEN_A] = "A",
        [UNSEEN_B] = "B",
        [UNSEEN_OWN] = "own",
        [UNSEEN_NEVER] = "never",
    };

    return name[protocol];
}

static bool is_left_out(const struct fold *fold, const struct row *row)
{
    const struct source *source = corpus_source(row);

    return !strcmp(source->origin, fold->origin) || (source->kind & fold->ham);
}

static bool is_tested(const struct fold *fold,
                      const struct corpus_example *example)
{
    const struct source *source = corpus_source(example->row);
    bool own = !strcmp(source->origin, fold->origin);

    if (example->fields != FIELDS_ALL)
        return false;
    if (!fold->ham)
        return own;
    return example->example.positive ? own : (source->kind & fold->ham) != 0;
}

static void put_row(struct question *question, size_t *alloc,
                    const struct node *node, struct boot_row row)
{
    question->node =
        xgrow(question->node, question->nr, &alloc[0], sizeof(struct node *));
    question->row =
        xgrow(question->row, question->nr, &alloc[1], sizeof(*question->row));
    question->node[question->nr] = node;
    question->row[question->nr++] = row;
}

/* Scores are written by the workers, so they lie in shared memory. */
static void share(struct running *running, const char *name,
                  enum unseen_protocol protocol, struct question question)
{
    struct unseen *unseen = running->unseen;
    struct unseen_test *test = &unseen->test[unseen->nr];
    size_t size = (question.nr + 1) * sizeof(*question.row);

    *test = (struct unseen_test){ .name = name,
                                  .protocol = protocol,
                                  .nr = question.nr };
    test->row = mmap(NULL, size, PROT_READ | PROT_WRITE,
                     MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (test->row == MAP_FAILED)
        abort();
    if (question.nr)
        memcpy(test->row, question.row, question.nr * sizeof(*question.row));
    for (size_t i = 0; i < question.nr; i++)
        test->positives += question.row[i].positive;
    free(question.row);
    question.row = NULL;
    running->question[unseen->nr++] = question;
}

static void ask_origin(struct running *running, const struct fold *fold)
{
    struct question question = { NULL, NULL, 0 };
    size_t alloc[2] = { 0, 0 };

    for (size_t i = 0; i < running->corpus.nr; i++) {
        const struct corpus_example *example = &running->corpus.example[i];

        if (is_tested(fold, example))
            put_row(
                &question, alloc, example->example.node,
                (struct boot_row){ 0, rows_lot(7, example->row->comment.id),
                                   (unsigned char)example->example.positive });
    }
    share(running, fold->origin, fold->protocol, question);
}

static void ask_rows(struct running *running, const char *name, size_t first)
{
    struct example_options how = {
        .idf = running->corpus.idf,
        .without = running->options->corpus.without,
    };
    enum label positive = running->options->corpus.head == CORPUS_SPAM
                              ? LABEL_SPAM
                              : LABEL_ABUSE;
    struct question question = { NULL, NULL, 0 };
    size_t alloc[2] = { 0, 0 };
    struct arena scratch;

    arena_init(&scratch);
    for (size_t i = first; i < running->rows.nr; i++) {
        const struct row *row = &running->rows.row[i];

        put_row(&question, alloc,
                example_nodes(&running->nodes, &scratch, &row->comment,
                              FIELDS_ALL, &how),
                (struct boot_row){ 0, rows_lot(7, row->comment.id),
                                   row->label == positive });
    }
    arena_release(&scratch);
    share(running, name, UNSEEN_NEVER, question);
}

static void add_fold(struct running *running, const char *origin, unsigned ham,
                     enum unseen_protocol protocol)
{
    struct fold *fold = &running->fold[running->nr++];

    *fold = (struct fold){ origin, ham, protocol, running->unseen->nr, 1 };
    ask_origin(running, fold);
}

static void add_origins(struct running *running)
{
    size_t abuse = running->options->brief ? ABUSE_BRIEF : NR(abuse_origin);

    if (running->options->corpus.head == CORPUS_ABUSE) {
        for (size_t i = 0; i < abuse; i++)
            add_fold(running, abuse_origin[i], 0, UNSEEN_OWN);
        return;
    }
    for (size_t i = 0; i < NR(spam_origin); i++) {
        add_fold(running, spam_origin[i], SOURCE_BLOG, UNSEEN_A);
        add_fold(running, spam_origin[i], SOURCE_NEWS, UNSEEN_B);
    }
}

/* The files of one head have one fold between them. */
static enum error_code add_never(struct running *running, struct error *err)
{
    struct fold *fold = &running->fold[running->nr];

    *fold = (struct fold){ "", 0, UNSEEN_NEVER, running->unseen->nr, 0 };
    for (size_t i = 0; i < NR(never); i++) {
        size_t first = running->rows.nr;
        char path[PATH_BYTES];
        enum error_code rc;

        snprintf(path, sizeof(path), "%s/%s",
                 running->options->corpus.directory, never[i].file);
        if (never[i].head != running->options->corpus.head ||
            access(path, R_OK) != 0)
            continue;
        rc = rows_read(&running->rows, path, 0, err);
        if (rc)
            return rc;
        fold->origin = never[i].origin;
        fold->nr++;
        ask_rows(running, never[i].name, first);
    }
    running->nr += fold->nr > 0;
    return ERROR_NONE;
}

/* A brief run learns abuse from some rows only, by lot. */
static bool is_spared(const struct running *running, const struct row *row)
{
    return running->options->brief &&
           running->options->corpus.head == CORPUS_ABUSE &&
           rows_lot(5, row->comment.id) % BRIEF_SHARE != 0;
}

static struct linear train_fold(const struct running *running,
                                const struct fold *fold)
{
    const struct corpus *corpus = &running->corpus;
    const struct example **kept = xcalloc(corpus->nr, sizeof(*kept));
    struct linear linear;
    size_t nr = 0;

    for (size_t i = 0; i < corpus->nr; i++)
        if (!is_left_out(fold, corpus->example[i].row) &&
            !is_spared(running, corpus->example[i].row))
            kept[nr++] = &corpus->example[i].example;
    linear = learn(kept, nr, &running->options->learn);
    free(kept);
    return linear;
}

static void run_fold(const struct running *running, const struct fold *fold)
{
    struct linear linear = train_fold(running, fold);

    for (size_t t = fold->first; t < fold->first + fold->nr; t++) {
        const struct question *question = &running->question[t];
        struct boot_row *row = running->unseen->test[t].row;

        for (size_t i = 0; i < question->nr; i++)
            row[i].score = linear_margin(&linear, question->node[i]);
        boot_sort(row, question->nr);
    }
    linear_release(&linear);
}

/* The folds do not meet, so each worker takes every so-many-th. */
static bool run_folds(const struct running *running)
{
    bool done = true;
    int status;

    fflush(NULL);
    for (size_t worker = 0; worker < WORKERS; worker++) {
        pid_t pid = fork();

        if (pid < 0)
            return false;
        if (pid)
            continue;
        for (size_t i = worker; i < running->nr; i += WORKERS)
            run_fold(running, &running->fold[i]);
        _exit(0);
    }
    while (wait(&status) > 0)
        done = done && WIFEXITED(status) && !WEXITSTATUS(status);
    return done;
}

enum error_code unseen_run(struct unseen *unseen,
                           const struct unseen_options *options,
                           struct error *err)
{
    struct running *running = xcalloc(1, sizeof(*running));
    enum error_code rc;

    memset(unseen, 0, sizeof(*unseen));
    running->options = options;
    running->unseen = unseen;
    rc = corpus_load(&running->corpus, &options->corpus, err);
    if (rc) {
        free(running);
        return rc;
    }
    rows_init(&running->rows);
    arena_init(&running->nodes);
    add_origins(running);
    rc = add_never(running, err);
    if (!rc && !run_folds(running))
        rc = error_set(err, ERROR_INPUT, "a worker died; is memory short?");
    for (size_t i = 0; i < unseen->nr; i++)
        free(running->question[i].node);
    rows_release(&running->rows);
    arena_release(&running->nodes);
    corpus_release(&running->corpus);
    free(running);
    return rc;
}

void unseen_release(struct unseen *unseen)
{
    for (size_t i = 0; i < unseen->nr; i++)
        munmap(unseen->test[i].row,
               (unseen->test[i].nr + 1) * sizeof(struct boot_row));
    unseen->nr = 0;
}

struct boot_point unseen_mean(const struct unseen *unseen,
                              enum unseen_protocol protocol, uint64_t resample)
{
    struct boot_point mean = { 0, 0 };
    size_t nr = 0;

    for (size_t i = 0; i < unseen->nr; i++) {
        const struct unseen_test *test = &unseen->test[i];
        struct boot_point point;

        if (test->protocol != protocol || !test->positives)
            continue;
        point = boot_measure(test->row, test->nr, resample);
        mean.auc += point.auc;
        mean.recall += point.recall;
        nr++;
    }
    if (nr) {
        mean.auc /= (double)nr;
        mean.recall /= (double)nr;
    }
    return mean;
}

double unseen_mean_auc(const struct unseen *unseen, uint64_t resample)
{
    double sum = 0;
    size_t nr = 0;

    for (size_t i = 0; i < unseen->nr; i++) {
        const struct unseen_test *test = &unseen->test[i];

        if (!test->positives)
            continue;
        sum += boot_measure(test->row, test->nr, resample).auc;
        nr++;
    }
    return nr ? sum / (double)nr : 0;
}
