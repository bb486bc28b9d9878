#include "policy/policy.h"

#include <check.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const struct {
    double approve_below, spam_at, abuse_hold_at;
    const char *names; /* NULL: nothing is wrong */
} check_case[] = {
    { 0.2, 0.9, 0.5, NULL },
    { 0, 0, 0, NULL },
    { 1, 1, 1, NULL },
    { 0.5, 0.5, 0.5, NULL },
    { -0.1, 0.9, 0.5, "approve_below" },
    { 0.1, 1.1, 0.5, "spam_at" },
    { 0.1, 0.9, -1, "abuse_hold_at" },
    { 0.9, 0.2, 0.5, "approve_below" },
    { NAN, 0.9, 0.5, "approve_below" },
    { 0.1, NAN, 0.5, "spam_at" },
    { 0.1, 0.9, INFINITY, "abuse_hold_at" },
};

START_TEST(test_policy_check)
{
    const struct policy policy = {
        .approve_below = check_case[_i].approve_below,
        .spam_at = check_case[_i].spam_at,
        .abuse_hold_at = check_case[_i].abuse_hold_at,
    };
    const char *names = check_case[_i].names;
    struct error err = { 0 };

    ck_assert_int_eq(policy_check(&policy, &err),
                     names ? ERROR_CONFIG : ERROR_NONE);
    if (names)
        ck_assert_msg(span_starts(span_str(err.text), span_str(names)), "%s",
                      err.text);
}
END_TEST

/* Thresholds 0.2, 0.9 and 0.5; the lists hold "bad" and "good" as words. */
static const struct {
    const char *text;
    double p_spam, p_abuse;
    bool approve;
    const char *doubt;
    enum verdict_kind kind;
    const char *rule;   /* the last step */
    const char *reason; /* the first reason; NULL: none was added */
} decide_case[] = {
    { "hello", 0.1, 0.1, true, "", VERDICT_APPROVE, "approve", NULL },
    { "hello", 0.1, 0.1, false, "", VERDICT_HOLD, "approve", NULL },
    { "hello", 0.2, 0.1, true, "", VERDICT_HOLD, "approve_below", NULL },
    { "hello", 0.5, 0.1, true, "", VERDICT_HOLD, "approve_below", NULL },
    { "hello", 0.9, 0.1, true, "", VERDICT_SPAM, "spam_at", NULL },
    { "hello", 1.0, 0.1, true, "", VERDICT_SPAM, "spam_at", NULL },
    /* Abuse is held, however much it looks like spam or like nothing. */
    { "hello", 1.0, 0.5, true, "", VERDICT_HOLD, "abuse_hold_at", NULL },
    { "hello", 0.0, 1.0, true, "", VERDICT_HOLD, "abuse_hold_at", NULL },
    { "hello", 0.0, 0.499, true, "", VERDICT_APPROVE, "approve", NULL },
    /* Doubt turns approve and spam into hold. */
    { "hello", 0.1, 0.1, true, "too_long", VERDICT_HOLD, "doubt", "too_long" },
    { "hello", 1.0, 0.1, true, "too_long", VERDICT_HOLD, "doubt", "too_long" },
    /* The owner's word comes before all of it, and deny before allow. */
    { "bad", 0.0, 0.0, true, "", VERDICT_SPAM, "deny_list", "deny_list" },
    { "bad", 0.0, 1.0, true, "too_long", VERDICT_SPAM, "deny_list",
      "deny_list" },
    { "good", 1.0, 1.0, true, "too_long", VERDICT_APPROVE, "allow_list",
      "allow_list" },
    { "good bad", 0.0, 0.0, true, "", VERDICT_SPAM, "deny_list", "deny_list" },
    { "good", 0.0, 0.0, false, "", VERDICT_HOLD, "allow_list", "allow_list" },
    /* What is no number is doubt. */
    { "hello", NAN, 0.0, true, "", VERDICT_HOLD, "approve_below", NULL },
    { "hello", 0.0, NAN, true, "", VERDICT_HOLD, "abuse_hold_at", NULL },
};

