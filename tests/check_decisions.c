#include "store/store.h"

#include "store/event.h"
#include "support/cpu.h"
#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_begin(&d);
}

static void teardown(void)
{
    store_dir_remove(&d);
}

/* The only decision of the outbox, whole. */
static struct decision outbox_one(void)
{
    struct decision_list list = { NULL, 0 };

    must(&d, store_outbox(d.store, &d.arena, SPAN_LIT("blog"), 0, 10, &list,
                          &d.err));
    ck_assert_uint_eq(list.nr, 1);
    return list.decision[0];
}

#define same(a, b)                                                            \
    ck_assert_msg(span_eq(a, b), #a ": got \"%.*s\"", SPAN_ARG(a))

START_TEST(test_decisions_come_back_as_they_went)
{
    struct decision in =
        store_dir_decision(&d, "c\0d", "text", VERDICT_APPROVE);
    struct decision out;

    in.comment = SPAN_LIT("c\0d");
    in.author = SPAN_LIT("\0\xff\xfe'; DROP TABLE run; --");
    in.excerpt = SPAN_LIT("\xed\xa0\x80 \0");
    in.was = SPAN_LIT("");
    in.verdict.reason[1].evidence = SPAN_LIT("a\0b");
    in.verdict.reason[0].feature = SPAN_LIT("");
    must(&d, store_decide(d.store, &in, 1, &d.err));
    ck_assert_int_gt(in.id, 0);
    ck_assert_int_eq(in.state, DECISION_PENDING);
    store_dir_reopen(&d);
    out = outbox_one();
    ck_assert_int_eq(out.id, in.id);
    ck_assert_int_eq(out.run, d.run);
    ck_assert_int_eq(out.at_ms, 2000);
    ck_assert_str_eq(out.digest.hex, in.digest.hex);
    ck_assert_int_eq(out.state, DECISION_PENDING);
    same(out.site, in.site);
    same(out.comment, in.comment);
    same(out.was, in.was);
    same(out.author, in.author);
    same(out.excerpt, in.excerpt);
    same(out.detail, in.detail);
    ck_assert_int_eq(out.verdict.kind, VERDICT_APPROVE);
    ck_assert(out.verdict.p_spam == 0.75 && out.verdict.p_abuse == 0.125);
    same(out.verdict.model, in.verdict.model);
    ck_assert_uint_eq(out.verdict.nr, 2);
    for (size_t i = 0; i < 2; i++) {
        same(out.verdict.reason[i].feature, in.verdict.reason[i].feature);
        same(out.verdict.reason[i].evidence, in.verdict.reason[i].evidence);
        ck_assert(out.verdict.reason[i].weight == in.verdict.reason[i].weight);
    }
}
END_TEST

/* From none to all reasons, kept in their order. */
START_TEST(test_decisions_reasons)
{
    struct decision in = store_dir_decision(&d, "1", "text", VERDICT_SPAM);
    struct decision out;

    in.verdict.nr = (size_t)_i;
    for (size_t i = 0; i < in.verdict.nr; i++)
        in.verdict.reason[i] =
            (struct reason){ SPAN_LIT("f"), (double)i - 3, SPAN_LIT("") };
    must(&d, store_decide(d.store, &in, 1, &d.err));
    out = outbox_one();
    ck_assert_uint_eq(out.verdict.nr, in.verdict.nr);
    for (size_t i = 0; i < out.verdict.nr; i++)
        ck_assert(out.verdict.reason[i].weight == (double)i - 3);
}
END_TEST

START_TEST(test_decisions_long_text_is_cut)
{
    struct decision in = store_dir_decision(&d, "1", "text", VERDICT_SPAM);
    size_t len = (size_t)1 << 20;
    char *mega = malloc(len);
    struct span text = { mega, len };
    struct decision out;

    memset(mega, '<', len);
    in.author = text;
    in.excerpt = text;
    in.verdict.reason[0].evidence = text;
    must(&d, store_decide(d.store, &in, 1, &d.err));
    store_dir_settle(&d, in.id, DECISION_PENDING, "");
    must(&d, store_settle(
                 d.store,
                 &(struct settlement){ in.id, DECISION_PENDING, text, { "" } },
                 1, 1, &d.err));
    out = outbox_one();
    ck_assert_uint_eq(out.author.len, DECISION_AUTHOR_MAX);
    ck_assert_uint_eq(out.excerpt.len, DECISION_EXCERPT_MAX);
    ck_assert_uint_eq(out.verdict.reason[0].evidence.len,
                      DECISION_EVIDENCE_MAX);
    ck_assert_uint_eq(out.detail.len, DECISION_DETAIL_MAX);
    free(mega);
}
END_TEST

START_TEST(test_decisions_hold_is_kept)
{
    struct decision in = store_dir_decision(&d, "1", "text", VERDICT_HOLD);
    struct decision_list list;

    must(&d, store_decide(d.store, &in, 1, &d.err));
    ck_assert_int_eq(in.state, DECISION_KEPT);
    ck_assert_int_eq(store_dir_get(&d, in.id).state, DECISION_KEPT);
    must(&d, store_outbox(d.store, &d.arena, SPAN_LIT("blog"), 0, 10, &list,
                          &d.err));
    ck_assert_uint_eq(list.nr, 0);
}
END_TEST

START_TEST(test_decisions_none)
{
    must(&d, store_decide(d.store, NULL, 0, &d.err));
    must(&d, store_settle(d.store, NULL, 0, 1, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 0);
}
END_TEST

START_TEST(test_decisions_supersede)
{
    int64_t first = store_dir_decide(&d, "1", "old", VERDICT_SPAM);
    int64_t other = store_dir_decide(&d, "2", "old", VERDICT_SPAM);
    int64_t applied = store_dir_decide(&d, "3", "old", VERDICT_SPAM);
    struct decision elsewhere =
        store_dir_decision(&d, "1", "new", VERDICT_SPAM);
    int64_t second;

    elsewhere.site = SPAN_LIT("news");
    must(&d, store_decide(d.store, &elsewhere, 1, &d.err));
    store_dir_settle(&d, applied, DECISION_APPLIED, "");
    second = store_dir_decide(&d, "1", "new", VERDICT_HOLD);
    store_dir_decide(&d, "3", "new", VERDICT_APPROVE);

    ck_assert_int_eq(store_dir_get(&d, first).state, DECISION_SKIPPED);
    must_eq(store_dir_get(&d, first).detail, "superseded by a newer verdict");
    ck_assert_int_eq(store_dir_get(&d, second).state, DECISION_KEPT);
    ck_assert_int_eq(store_dir_get(&d, other).state, DECISION_PENDING);
    ck_assert_int_eq(store_dir_get(&d, applied).state, DECISION_APPLIED);
    ck_assert_int_eq(store_dir_get(&d, elsewhere.id).state, DECISION_PENDING);
}
END_TEST

START_TEST(test_decisions_supersede_in_one_call)
{
    struct decision in[] = {
        store_dir_decision(&d, "1", "a", VERDICT_SPAM),
        store_dir_decision(&d, "2", "a", VERDICT_SPAM),
        store_dir_decision(&d, "1", "b", VERDICT_APPROVE),
    };

    must(&d, store_decide(d.store, in, 3, &d.err));
    ck_assert_int_eq(in[0].state, DECISION_SKIPPED);
    ck_assert_int_eq(in[1].state, DECISION_PENDING);
    ck_assert_int_eq(in[2].state, DECISION_PENDING);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(store_dir_get(&d, in[i].id).state, in[i].state);
}
END_TEST

/* The third of three is of a run that never was: none is remembered. */
START_TEST(test_decisions_all_or_nothing)
{
    int64_t old = store_dir_decide(&d, "1", "a", VERDICT_SPAM);
    struct decision in[] = {
        store_dir_decision(&d, "1", "b", VERDICT_SPAM),
        store_dir_decision(&d, "2", "b", VERDICT_SPAM),
        store_dir_decision(&d, "3", "b", VERDICT_SPAM),
    };

    in[2].run = 99;
    ck_assert_int_eq(store_decide(d.store, in, 3, &d.err), ERROR_STORE);
    for (size_t i = 0; i < 3; i++)
        ck_assert_int_eq(in[i].id, 0);
    ck_assert_uint_eq(store_dir_count(&d), 1);
    ck_assert_int_eq(store_dir_get(&d, old).state, DECISION_PENDING);

    in[2].run = d.run;
    must(&d, store_decide(d.store, in, 3, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 4);
}
END_TEST

/* Of what is within another, a part that fails takes all of that with it. */
START_TEST(test_decisions_within)
{
    struct decision good = store_dir_decision(&d, "1", "a", VERDICT_SPAM);
    struct decision bad = store_dir_decision(&d, "2", "a", VERDICT_SPAM);

    bad.run = 99;
    must(&d, store_begin(d.store, &d.err));
    must(&d, store_decide(d.store, &good, 1, &d.err));
    must(&d, store_begin(d.store, &d.err));
    must(&d, store_decide(d.store, &good, 1, &d.err));
    ck_assert_int_eq(store_decide(d.store, &bad, 1, &d.err), ERROR_STORE);
    must_fail(&d, store_end(d.store, ERROR_NONE, &d.err), "taken back");
    must(&d, store_begin(d.store, &d.err));
    must(&d, store_decide(d.store, &good, 1, &d.err));
    must(&d, store_end(d.store, ERROR_NONE, &d.err));
    must(&d, store_end(d.store, ERROR_NONE, &d.err));
    ck_assert_uint_eq(store_dir_count(&d), 2);
}
END_TEST

static bool knows(const char *comment, const char *text, const char *model)
{
    struct digest digest = digest_of(span_str(text));
    bool known = false;

    must(&d, store_knows(d.store, SPAN_LIT("blog"), span_str(comment), &digest,
                         span_str(model), &known, &d.err));
    return known;
}

START_TEST(test_decisions_know)
{
    struct digest digest = digest_of(SPAN_LIT("text"));
    bool known = true;

    ck_assert(!knows("1", "text", "m1"));
    store_dir_decide(&d, "1", "text", VERDICT_HOLD);
    ck_assert(knows("1", "text", "m1"));
    ck_assert(!knows("1", "edited", "m1"));
    ck_assert(!knows("1", "text", "m2"));
    ck_assert(!knows("2", "text", "m1"));
    must(&d, store_knows(d.store, SPAN_LIT("news"), SPAN_LIT("1"), &digest,
                         SPAN_LIT("m1"), &known, &d.err));
    ck_assert(!known);
    store_dir_reopen(&d);
    ck_assert(knows("1", "text", "m1"));
}
END_TEST

static const enum decision_state known_state[] = {
    DECISION_PENDING, DECISION_APPLIED, DECISION_KEPT,   DECISION_SKIPPED,
    DECISION_GONE,    DECISION_FAILED,  DECISION_UNDONE,
};

START_TEST(test_decisions_know_in_any_state)
{
    int64_t id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);

    store_dir_settle(&d, id, known_state[_i], "");
    ck_assert(knows("1", "text", "m1"));
}
END_TEST

/* Edited, judged, edited back: judged again, unless a person undid it. */
START_TEST(test_decisions_know_the_newest)
{
    int64_t id = store_dir_decide(&d, "1", "a", VERDICT_SPAM);
    struct decision other_model =
        store_dir_decision(&d, "1", "b", VERDICT_HOLD);

    other_model.verdict.model = SPAN_LIT("m2");
    must(&d, store_decide(d.store, &other_model, 1, &d.err));
    ck_assert(knows("1", "a", "m1"));
    store_dir_decide(&d, "1", "b", VERDICT_SPAM);
    ck_assert(!knows("1", "a", "m1"));
    ck_assert(knows("1", "b", "m1"));
    store_dir_settle(&d, id, DECISION_UNDONE, "");
    ck_assert(knows("1", "a", "m1"));
}
END_TEST

START_TEST(test_decisions_settle)
{
    int64_t id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);

    store_dir_settle(&d, id, DECISION_PENDING, "status 503");
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_PENDING);
    must_eq(store_dir_get(&d, id).detail, "status 503");
    store_dir_settle(&d, id, DECISION_APPLIED, "");
    store_dir_reopen(&d);
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_APPLIED);
    must_eq(store_dir_get(&d, id).detail, "");

    /* Late words do not bring it back to the outbox, nor redo it. */
    store_dir_settle(&d, id, DECISION_PENDING, "status 503");
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_APPLIED);
    store_dir_settle(&d, id, DECISION_UNDONE, "");
    store_dir_settle(&d, id, DECISION_APPLIED, "");
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_UNDONE);
}
END_TEST

