/*
 * How long the moderators' page waits for its lists with 100,000 judgements
 * in the store: each list asked as the page asks for it, ten times, the
 * slowest counted. Fails when one takes longer than 50 ms.
 *
 *     lists STORE      STORE is made, filled and left there
 */
#include "base/buf.h"
#include "base/clock.h"
#include "store/search.h"
#include "store/waiting.h"

#include <stdio.h>
#include <stdlib.h>

#define JUDGEMENTS 100000
#define BATCH 1000
#define TIMES 10
#define MOST_MS 50.0
#define WORDS 5000
#define DAY_MS ((int64_t)24 * 3600 * 1000)

static uint64_t lot = 20261128;

static uint32_t draw(uint32_t below)
{
    lot ^= lot << 13;
    lot ^= lot >> 7;
    lot ^= lot << 17;
    return (uint32_t)(lot >> 32) % below;
}

/* Common words are common: the product of two draws. */
static void put_words(struct buf *out, size_t nr)
{
    for (size_t i = 0; i < nr; i++)
        buf_addf(out, "%sword%u", i ? " " : "",
                 draw(1 + draw(1 + draw(WORDS))));
}

static void must(enum error_code rc, const struct error *err)
{
    if (!rc)
        return;
    fprintf(stderr, "%s\n", err->text);
    exit(1);
}

static struct decision make(struct arena *arena, int64_t run, size_t i)
{
    struct buf text;
    struct span words;
    size_t sort = draw(100);
    enum verdict_kind kind = sort < 60   ? VERDICT_APPROVE
                             : sort < 98 ? VERDICT_SPAM
                                         : VERDICT_HOLD;
    struct decision d = {
        .run = run,
        .at_ms = 1700000000000 + (int64_t)i * 60000,
        .site = draw(4) ? SPAN_LIT("blog") : SPAN_LIT("news"),
        .comment = arena_printf(arena, "%zu", i),
        .was = SPAN_LIT("hold"),
        .author = arena_printf(arena, "Author %u", draw(20000)),
        .state = DECISION_ANSWERED,
        .verdict = { .kind = kind,
                     .p_spam = draw(1000) / 1000.0,
                     .model = draw(2) ? SPAN_LIT("m1") : SPAN_LIT("m2"),
                     .nr = 3 },
        .person = arena_printf(arena, "%032u", draw(20000)),
        .campaign = draw(3) ? 0 : 1 + draw(2000),
    };

    buf_init(&text, (size_t)1 << 16);
    put_words(&text, 10 + draw(80));
    words = arena_dup(arena, buf_span(&text));
    buf_release(&text);
    d.excerpt = span_cut(words, 0, 160);
    d.digest = digest_of(words);
    d.content = (struct content){
        .host = draw(3) ? SPAN_LIT("")
                        : arena_printf(arena, "shop%u.example", draw(3000)),
        .author = d.author,
        .text = words,
        .comment = arena_printf(arena, "{\"text\":\"%.*s\"}", SPAN_ARG(words)),
    };
    for (size_t r = 0; r < d.verdict.nr; r++)
        d.verdict.reason[r] =
            (struct reason){ arena_printf(arena, "feature_%u",
                                          draw(1 + draw(60))),
                             1.0, SPAN_LIT("word1") };
    return d;
}

static void fill(struct store *store)
{
    static struct decision batch[BATCH];
    struct arena arena;
    struct error err;
    int64_t run;

    arena_init(&arena);
    must(store_run_begin(store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1, &run,
                         &err),
         &err);
    for (size_t i = 0; i < JUDGEMENTS; i += BATCH) {
        for (size_t j = 0; j < BATCH; j++)
            batch[j] = make(&arena, run, i + j);
        must(store_decide(store, batch, BATCH, &err), &err);
        arena_reset(&arena);
    }
    arena_release(&arena);
}

#define W(text)                                                               \
    {                                                                         \
        text, sizeof(text) - 1                                                \
    }
#define SINCE_MS ((int64_t)1700000000000 + 20 * DAY_MS)

