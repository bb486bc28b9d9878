#include "memory/memory.h"

#include "base/arena.h"
#include "memory/evidence.h"
#include "memory/repute.h"
#include "memory/twins.h"
#include "text/normalise.h"

#include <check.h>
#include <math.h>
#include <stdio.h>

#define HOUR_MS ((int64_t)3600 * 1000)

static struct arena arena;
static struct memory *memory;

static void setup(void)
{
    arena_init(&arena);
    memory = memory_new();
}

static void teardown(void)
{
    memory_free(memory);
    arena_release(&arena);
}

static struct traces traces_of(struct comment comment)
{
    struct traces traces;

    traces_find(&traces, &arena, &comment, text_normalise(&arena, &comment));
    return traces;
}

static struct recall recall_of(struct comment comment)
{
    struct traces traces = traces_of(comment);
    struct recall recall;

    memory_recall(memory, &traces, &recall);
    return recall;
}

static void learn(struct comment comment, bool spam)
{
    struct traces traces = traces_of(comment);

    memory_learn(memory, &traces, spam, 1, HOUR_MS);
}

static void see(struct comment comment, int64_t at_ms)
{
    struct traces traces = traces_of(comment);

    memory_see(memory, &traces, at_ms);
}

#define CAMPAIGN                                                              \
    "Our family doubled its savings with this honest trader, write to "       \
    "him and tell him that Anna sent you, he answers every message"

static bool sketch_text(struct sketch *sketch, const char *text)
{
    struct comment comment = { .text = span_str(text) };

    return sketch_make(sketch, &text_normalise(&arena, &comment)->body.words);
}

static const struct {
    const char *text;
    bool near;
} sketch_case[] = {
    { CAMPAIGN, true },
    { CAMPAIGN "!!! Thank you", true },
    { "Our family doubled its savings with this honest broker, write to him "
      "and tell him that Maria sent you, he answers every message",
      true },
    { "Our family doubled its <b>SAVINGS</b> with this honest trader, write "
      "to him and tell him that Anna sent you, he answers every message",
      true },
    { "The ministry doubled its orders with this trader last year, and now "
      "every message from the front says that nothing has come",
      false },
    { "A wholly other comment that is about the article and nothing else",
      false },
};

START_TEST(test_sketch)
{
    struct sketch campaign;
    struct sketch other;

    ck_assert(sketch_text(&campaign, CAMPAIGN));
    ck_assert(sketch_text(&other, sketch_case[_i].text));
    ck_assert_int_eq(sketch_alike(&campaign, &other) >= SKETCH_NEAR,
                     sketch_case[_i].near);
}
END_TEST

START_TEST(test_sketch_short)
{
    struct sketch sketch;

    ck_assert(!sketch_text(&sketch, ""));
    ck_assert(!sketch_text(&sketch, "Thanks for sharing this post"));
    ck_assert(sketch_text(&sketch, "Thanks for sharing this great post"));
}
END_TEST

START_TEST(test_sketch_sums)
{
    struct sketch a;
    struct sketch b;

    ck_assert(sketch_text(&a, "I made $ 4,700 a week from my own home"));
    ck_assert(sketch_text(&b, "I made $ 9,100 a week from my own home"));
    ck_assert_uint_eq(sketch_alike(&a, &b), SKETCH_NR);
}
END_TEST

START_TEST(test_evidence)
{
    struct evidence none = { 0 };
    struct evidence spam = { 0 };
    struct evidence ham = { 0 };

    evidence_add(&spam, true, 1, HOUR_MS);
    evidence_add(&ham, false, 1, HOUR_MS);
    ck_assert_double_eq(evidence_log_odds(&none, 0.9, HOUR_MS), 0);
    ck_assert_double_eq_tol(evidence_log_odds(&spam, 0.5, HOUR_MS), log(3),
                            1e-9);
    ck_assert_double_eq_tol(evidence_log_odds(&ham, 0.5, HOUR_MS), -log(3),
                            1e-9);
    /* Where nearly all is spam, one more label of it says little. */
    ck_assert_double_lt(evidence_log_odds(&spam, 0.99, HOUR_MS), log(3));
    ck_assert_double_lt(evidence_log_odds(&ham, 0.99, HOUR_MS), -log(3));
}
END_TEST

