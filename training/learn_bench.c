/*
 * What a site's own labels are worth: make learn-bench.
 *
 *     learn_bench DATA OUT
 *
 * Prints how much of an unseen site's spam is found at 0.5 % false positives
 * after 0, 20, 200 and 1,000 labels of its own, what 5 % wrong labels cost,
 * in how many of a hundred sites the promise was kept, and how long
 * retraining takes. Writes the same to OUT.json, and to OUT.gnuplot how to
 * draw it as OUT.svg.
 */
#include "corpus.h"
#include "folds.h"
#include "recipe.h"
#include "site_sim.h"

#include "base/alloc.h"
#include "base/clock.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMENTS_MOST 12000
#define DRAWS_DATED 4
#define DRAWS 6
#define DRAWS_SMALL 20 /* where one honest comment is more than 0.5 % */
#define SITES ((size_t)100)
#define SITES_TRIED (10 * SITES)
#define RETRAIN_LABELS 10000

static const size_t label_nr[] = { 0, 20, 200, 1000 };

#define LABELS_NR (sizeof(label_nr) / sizeof(label_nr[0]))

/* Mean recall over the draws of one site and number of labels. */
struct cell {
    bool given;
    size_t labels[2];
    double recall;   /* per cent, at 0.5 % false positives */
    double recall_1; /* at 1 % */
    double auc;
};

struct bench {
    const char *data;
    FILE *json;
    FILE *gnuplot;
    struct corpus corpus;
    struct folds folds;
    struct site_sim *sim; /* site_kind_nr */
    struct cell *cell[2]; /* [wrong labels?][site * LABELS_NR + i] */
};

/* Sites in order of time differ by where the past ends, others by lot. */
static struct cell measure(const struct site_sim *sim, size_t labels,
                           double wrong)
{
    size_t draws = sim->nr[0] < 1000 ? DRAWS_SMALL : DRAWS;
    struct cell cell = { .given = false };
    size_t nr = 0;

    if (sim->kind->dated)
        draws = DRAWS_DATED;
    for (size_t i = 0; i < draws; i++) {
        struct site_draw draw = {
            .seed = 1000 * (i + 1),
            .labels = labels,
            .wrong = wrong,
            .split = sim->kind->dated ? 0.5 + 0.05 * (double)i : 0.6,
        };
        struct site_result result;

        if (!site_sim_draw(sim, &draw, &result))
            continue;
        nr++;
        cell.recall += 100 * result.recall;
        cell.recall_1 += 100 * result.recall_1;
        cell.auc += result.auc;
        memcpy(cell.labels, result.labels, sizeof(cell.labels));
    }
    cell.given = nr > 0;
    cell.recall /= nr ? (double)nr : 1;
    cell.recall_1 /= nr ? (double)nr : 1;
    cell.auc /= nr ? (double)nr : 1;
    return cell;
}

static void print_row(const struct bench *bench, size_t site, int wrong)
{
    printf("%-10s", site_kind_list[site].name);
    for (size_t i = 0; i < LABELS_NR; i++) {
        const struct cell *cell = &bench->cell[wrong][site * LABELS_NR + i];

        if (cell->given)
            printf("  %4zu+%-4zu %5.1f %5.1f", cell->labels[0],
                   cell->labels[1], cell->recall, cell->recall_1);
        else
            printf("  %9s %5s %5s", "", "-", "-");
    }
    printf("\n");
}

static void print_json_row(const struct bench *bench, size_t site, int wrong)
{
    fprintf(bench->json, "%s{\"site\":\"%s\",\"wrong_labels\":%s,\"recall\":[",
            site || wrong ? "," : "", site_kind_list[site].name,
            wrong ? "0.05" : "0");
    for (size_t i = 0; i < LABELS_NR; i++) {
        const struct cell *cell = &bench->cell[wrong][site * LABELS_NR + i];

        fprintf(bench->json, i ? "," : "");
        if (cell->given)
            fprintf(bench->json,
                    "{\"labels\":%zu,\"ham\":%zu,\"spam\":%zu,"
                    "\"recall\":%.1f,\"recall_1\":%.1f,\"auc\":%.4f}",
                    label_nr[i], cell->labels[0], cell->labels[1],
                    cell->recall, cell->recall_1, cell->auc);
        else
            fprintf(bench->json, "null");
    }
    fprintf(bench->json, "]}\n");
}