static struct lists *make_lists(void)
{
    char allow[] = "/tmp/sluice-allow-XXXXXX";
    char deny[] = "/tmp/sluice-deny-XXXXXX";
    int allow_fd = mkstemp(allow);
    int deny_fd = mkstemp(deny);
    struct lists *lists;
    struct error err;

    dprintf(allow_fd, "word:good\n");
    dprintf(deny_fd, "word:bad\n");
    close(allow_fd);
    close(deny_fd);
    ck_assert_msg(!lists_load(&lists, allow, deny, &err), "%s", err.text);
    unlink(allow);
    unlink(deny);
    return lists;
}

START_TEST(test_policy_decide)
{
    struct lists *lists = make_lists();
    const struct policy policy = {
        .approve_below = 0.2,
        .spam_at = 0.9,
        .abuse_hold_at = 0.5,
        .approve = decide_case[_i].approve,
        .lists = lists,
    };
    const struct comment comment = { .text = span_str(decide_case[_i].text) };
    const struct policy_doubt doubt = { span_str(decide_case[_i].doubt),
                                        SPAN_LIT("evidence") };
    const struct text *text = text_normalise(&arena, &comment);
    struct verdict verdict = { .p_spam = decide_case[_i].p_spam,
                               .p_abuse = decide_case[_i].p_abuse };
    struct policy_path path;
    const struct policy_step *last;

    policy_decide(&policy, &arena, &comment, text, &doubt, &verdict, &path);
    last = &path.step[path.nr - 1];
    ck_assert_int_eq(verdict.kind, decide_case[_i].kind);
    ck_assert(last->decided);
    ck_assert_msg(span_eq(last->rule, span_str(decide_case[_i].rule)),
                  "decided by %.*s", SPAN_ARG(last->rule));
    for (size_t i = 0; i + 1 < path.nr; i++)
        ck_assert(!path.step[i].decided &&
                  policy_step_words(&arena, &path.step[i]).len);
    ck_assert_uint_eq(verdict.nr, decide_case[_i].reason != NULL);
    if (verdict.nr)
        ck_assert(span_eq(verdict.reason[0].feature,
                          span_str(decide_case[_i].reason)));
    lists_free(lists);
}
END_TEST

/* What a form betrays; thresholds as above. */
static const struct {
    const char *trap;
    const char *fill_ms;
    double p_spam, p_abuse;
    enum verdict_kind kind;
    const char *rule;
} form_case[] = {
    { "", "", 0.1, 0.1, VERDICT_APPROVE, "approve" },
    { " \r\n", "", 0.1, 0.1, VERDICT_APPROVE, "approve" },
    { "http://x.example", "", 0.1, 0.1, VERDICT_HOLD, "trap" },
    { "x", "", 0.2, 0.1, VERDICT_SPAM, "trap" },
    { "x", "", 0.95, 0.1, VERDICT_SPAM, "spam_at" },
    { "x", "", 0.95, 0.5, VERDICT_HOLD, "abuse_hold_at" },
    { "x", "", NAN, 0.1, VERDICT_HOLD, "trap" },
    { "", "2000", 0.1, 0.1, VERDICT_APPROVE, "approve" },
    { "", "1999", 0.1, 0.1, VERDICT_HOLD, "haste" },
    { "", "0", 0.1, 0.1, VERDICT_HOLD, "haste" },
    { "", "0", 0.95, 0.1, VERDICT_SPAM, "spam_at" },
    /* What is no time is not known. */
    { "", "-1", 0.1, 0.1, VERDICT_APPROVE, "approve" },
    { "", "soon", 0.1, 0.1, VERDICT_APPROVE, "approve" },
};