START_TEST(test_evidence_fades)
{
    struct evidence forwards = { 0 };
    struct evidence backwards = { 0 };

    evidence_add(&forwards, true, 1, HOUR_MS);
    evidence_add(&forwards, false, 1, HOUR_MS + EVIDENCE_HALF_MS);
    evidence_add(&backwards, false, 1, HOUR_MS + EVIDENCE_HALF_MS);
    evidence_add(&backwards, true, 1, HOUR_MS);
    ck_assert_float_eq_tol(forwards.spam, 0.5F, 1e-6F);
    ck_assert_float_eq_tol(forwards.ham, 1, 1e-6F);
    ck_assert_float_eq_tol(backwards.spam, forwards.spam, 1e-6F);
    ck_assert_float_eq_tol(backwards.ham, forwards.ham, 1e-6F);
}
END_TEST

START_TEST(test_nothing_known)
{
    struct recall recall = recall_of((struct comment){
        .text = SPAN_LIT(CAMPAIGN " http://shop.example/"),
        .author = SPAN_LIT("Anna"),
        .author_email = SPAN_LIT("anna@mail.example"),
        .author_ip = SPAN_LIT("192.0.2.7"),
    });

    for (int i = 0; i < RECALL_NR; i++)
        ck_assert_double_eq(recall.value[i], 0);
}
END_TEST

START_TEST(test_twins)
{
    struct recall recall;

    learn((struct comment){ .text = SPAN_LIT(CAMPAIGN) }, true);
    recall = recall_of(
        (struct comment){ .text = SPAN_LIT(CAMPAIGN ". Really, I mean it") });
    ck_assert_double_gt(recall.value[RECALL_TWIN], 0);
    ck_assert_double_eq_tol(recall.labels[RECALL_TWIN], 1, 1e-6);
    ck_assert_double_eq(recall.value[RECALL_OFTEN], 0);
    recall = recall_of((struct comment){
        .text = SPAN_LIT("Quite another text, which nobody has labelled") });
    ck_assert_double_eq(recall.value[RECALL_TWIN], 0);
}
END_TEST

START_TEST(test_often)
{
    struct comment comment = {
        .id = SPAN_LIT("1"),
        .text = SPAN_LIT(CAMPAIGN),
        .author = SPAN_LIT("Anna"),
    };
    struct recall recall;

    see(comment, HOUR_MS);
    see(comment, HOUR_MS);
    recall = recall_of(comment);
    /* its own coming, twice for an edit, is none */
    ck_assert_double_eq(recall.value[RECALL_OFTEN], 0);
    comment.id = SPAN_LIT("2");
    recall = recall_of(comment);
    /* nor is the same again by the same author */
    ck_assert_double_eq(recall.value[RECALL_OFTEN], 0);
    comment.author = SPAN_LIT("Maria");
    recall = recall_of(comment);
    ck_assert_double_eq_tol(recall.value[RECALL_OFTEN], log(2), 1e-9);
    ck_assert_double_eq_tol(recall.value[RECALL_CROWD], log(2), 1e-9);
    see(comment, HOUR_MS + TWIN_HALF_MS);
    comment.id = SPAN_LIT("3");
    recall = recall_of(comment);
    ck_assert_double_eq_tol(recall.value[RECALL_OFTEN], log(2.5), 1e-9);
}
END_TEST