static const struct {
    const char *name;
    struct search search;
} ask[] = {
    { "the newest", { .limit = 50 } },
    { "an old page", { .before = 500, .limit = 50 } },
    { "spam", { .has_kind = true, .kind = VERDICT_SPAM, .limit = 50 } },
    { "held at news, by m2",
      { .has_kind = true,
        .kind = VERDICT_HOLD,
        .site = W("news"),
        .model = W("m2"),
        .limit = 50 } },
    { "of an unknown model", { .model = W("m9"), .limit = 50 } },
    { "spam of an unknown model",
      { .has_kind = true,
        .kind = VERDICT_SPAM,
        .model = W("m9"),
        .limit = 50 } },
    { "of an unknown site", { .site = W("other"), .limit = 50 } },
    { "a common word", { .words = W("word1"), .limit = 50 } },
    { "a rare word", { .words = W("word4711"), .limit = 50 } },
    { "the beginning of words", { .words = W("word47*"), .limit = 50 } },
    { "two words", { .words = W("word17 word4"), .limit = 50 } },
    { "a common word, never held",
      { .words = W("word0"),
        .has_kind = true,
        .kind = VERDICT_HOLD,
        .site = W("other"),
        .limit = 50 } },
    { "an author", { .author = W("Author 77"), .limit = 50 } },
    { "a host", { .host = W("shop7.example"), .limit = 50 } },
    { "a common reason", { .reason = W("feature_0"), .limit = 50 } },
    { "a rare reason", { .reason = W("feature_59"), .limit = 50 } },
    { "a reason at an unknown site",
      { .reason = W("feature_0"), .site = W("other"), .limit = 50 } },
    { "one day, long ago",
      { .since_ms = SINCE_MS, .until_ms = SINCE_MS + DAY_MS, .limit = 50 } },
    { "corrected", { .corrected = true, .limit = 50 } },
};

static bool slowest(const char *name, double ms, size_t rows)
{
    printf("%-28s %7.1f ms %4zu rows%s\n", name, ms, rows,
           ms > MOST_MS ? "  TOO SLOW" : "");
    return ms <= MOST_MS;
}

static bool ask_all(struct store *store)
{
    struct arena arena;
    struct error err;
    bool good = true;

    arena_init(&arena);
    for (size_t i = 0; i < sizeof(ask) / sizeof(ask[0]); i++) {
        struct decision_list list = { NULL, 0 };
        double worst = 0;

        for (int t = 0; t < TIMES; t++) {
            int64_t began = clock_steady_us();
            double ms;

            must(search_find(store, &arena, &ask[i].search, &list, &err),
                 &err);
            ms = (double)(clock_steady_us() - began) / 1000;
            worst = ms > worst ? ms : worst;
        }
        good = slowest(ask[i].name, worst, list.nr) && good;
        arena_reset(&arena);
    }
    arena_release(&arena);
    return good;
}

static bool count_one(void *context, const struct waiting *waiting)
{
    (void)waiting;
    (*(size_t *)context)++;
    return true;
}

static bool ask_waiting(struct store *store)
{
    double worst = 0;
    size_t nr = 0;
    struct error err;

    for (int t = 0; t < TIMES; t++) {
        int64_t began = clock_steady_us();
        double ms;

        nr = 0;
        must(waiting_each(store, SPAN_LIT(""), 5000, count_one, &nr, &err),
             &err);
        ms = (double)(clock_steady_us() - began) / 1000;
        worst = ms > worst ? ms : worst;
    }
    return slowest("all that wait", worst, nr);
}

int main(int argc, char **argv)
{
    struct store *store;
    struct error err;
    int64_t began = clock_steady_ms();
    bool good;

    if (argc != 2) {
        fprintf(stderr, "usage: lists STORE\n");
        return 2;
    }
    must(store_open(&store, argv[1], &err), &err);
    fill(store);
    printf("%d judgements remembered in %.1f s\n", JUDGEMENTS,
           (double)(clock_steady_ms() - began) / 1000);
    good = ask_all(store);
    good = ask_waiting(store) && good;
    store_close(store);
    return good ? 0 : 1;
}