/* Mean over the sites that have `i` and `against`. */
static double mean(const struct bench *bench, int wrong, size_t i,
                   size_t against)
{
    double total = 0;
    size_t nr = 0;

    for (size_t site = 0; site < site_kind_nr; site++) {
        const struct cell *cell = &bench->cell[wrong][site * LABELS_NR];

        if (!cell[i].given || !cell[against].given)
            continue;
        total += cell[i].recall;
        nr++;
    }
    return nr ? total / (double)nr : 0;
}

static void recall_table(struct bench *bench)
{
    fprintf(bench->json, "{\"recall_at_0.005\":[");
    for (int wrong = 0; wrong < 2; wrong++) {
        bench->cell[wrong] =
            xcalloc(site_kind_nr * LABELS_NR, sizeof(struct cell));
        printf("\nrecall at 0.5 and 1 %% false positives%s (honest + spam "
               "labels)\n",
               wrong ? ", one label in twenty wrong" : "");
        for (size_t site = 0; site < site_kind_nr; site++) {
            for (size_t i = 0; i < LABELS_NR; i++)
                bench->cell[wrong][site * LABELS_NR + i] =
                    measure(&bench->sim[site], label_nr[i], wrong ? 0.05 : 0);
            print_row(bench, site, wrong);
            print_json_row(bench, site, wrong);
            fflush(stdout);
        }
    }
    fprintf(bench->json, "]");
    for (size_t i = 1; i < LABELS_NR; i++)
        printf("%4zu labels, mean of the sites that have them: %.1f (0 "
               "labels: %.1f; with wrong ones: %.1f)\n",
               label_nr[i], mean(bench, 0, i, 0), mean(bench, 0, 0, i),
               mean(bench, 1, i, 0));
}

/* Sites of enough honest comments to see one in 200. */
static bool is_large(const struct site_sim *sim)
{
    return sim->nr[0] >= 2000;
}

struct kept {
    size_t sites;
    size_t marked_kept;
    size_t held_kept;
    double marked; /* mean share of honest comments */
    double waiting;
    double caught; /* mean share of spam */
    double recall;
};

static void keep_one(const struct site_sim *sim, size_t labels, uint64_t seed,
                     struct kept *kept)
{
    struct site_draw draw = {
        .seed = seed,
        .labels = labels,
        .ham_labels = labels * 3 / 4,
        .split = 0.3 + 0.04 * (double)(seed % 10),
        .ham_most = 1000,
    };
    struct site_result result;
    double ham;

    if (!site_sim_draw(sim, &draw, &result))
        return;
    ham = (double)result.ham;
    kept->sites++;
    kept->marked += (double)result.marked / ham;
    kept->waiting += (double)result.waiting / ham;
    kept->caught += result.caught;
    kept->recall += result.recall;
    kept->marked_kept +=
        (double)result.marked <= teach_promise_default.marked * ham;
    kept->held_kept +=
        (double)result.waiting <= teach_promise_default.held * ham;
    fprintf(stderr,
            "promise labels=%zu site=%s marked=%.4f held=%.4f caught=%.3f\n",
            labels, sim->kind->name, (double)result.marked / ham,
            (double)result.waiting / ham, result.caught);
}

static void promise_row(struct bench *bench, size_t labels)
{
    struct kept kept = { 0 };
    double sites;

    for (uint64_t seed = 1; kept.sites < SITES && seed < SITES_TRIED; seed++) {
        const struct site_sim *sim = &bench->sim[seed % site_kind_nr];

        if (is_large(sim))
            keep_one(sim, labels, seed, &kept);
    }
    sites = fmax(1, (double)kept.sites);
    printf("%6zu %6zu %8zu %8zu  %8.2f %8.2f %8.1f\n", labels, kept.sites,
           kept.marked_kept, kept.held_kept, 100 * kept.marked / sites,
           100 * kept.waiting / sites, 100 * kept.caught / sites);
    fprintf(bench->json,
            "%s{\"labels\":%zu,\"sites\":%zu,\"marked_kept\":%zu,"
            "\"held_kept\":%zu,\"marked\":%.5f,\"held\":%.5f,"
            "\"caught\":%.4f}\n",
            labels ? "," : "", labels, kept.sites, kept.marked_kept,
            kept.held_kept, kept.marked / sites, kept.waiting / sites,
            kept.caught / sites);
    fflush(stdout);
}

static void promise_table(struct bench *bench)
{
    static const size_t labels[] = { 0, 20, 200, 1000, 2000 };

    printf("\nthe promise: one honest comment in 200 marked, one in six "
           "held, at most\n%6s %6s %8s %8s  %8s %8s %8s\n",
           "labels", "sites", "marked", "held", "marked", "held", "spam");
    printf("%6s %6s %8s %8s  %8s %8s %8s\n", "", "", "kept", "kept", "%", "%",
           "caught %");
    fprintf(bench->json, ",\"promise\":[");
    for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
        promise_row(bench, labels[i]);
    fprintf(bench->json, "]");
}

