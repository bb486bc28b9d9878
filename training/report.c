/*
 * The figures and curves of the model card: make model-report.
 *
 *     report DATA LOSO.json OUT
 *
 * Measures the model as the program uses it on every file of DATA/bench,
 * takes what leave-one-source-out found from LOSO.json, and writes into OUT:
 * figures.md, a part of the card, and the points that report.gp draws.
 */
#include "metrics.h"
#include "score.h"

#include "base/buf.h"
#include "base/file.h"
#include "wire/json.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define PATH_BYTES 4096
#define FILE_BYTES_MAX ((size_t)4 << 20)

/* Points of a curve, at most. */
#define CURVE_POINTS 120

/* Of a reliability diagram. */
#define BINS 10

static const struct bench {
    const char *file;
    const char *title;
} bench[] = {
    { "sms_spam.last70", "SMS, last 70 %" },
    { "youtube_tubespam.test", "TubeSpam, test" },
    { "judol_id_youtube", "judol, YouTube" },
    { "youtube_eminem_2024", "YouTube Eminem 2024" },
    { "jigsaw_test_toxic_balanced", "Jigsaw, balanced" },
    { "impermium_insults.test", "Impermium, test" },
    { "impermium_insults.verification", "Impermium, verification" },
    { "c3_globe_mail", "Globe and Mail (C3)" },
    { "unhealthy_globe_mail.val", "Unhealthy conversations" },
    { "olid.test", "OLID, test" },
    { "hatemojicheck", "HatemojiCheck" },
    { "germeval2021_de.test", "GermEval 2021" },
    { "hateval_en.test", "HatEval, English" },
};

struct reliability {
    double said[BINS];
    double was[BINS];
    double nr[BINS];
};

struct report {
    const char *data;
    const char *out;
    const struct model *model;
    struct buf card;
    struct buf curve[MODEL_HEAD_NR]; /* blocks of "recall precision" */
    struct reliability reliability[MODEL_HEAD_NR];
};

static enum error_code save(const struct report *report, const char *name,
                            const struct buf *text, struct error *err)
{
    char path[PATH_BYTES];

    snprintf(path, sizeof(path), "%s/%s", report->out, name);
    return file_replace(path, buf_span(text), err);
}

/* `scored` by falling score: one block, with its title in the first line. */
static void put_curve(struct buf *out, const char *title,
                      const struct scored *scored, const struct metrics *m)
{
    size_t hits = 0;
    size_t next = 1;

    buf_addf(out, "\"%s\"\n", title);
    for (size_t i = 0; i < m->nr; i++) {
        hits += scored[i].positive;
        if (hits * CURVE_POINTS < next * m->positives ||
            (i + 1 < m->nr && scored[i + 1].score == scored[i].score))
            continue;
        buf_addf(out, "%.3f %.3f\n", (double)hits / (double)m->positives,
                 (double)hits / (double)(i + 1));
        next = hits * CURVE_POINTS / m->positives + 1;
    }
    buf_addf(out, "\n\n");
}

static void add_reliability(struct reliability *reliability,
                            const struct scored *scored, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        int bin = (int)fmin(scored[i].probability * BINS, BINS - 1);

        reliability->said[bin] += scored[i].probability;
        reliability->was[bin] += scored[i].positive;
        reliability->nr[bin]++;
    }
}

static enum error_code measure(struct report *report,
                               const struct bench *entry, struct error *err)
{
    char path[PATH_BYTES];
    struct row_list rows;
    struct scored *scored;
    struct metrics m;
    enum model_head head;
    enum error_code rc;

    snprintf(path, sizeof(path), "%s/bench/%s.ndjson", report->data,
             entry->file);
    rows_init(&rows);
    rc = rows_read(&rows, path, 0, err);
    if (rc) {
        rows_release(&rows);
        return rc;
    }
    head = score_head_of(&rows);
    scored = score_rows(report->model, head, &rows);
    add_reliability(&report->reliability[head], scored, rows.nr);
    m = metrics_of(scored, rows.nr);
    put_curve(&report->curve[head], entry->title, scored, &m);
    buf_addf(&report->card,
             "| %s | %zu (%zu) | %.3f | %.3f | %.3f | %.0f | %.0f | %.0f | "
             "%.3f |\n",
             entry->title, m.nr, m.positives, m.auc, m.average_precision,
             m.mcc, 100 * m.recall_at_1, 100 * m.recall_at_05,
             100 * m.recall_at_01, m.calibration);
    free(scored);
    rows_release(&rows);
    return ERROR_NONE;
}