START_TEST(test_repute)
{
    struct comment comment = {
        .author_email = SPAN_LIT("Bob@Mail.example"),
        .author_ip = SPAN_LIT("192.0.2.7"),
        .author_url = SPAN_LIT("https://www.shop.example/x"),
        .author = SPAN_LIT("Bob"),
    };
    struct recall recall;

    learn(comment, true);
    comment.author_email = SPAN_LIT("bob@mail.example");
    recall = recall_of(comment);
    ck_assert_double_gt(recall.value[RECALL_EMAIL], 0);
    ck_assert_double_gt(recall.value[RECALL_IP], 0);
    ck_assert_double_gt(recall.value[RECALL_HOST], 0);
    ck_assert_double_gt(recall.value[RECALL_AUTHOR], 0);
    /* the narrow one speaks for the wide one */
    ck_assert_double_eq(recall.value[RECALL_MAIL_DOMAIN], 0);
    ck_assert_double_eq(recall.value[RECALL_NET], 0);
    ck_assert_double_eq(recall.value[RECALL_DOMAIN], 0);
    recall = recall_of((struct comment){
        .author_email = SPAN_LIT("eve@mail.example"),
        .author_ip = SPAN_LIT("192.0.2.8"),
        .author_url = SPAN_LIT("https://other.shop.example/"),
    });
    ck_assert_double_gt(recall.value[RECALL_MAIL_DOMAIN], 0);
    ck_assert_double_gt(recall.value[RECALL_NET], 0);
    ck_assert_double_gt(recall.value[RECALL_DOMAIN], 0);
    ck_assert_double_eq(recall.value[RECALL_EMAIL], 0);
}
END_TEST

START_TEST(test_addresses)
{
    struct recall recall;

    learn((struct comment){ .author_ip = SPAN_LIT("2001:db8:1::7") }, true);
    recall = recall_of(
        (struct comment){ .author_ip = SPAN_LIT("2001:0DB8:1:0::0007") });
    ck_assert_double_gt(recall.value[RECALL_IP], 0);
    recall = recall_of(
        (struct comment){ .author_ip = SPAN_LIT("2001:db8:1:ffff::1") });
    ck_assert_double_gt(recall.value[RECALL_NET], 0);
    recall = recall_of((struct comment){ .author_ip = SPAN_LIT("no.ip") });
    ck_assert_double_eq(recall.value[RECALL_NET], 0);
}
END_TEST

START_TEST(test_worst_host)
{
    struct recall recall;

    learn((struct comment){ .text = SPAN_LIT("http://good.example/a") },
          false);
    learn((struct comment){ .text = SPAN_LIT("http://bad.example/a") }, true);
    recall = recall_of((struct comment){
        .text = SPAN_LIT("http://good.example/b http://bad.example/b") });
    ck_assert_double_gt(recall.value[RECALL_HOST], 0);
    ck_assert(span_eq(recall.name[RECALL_HOST], SPAN_LIT("bad.example")));
}
END_TEST

/* Whatever is put in, it stays as large, and knows the newest. */
START_TEST(test_full)
{
    struct repute *repute = repute_new();

    for (uint64_t i = 1; i <= 1000000; i++)
        evidence_add(repute_get(repute, i * 0x9E3779B97F4A7C15ULL), true, 1,
                     (int64_t)i);
    ck_assert_ptr_nonnull(
        repute_find(repute, 1000000 * 0x9E3779B97F4A7C15ULL));
    ck_assert_ptr_null(repute_find(repute, 1 * 0x9E3779B97F4A7C15ULL));
    repute_free(repute);
}
END_TEST

START_TEST(test_twins_full)
{
    struct twins *twins = twins_new();
    struct sketch sketch = { { 0 } };

    for (uint32_t i = 1; i <= 200000; i++) {
        for (uint32_t k = 0; k < SKETCH_NR; k++)
            sketch.min[k] = (uint16_t)((i * 2654435761U) >> (k % 12));
        twins_get(twins, &sketch)->lately = i;
    }
    ck_assert_ptr_nonnull(twins_find(twins, &sketch));
    twins_free(twins);
}
END_TEST

Suite *memory_suite(void)
{
    Suite *s = suite_create("memory");
    TCase *tc = tcase_create("memory");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_sketch, 0,
                        sizeof(sketch_case) / sizeof(sketch_case[0]));
    tcase_add_test(tc, test_sketch_short);
    tcase_add_test(tc, test_sketch_sums);
    tcase_add_test(tc, test_evidence);
    tcase_add_test(tc, test_evidence_fades);
    tcase_add_test(tc, test_nothing_known);
    tcase_add_test(tc, test_twins);
    tcase_add_test(tc, test_often);
    tcase_add_test(tc, test_repute);
    tcase_add_test(tc, test_addresses);
    tcase_add_test(tc, test_worst_host);
    tcase_add_test(tc, test_full);
    tcase_add_test(tc, test_twins_full);
    suite_add_tcase(s, tc);
    return s;
}