/* From vectors to a layer, all the held-out stretches with it. */
static void retrain(struct bench *bench)
{
    for (size_t site = 0; site < site_kind_nr; site++) {
        struct site_draw draw = {
            .seed = 1,
            .labels = RETRAIN_LABELS,
            .split = 0.9,
        };
        struct site_result result;
        int64_t began = clock_steady_ms();

        if (!site_sim_draw(&bench->sim[site], &draw, &result))
            continue;
        printf("\nretraining on %d labels of %s: %.1f s\n", RETRAIN_LABELS,
               site_kind_list[site].name,
               (double)(clock_steady_ms() - began) / 1000);
        fprintf(bench->json, ",\"retrain_s\":%.2f",
                (double)(clock_steady_ms() - began) / 1000);
        return;
    }
}

/* One line a site, over the number of labels. */
static void picture(const struct bench *bench, const char *out)
{
    fprintf(bench->gnuplot,
            "set terminal svg size 760,420 font 'sans,12' background "
            "'white'\nset output '%s.svg'\nset key outside right\n"
            "set xlabel 'labels of the new site'\n"
            "set ylabel 'spam found at 0.5 %% false positives, %%'\n"
            "set yrange [0:100]\nset grid ytics lc rgb '#dddddd'\n"
            "set xtics ('0' 0, '20' 1, '200' 2, '1,000' 3)\n"
            "set xrange [-0.2:3.2]\nplot ",
            out);
    for (size_t site = 0; site < site_kind_nr; site++)
        fprintf(bench->gnuplot, "%s'-' with linespoints lw 2 title '%s'",
                site ? ", " : "", site_kind_list[site].name);
    fprintf(bench->gnuplot, "\n");
    for (size_t site = 0; site < site_kind_nr; site++) {
        for (size_t i = 0; i < LABELS_NR; i++)
            if (bench->cell[0][site * LABELS_NR + i].given)
                fprintf(bench->gnuplot, "%zu %.1f\n", i,
                        bench->cell[0][site * LABELS_NR + i].recall);
        fprintf(bench->gnuplot, "e\n");
    }
}

static enum error_code load(struct bench *bench, struct error *err)
{
    struct corpus_options options = {
        .directory = bench->data,
        .head = CORPUS_SPAM,
        .seed = 1,
    };
    enum error_code rc = corpus_load(&bench->corpus, &options, err);

    if (rc)
        return rc;
    folds_run(&bench->folds, &bench->corpus, &recipe_spam);
    bench->sim = xcalloc(site_kind_nr, sizeof(*bench->sim));
    for (size_t i = 0; !rc && i < site_kind_nr; i++) {
        rc = site_sim_load(&bench->sim[i], &site_kind_list[i], &bench->corpus,
                           &bench->folds, bench->data, COMMENTS_MOST, err);
        if (!rc)
            fprintf(stderr, "site=%s ham=%zu spam=%zu spam_at=%.4f\n",
                    site_kind_list[i].name, bench->sim[i].nr[0],
                    bench->sim[i].nr[1], bench->sim[i].spam_at);
    }
    return rc;
}

static bool open_outputs(struct bench *bench, const char *out)
{
    char path[4096];

    snprintf(path, sizeof(path), "%s.json", out);
    bench->json = fopen(path, "we");
    snprintf(path, sizeof(path), "%s.gnuplot", out);
    bench->gnuplot = fopen(path, "we");
    return bench->json && bench->gnuplot;
}

int main(int argc, char **argv)
{
    struct bench bench = { .data = argc > 1 ? argv[1] : "" };
    struct error err;

    if (argc != 3) {
        fputs("usage: learn_bench DATA OUT\n", stderr);
        return 2;
    }
    if (!open_outputs(&bench, argv[2])) {
        perror(argv[2]);
        return 1;
    }
    if (load(&bench, &err)) {
        fprintf(stderr, "%s\n", err.text);
        return 1;
    }
    recall_table(&bench);
    promise_table(&bench);
    retrain(&bench);
    fprintf(bench.json, "}\n");
    picture(&bench, argv[2]);
    fclose(bench.json);
    fclose(bench.gnuplot);
    for (size_t i = 0; i < site_kind_nr; i++)
        site_sim_release(&bench.sim[i]);
    folds_release(&bench.folds);
    corpus_release(&bench.corpus);
    return 0;
}