static enum error_code measure_all(struct report *report, struct error *err)
{
    buf_addf(&report->card,
             "| file | rows (positive) | AUC | AP | MCC | recall at 1 %% | at "
             "0.5 %% | at 0.1 %% | ECE |\n"
             "|---|---|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < sizeof(bench) / sizeof(bench[0]); i++) {
        enum error_code rc = measure(report, &bench[i], err);

        if (rc)
            return rc;
    }
    return ERROR_NONE;
}

static void put_promises(struct report *report)
{
    const struct model_promise *promise = model_promise(report->model, 0);

    buf_addf(&report->card,
             "\n| promise | `spam_at` | recall of spam of sources left out, "
             "%% |\n|---|---|---|\n");
    for (; promise;
         promise = model_promise(report->model, promise->one_in + 1))
        buf_addf(&report->card, "| 1/%.0f | %.4f | %.1f |\n", promise->one_in,
                 promise->spam_at, 100 * promise->recall);
}

static enum error_code put_reliability(struct report *report,
                                       struct error *err)
{
    static const char *const name[] = { "reliability_spam.dat",
                                        "reliability_abuse.dat" };

    for (int head = 0; head < MODEL_HEAD_NR; head++) {
        const struct reliability *r = &report->reliability[head];
        enum error_code rc;
        struct buf out;

        buf_init(&out, FILE_BYTES_MAX);
        for (int bin = 0; bin < BINS; bin++)
            if (r->nr[bin] > 0)
                buf_addf(&out, "%.3f %.3f\n", r->said[bin] / r->nr[bin],
                         r->was[bin] / r->nr[bin]);
        rc = save(report, name[head], &out, err);
        buf_release(&out);
        if (rc)
            return rc;
    }
    return ERROR_NONE;
}

static double number(const struct json *object, const char *name)
{
    double value = 0;

    (void)json_double(json_member(object, name), &value);
    return value;
}

static struct span word(const struct json *object, const char *name)
{
    struct span value = SPAN_LIT("");

    (void)json_text(json_member(object, name), &value);
    return value;
}

/* The same source under protocol B, or NULL. */
static const struct json *under_b(const struct json *tests, struct span name)
{
    for (size_t i = 0; i < json_nr(tests); i++) {
        const struct json *test = json_item(tests, i);

        if (span_eq(word(test, "protocol"), SPAN_LIT("B")) &&
            span_eq(word(test, "left_out"), name))
            return test;
    }
    return NULL;
}

static void put_spam_tests(struct report *report, const struct json *tests,
                           struct buf *points)
{
    buf_addf(&report->card,
             "\n| left out | spam rows | A, recall at 1 %% | B | AUC A | AUC "
             "B |\n|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < json_nr(tests); i++) {
        const struct json *a = json_item(tests, i);
        struct span name = word(a, "left_out");
        const struct json *b = under_b(tests, name);

        if (!span_eq(word(a, "protocol"), SPAN_LIT("A")) || !b)
            continue;
        buf_addf(
            &report->card, "| %.*s | %.0f | %.0f | %.0f | %.3f | %.3f |\n",
            SPAN_ARG(name), number(a, "positives"),
            100 * number(a, "recall_at_1"), 100 * number(b, "recall_at_1"),
            number(a, "auc"), number(b, "auc"));
        buf_addf(points, "%.*s %.4f %.4f\n", SPAN_ARG(name),
                 number(a, "recall_at_1"), number(b, "recall_at_1"));
    }
}

