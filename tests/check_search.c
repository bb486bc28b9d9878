#include "store/search.h"

#include "store/event.h"
#include "store/label.h"
#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;

static void add(const char *author, const char *host, const char *text,
                enum verdict_kind kind, const char *feature, int64_t at_ms)
{
    static int nr;
    struct decision decision = store_dir_decision(
        &d, arena_printf(&d.arena, "%d", ++nr).ptr, text, kind);

    decision.at_ms = at_ms;
    decision.author = span_str(author);
    decision.person = span_str(author);
    decision.content = (struct content){ span_str(host), span_str(author),
                                         span_str(text), SPAN_LIT("{}") };
    decision.verdict.reason[0].feature = span_str(feature);
    decision.verdict.reason[1].feature = span_str(feature);
    must(&d, store_decide(d.store, &decision, 1, &d.err));
}

#define HOUR_MS ((int64_t)3600 * 1000)

static void setup(void)
{
    store_dir_begin(&d);
    add("Ann", "", "The frigate was late", VERDICT_APPROVE, "links",
        10 * HOUR_MS);
    add("Bob Ross", "shop.example other.example", "Cheap watches, the best",
        VERDICT_SPAM, "links", 20 * HOUR_MS);
    add("ann", "", "Caf\xc3\xa9 \"OR\" bar", VERDICT_HOLD, "word",
        30 * HOUR_MS);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

#define W(text)                                                               \
    {                                                                         \
        text, sizeof(text) - 1                                                \
    }

static const struct {
    struct search search;
    const char *want; /* numbers of what is found, in order */
} search_case[] = {
    { { .limit = 9 }, "321" },
    { { .limit = 2 }, "32" },
    { { .before = 3, .limit = 9 }, "21" },
    { { .words = W("frigate"), .limit = 9 }, "1" },
    { { .words = W("FRIGATE late"), .limit = 9 }, "1" },
    { { .words = W("frigate watches"), .limit = 9 }, "" },
    { { .words = W("frig"), .limit = 9 }, "" },
    { { .words = W("friga*"), .limit = 9 }, "1" },
    { { .words = W("the"), .limit = 9 }, "21" },
    { { .words = W("cafe"), .limit = 9 }, "3" },
    { { .words = W("ann"), .limit = 9 }, "31" },
    { { .words = W("shop.example"), .limit = 9 }, "2" },
    { { .author = W("bob"), .limit = 9 }, "2" },
    { { .author = W("frigate"), .limit = 9 }, "" },
    { { .host = W("other.example"), .limit = 9 }, "2" },
    { { .host = W("example"), .words = W("cheap"), .limit = 9 }, "2" },
    { { .has_kind = true, .kind = VERDICT_HOLD, .limit = 9 }, "3" },
    { { .reason = W("links"), .limit = 9 }, "21" },
    { { .reason = W("links"), .words = W("ann"), .limit = 9 }, "1" },
    { { .reason = W("links"), .before = 2, .limit = 9 }, "1" },
    { { .site = W("blog"), .model = W("m1"), .limit = 9 }, "321" },
    { { .site = W("news"), .limit = 9 }, "" },
    { { .since_ms = 20 * HOUR_MS, .limit = 9 }, "32" },
    { { .since_ms = 20 * HOUR_MS, .until_ms = 21 * HOUR_MS, .limit = 9 },
      "2" },
    { { .until_ms = 1, .limit = 9 }, "" },
    /* No operators, and nothing that ends a string. */
    { { .words = W("frigate OR watches"), .limit = 9 }, "" },
    { { .words = W("\"OR\""), .limit = 9 }, "3" },
    { { .words = W("\" OR text:the*"), .limit = 9 }, "" },
    { { .words = W("NEAR( ^ - +"), .limit = 9 }, "" },
    { { .words = W("!!! ()"), .limit = 9 }, "" },
    { { .words = W("*"), .limit = 9 }, "" },
};

START_TEST(test_search_find)
{
    struct decision_list list;
    char got[16] = "";

    must(&d, search_find(d.store, &d.arena, &search_case[_i].search, &list,
                         &d.err));
    for (size_t i = 0; i < list.nr; i++)
        got[i] = (char)('0' + list.decision[i].id);
    ck_assert_str_eq(got, search_case[_i].want);
}
END_TEST

#define MANY 4500

static struct decision_list find(const char *words, int64_t before)
{
    const struct search search = { .words = span_str(words),
                                   .before = before,
                                   .limit = 9 };
    struct decision_list list;

    must(&d, search_find(d.store, &d.arena, &search, &list, &d.err));
    return list;
}

/* Few have the word, and far back; or many, and the newest come first. */
START_TEST(test_search_far_back)
{
    struct decision_list list;

    must(&d, store_begin(d.store, &d.err));
    for (int i = 0; i < MANY; i++)
        add("Cy", "", "a kind word", VERDICT_APPROVE, "links", 40 * HOUR_MS);
    must(&d, store_end(d.store, ERROR_NONE, &d.err));
    list = find("frigate", 0);
    ck_assert_uint_eq(list.nr, 1);
    ck_assert_int_eq(list.decision[0].id, 1);
    list = find("the", 0);
    ck_assert_uint_eq(list.nr, 2);
    ck_assert_int_eq(list.decision[0].id, 2);
    list = find("kind", 0);
    ck_assert_uint_eq(list.nr, 9);
    ck_assert_int_eq(list.decision[0].id, MANY + 3);
    list = find("kind", 100);
    ck_assert_uint_eq(list.nr, 9);
    ck_assert_int_eq(list.decision[8].id, 91);
}
END_TEST

/* What a person asked to be forgotten is found no more. */
START_TEST(test_search_erased)
{
    const struct search search = { .words = SPAN_LIT("cheap"), .limit = 9 };
    struct decision_list list;
    struct erased erased;

    must(&d, store_erase(d.store, SPAN_LIT("Bob Ross"),
                         SPAN_LIT("b@b.example"), 1, &erased, &d.err));
    must(&d, search_find(d.store, &d.arena, &search, &list, &d.err));
    ck_assert_uint_eq(list.nr, 0);
    must(&d, search_find(
                 d.store, &d.arena,
                 &(struct search){ .words = SPAN_LIT("frigate"), .limit = 9 },
                 &list, &d.err));
    ck_assert_uint_eq(list.nr, 1);
}
END_TEST

static void join(void *context, struct span value)
{
    struct span *all = context;

    *all =
        arena_printf(&d.arena, "%.*s,%.*s", SPAN_ARG(*all), SPAN_ARG(value));
}

START_TEST(test_search_facets)
{
    struct span all = SPAN_LIT("");

    must(&d, search_facet_each(d.store, SEARCH_MODELS, join, &all, &d.err));
    must(&d, search_facet_each(d.store, SEARCH_REASONS, join, &all, &d.err));
    must_eq(all, ",m1,links,word");
}
END_TEST

Suite *search_suite(void)
{
    Suite *s = suite_create("search");
    TCase *tc = tcase_create("search");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_search_find, 0,
                        sizeof(search_case) / sizeof(search_case[0]));
    tcase_add_test(tc, test_search_far_back);
    tcase_add_test(tc, test_search_erased);
    tcase_add_test(tc, test_search_facets);
    suite_add_tcase(s, tc);
    return s;
}