START_TEST(test_policy_form)
{
    const struct policy policy = { 0.2, 0.9, 0.5, true, NULL };
    const struct comment comment = {
        .text = SPAN_LIT("hello"),
        .trap = span_str(form_case[_i].trap),
        .fill_ms = span_str(form_case[_i].fill_ms),
    };
    const struct text *text = text_normalise(&arena, &comment);
    struct verdict verdict = { .p_spam = form_case[_i].p_spam,
                               .p_abuse = form_case[_i].p_abuse };
    struct policy_path path;
    struct span rule;

    policy_decide(&policy, &arena, &comment, text, NULL, &verdict, &path);
    rule = path.step[path.nr - 1].rule;
    ck_assert_int_eq(verdict.kind, form_case[_i].kind);
    ck_assert_msg(span_eq(rule, span_str(form_case[_i].rule)),
                  "decided by %.*s", SPAN_ARG(rule));
    /* The two rules are reasons that a person gets to see. */
    if (span_eq(rule, SPAN_LIT("trap")) || span_eq(rule, SPAN_LIT("haste")))
        ck_assert(verdict.nr == 1 &&
                  span_eq(verdict.reason[0].feature, rule) &&
                  verdict.reason[0].evidence.len);
}
END_TEST

/* A rule's reason goes first, and pushes the weakest out when it is full. */
START_TEST(test_policy_reason_first)
{
    const struct policy policy = { 0.2, 0.9, 0.5, true, NULL };
    const struct comment comment = { .text = SPAN_LIT("hello") };
    const struct policy_doubt doubt = { SPAN_LIT("too_long"), SPAN_LIT("x") };
    const struct text *text = text_normalise(&arena, &comment);
    struct verdict verdict = { .nr = VERDICT_REASONS_MAX };
    struct policy_path path;

    for (size_t i = 0; i < verdict.nr; i++)
        verdict.reason[i] =
            (struct reason){ SPAN_LIT("word"), (double)i, SPAN_LIT("") };
    policy_decide(&policy, &arena, &comment, text, &doubt, &verdict, &path);
    ck_assert_uint_eq(verdict.nr, VERDICT_REASONS_MAX);
    ck_assert(span_eq(verdict.reason[0].feature, SPAN_LIT("too_long")));
    ck_assert_double_eq(verdict.reason[1].weight, 0);
    ck_assert_double_eq(verdict.reason[VERDICT_REASONS_MAX - 1].weight,
                        VERDICT_REASONS_MAX - 2);
}
END_TEST

START_TEST(test_policy_step_words)
{
    const struct policy_step step[] = {
        { .compared = "p_spam", .p = 0.1234, .limit = 0.97 },
        { .compared = "p_abuse", .p = 0.5, .limit = 0.5, .decided = true },
        { .compared = "p_spam", .p = NAN, .limit = 0.5 },
        { .detail = SPAN_LIT("word:good") },
    };
    static const char *const words[] = {
        "p_spam 0.123 < 0.970",
        "p_abuse 0.500 >= 0.500",
        "p_spam nan ? 0.500",
        "word:good",
    };

    for (size_t i = 0; i < sizeof(step) / sizeof(step[0]); i++)
        ck_assert(
            span_eq(policy_step_words(&arena, &step[i]), span_str(words[i])));
}
END_TEST

Suite *policy_suite(void)
{
    Suite *s = suite_create("policy");
    TCase *tc = tcase_create("policy");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_policy_check, 0,
                        sizeof(check_case) / sizeof(check_case[0]));
    tcase_add_loop_test(tc, test_policy_decide, 0,
                        sizeof(decide_case) / sizeof(decide_case[0]));
    tcase_add_loop_test(tc, test_policy_form, 0,
                        sizeof(form_case) / sizeof(form_case[0]));
    tcase_add_test(tc, test_policy_reason_first);
    tcase_add_test(tc, test_policy_step_words);
    suite_add_tcase(s, tc);
    return s;
}