static void put_abuse_tests(struct report *report, const struct json *tests)
{
    buf_addf(&report->card, "\n| left out | abuse rows | AUC | recall at 1 %% "
                            "|\n|---|---|---|---|\n");
    for (size_t i = 0; i < json_nr(tests); i++) {
        const struct json *test = json_item(tests, i);

        if (span_eq(word(test, "head"), SPAN_LIT("abuse")))
            buf_addf(&report->card, "| %.*s | %.0f | %.3f | %.0f |\n",
                     SPAN_ARG(word(test, "left_out")),
                     number(test, "positives"), number(test, "auc"),
                     100 * number(test, "recall_at_1"));
    }
}

static void put_families(struct report *report, const struct json *families)
{
    if (!json_nr(families))
        return;
    buf_addf(&report->card,
             "\n| left out | recall A | recall B | AUC A | AUC B | abuse AUC "
             "| |\n|---|---|---|---|---|---|---|\n");
    for (size_t i = 0; i < json_nr(families); i++) {
        const struct json *family = json_item(families, i);

        buf_addf(
            &report->card,
            "| %.*s | %+.1f | %+.1f | %+.2f | %+.2f | %+.2f | %.*s |\n",
            SPAN_ARG(word(family, "family")),
            -100 * number(family, "recall_a"),
            -100 * number(family, "recall_b"), -100 * number(family, "auc_a"),
            -100 * number(family, "auc_b"), -100 * number(family, "abuse_auc"),
            SPAN_ARG(word(family, "it")));
    }
}

static enum error_code put_loso(struct report *report, const char *path,
                                struct error *err)
{
    struct json_doc doc;
    struct buf points;
    enum error_code rc;
    struct buf text;

    buf_init(&text, FILE_BYTES_MAX);
    buf_init(&points, FILE_BYTES_MAX);
    rc = buf_read_file(&text, path, err);
    if (!rc)
        rc = json_parse(&doc, buf_span(&text), err);
    if (!rc) {
        const struct json *tests = json_member(doc.root, "tests");

        put_spam_tests(report, tests, &points);
        put_abuse_tests(report, tests);
        put_families(report, json_member(doc.root, "families"));
        rc = save(report, "recall.dat", &points, err);
        json_release(&doc);
    }
    buf_release(&points);
    buf_release(&text);
    return rc;
}

static enum error_code run(struct report *report, const char *loso,
                           struct error *err)
{
    enum error_code rc = measure_all(report, err);

    if (!rc) {
        put_promises(report);
        rc = put_loso(report, loso, err);
    }
    if (!rc)
        rc = put_reliability(report, err);
    if (!rc)
        rc = save(report, "curve_spam.dat", &report->curve[MODEL_SPAM], err);
    if (!rc)
        rc = save(report, "curve_abuse.dat", &report->curve[MODEL_ABUSE], err);
    if (!rc)
        rc = save(report, "figures.md", &report->card, err);
    return rc;
}

int main(int argc, char **argv)
{
    struct report report = { .data = argc > 1 ? argv[1] : "" };
    struct model *model = NULL;
    enum error_code rc;
    struct error err;

    if (argc != 4) {
        fputs("usage: report DATA LOSO.json OUT\n", stderr);
        return 2;
    }
    report.out = argv[3];
    buf_init(&report.card, FILE_BYTES_MAX);
    for (int head = 0; head < MODEL_HEAD_NR; head++)
        buf_init(&report.curve[head], FILE_BYTES_MAX);
    rc = model_open(&model, NULL, &err);
    report.model = model;
    if (!rc)
        rc = run(&report, argv[2], &err);
    if (rc)
        fprintf(stderr, "%s\n", err.text);
    model_close(model);
    buf_release(&report.card);
    for (int head = 0; head < MODEL_HEAD_NR; head++)
        buf_release(&report.curve[head]);
    return rc ? 1 : 0;
}