/* A site that rewrites a text when it stores it again has not edited it. */
START_TEST(test_decisions_settle_content_rewritten)
{
    struct settlement settled = {
        .decision = store_dir_decide(&d, "1", "a & b", VERDICT_SPAM),
        .state = DECISION_APPLIED,
        .digest = digest_of(SPAN_LIT("a &amp; b")),
    };

    must(&d, store_settle(d.store, &settled, 1, 1000, &d.err));
    ck_assert(knows("1", "a &amp; b", "m1"));
    ck_assert_msg(!knows("1", "a & b", "m1"), "that would be an edit");
}
END_TEST

/* The person who undid it has the word, whatever model comes next. */
START_TEST(test_decisions_undone_is_known_to_all_models)
{
    int64_t id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);

    ck_assert(!knows("1", "text", "m2"));
    store_dir_settle(&d, id, DECISION_UNDONE, "");
    ck_assert(knows("1", "text", "m2"));
    ck_assert(!knows("1", "edited", "m2"));
}
END_TEST

START_TEST(test_decisions_settle_all_or_nothing)
{
    int64_t id = store_dir_decide(&d, "1", "text", VERDICT_SPAM);
    struct settlement settlement[] = {
        { id, DECISION_APPLIED, SPAN_LIT(""), { "" } },
        { 99, DECISION_APPLIED, SPAN_LIT(""), { "" } },
    };

    must_fail(&d, store_settle(d.store, settlement, 2, 1, &d.err),
              "there is no decision 99");
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_PENDING);
    must(&d, store_settle(d.store, settlement, 1, 1, &d.err));
    ck_assert_int_eq(store_dir_get(&d, id).state, DECISION_APPLIED);
}
END_TEST

#define MANY 10000
#define BATCH 100
#define MANY_MS_MAX 30000

START_TEST(test_decisions_many)
{
    static char id[BATCH][16];
    struct decision batch[BATCH];
    int64_t began = cpu_ms();

    for (int at = 0; at < MANY; at += BATCH) {
        for (int i = 0; i < BATCH; i++) {
            snprintf(id[i], sizeof(id[i]), "%d", at + i);
            batch[i] = store_dir_decision(&d, id[i], id[i], VERDICT_SPAM);
        }
        must(&d, store_decide(d.store, batch, BATCH, &d.err));
    }
    ck_assert(knows("9999", "9999", "m1"));
    ck_assert(!knows("10000", "10000", "m1"));
    ck_assert_uint_eq(store_dir_count(&d), MANY);
    ck_assert_int_lt(cpu_ms() - began, MANY_MS_MAX);
}
END_TEST

Suite *decisions_suite(void)
{
    Suite *s = suite_create("decisions");
    TCase *tc = tcase_create("decisions");

    tcase_set_timeout(tc, 60);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_decisions_come_back_as_they_went);
    tcase_add_loop_test(tc, test_decisions_reasons, 0,
                        VERDICT_REASONS_MAX + 1);
    tcase_add_test(tc, test_decisions_long_text_is_cut);
    tcase_add_test(tc, test_decisions_hold_is_kept);
    tcase_add_test(tc, test_decisions_none);
    tcase_add_test(tc, test_decisions_supersede);
    tcase_add_test(tc, test_decisions_supersede_in_one_call);
    tcase_add_test(tc, test_decisions_all_or_nothing);
    tcase_add_test(tc, test_decisions_within);
    tcase_add_test(tc, test_decisions_know);
    tcase_add_loop_test(tc, test_decisions_know_in_any_state, 0,
                        sizeof(known_state) / sizeof(known_state[0]));
    tcase_add_test(tc, test_decisions_know_the_newest);
    tcase_add_test(tc, test_decisions_settle);
    tcase_add_test(tc, test_decisions_settle_content_rewritten);
    tcase_add_test(tc, test_decisions_undone_is_known_to_all_models);
    tcase_add_test(tc, test_decisions_settle_all_or_nothing);
    tcase_add_test(tc, test_decisions_many);
    suite_add_tcase(s, tc);
    return s;
}
