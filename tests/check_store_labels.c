#include "store/label.h"

#include "support/store_dir.h"

#include <check.h>

static struct store_dir d;

static void setup(void)
{
    store_dir_make(&d);
    store_dir_open(&d);
    must(&d, store_run_begin(d.store, SPAN_LIT("blog"), SPAN_LIT("m1"), 1,
                             &d.run, &d.err));
}

static void teardown(void)
{
    store_dir_remove(&d);
}

static struct kept_label label_of(const char *comment, bool spam)
{
    return (struct kept_label){
        .site = SPAN_LIT("blog"),
        .comment = span_str(comment),
        .spam = spam,
        .source = SPAN_LIT("history"),
        .weight = 1,
        .at_ms = 5,
        .labelled_ms = 100,
        .person = SPAN_LIT("ann"),
        .body = SPAN_LIT("{\"text\":\"hello\"}"),
    };
}

static size_t put(const struct kept_label *label)
{
    size_t changed;

    must(&d, store_label(d.store, label, 1, &changed, &d.err));
    return changed;
}

struct seen {
    struct kept_label label[8];
    size_t nr;
};

static bool see(void *context, const struct kept_label *label)
{
    struct seen *seen = context;

    seen->label[seen->nr] = *label;
    seen->label[seen->nr].comment = arena_dup(&d.arena, label->comment);
    seen->label[seen->nr].body = arena_dup(&d.arena, label->body);
    seen->nr++;
    return true;
}

static struct seen all(void)
{
    struct seen seen = { .nr = 0 };

    must(&d, store_labels(d.store, SPAN_LIT("blog"), see, &seen, &d.err));
    return seen;
}

START_TEST(test_labels_one_a_comment)
{
    struct kept_label label = label_of("7", false);
    struct seen seen;

    ck_assert_uint_eq(put(&label), 1);
    ck_assert_uint_eq(put(&label), 0);
    label.spam = true;
    ck_assert_uint_eq(put(&label), 1);
    label.weight = 2;
    ck_assert_uint_eq(put(&label), 1);
    label.weight = 1; /* says the same, weighs less */
    ck_assert_uint_eq(put(&label), 0);
    label.comment = SPAN_LIT("3");
    ck_assert_uint_eq(put(&label), 1);
    label.site = SPAN_LIT("other");
    ck_assert_uint_eq(put(&label), 1);
    seen = all();
    ck_assert_uint_eq(seen.nr, 2);
    must_eq(seen.label[0].comment, "3");
    must_eq(seen.label[1].comment, "7");
    ck_assert(seen.label[1].spam);
    ck_assert_double_eq(seen.label[1].weight, 2);
    must_eq(seen.label[1].body, "{\"text\":\"hello\"}");
}
END_TEST

static bool live_is(const char *bytes)
{
    struct span live;

    must(&d,
         store_model_live(d.store, &d.arena, SPAN_LIT("blog"), &live, &d.err));
    return span_eq(live, span_str(bytes));
}

static void put_model(const char *id, int64_t made_ms, bool live)
{
    const struct kept_model model = {
        .site = SPAN_LIT("blog"),
        .model = span_str(id),
        .general = SPAN_LIT("g"),
        .made_ms = made_ms,
        .live = live,
        .reason = SPAN_LIT("better"),
        .bytes = span_str(id),
    };

    must(&d, store_model(d.store, &model, &d.err));
}

/* Read again from the site, it does not come back; its layers are gone. */
START_TEST(test_labels_forget)
{
    struct kept_label label = label_of("7", false);
    bool found;

    put_model("before", 50, true);
    put(&label);
    put_model("taught", 150, true);
    must(&d, store_forget(d.store, SPAN_LIT("blog"), SPAN_LIT("7"), 200,
                          &found, &d.err));
    ck_assert(found);
    ck_assert_uint_eq(all().nr, 0);
    ck_assert_uint_eq(put(&label), 0);
    label.spam = true;
    ck_assert_uint_eq(put(&label), 0);
    ck_assert_uint_eq(all().nr, 0);
    ck_assert(live_is(""));
    must(&d, store_model_choose(d.store, SPAN_LIT("blog"), SPAN_LIT("taught"),
                                SPAN_LIT("back"), &found, &d.err));
    ck_assert(!found);
    must(&d, store_model_choose(d.store, SPAN_LIT("blog"), SPAN_LIT("before"),
                                SPAN_LIT("back"), &found, &d.err));
    ck_assert(found && live_is("before"));
    must(&d, store_forget(d.store, SPAN_LIT("blog"), SPAN_LIT("7"), 200,
                          &found, &d.err));
    ck_assert(!found);
}
END_TEST

static void decide(const char *comment, const char *person,
                   enum verdict_kind kind)
{
    struct decision decision = {
        .run = d.run,
        .at_ms = 10,
        .site = SPAN_LIT("blog"),
        .comment = span_str(comment),
        .was = SPAN_LIT("hold"),
        .author = SPAN_LIT("Ann"),
        .excerpt = SPAN_LIT("hello"),
        .person = span_str(person),
        .verdict = { .kind = kind,
                     .model = SPAN_LIT("m1"),
                     .nr = 1,
                     .reason = { { SPAN_LIT("link_many"), 1,
                                   SPAN_LIT("ann.example") } } },
    };
    struct settlement settlement = { .state = DECISION_APPLIED };

    must(&d, store_decide(d.store, &decision, 1, &d.err));
    settlement.decision = decision.id;
    must(&d, store_settle(d.store, &settlement, 1, 11, &d.err));
}

static bool count_named(void *context, const struct decision *decision)
{
    *(size_t *)context += decision->author.len + decision->excerpt.len +
                          decision->verdict.reason[0].evidence.len;
    return true;
}

START_TEST(test_labels_erase)
{
    struct kept_label label = label_of("7", false);
    struct erased erased;
    size_t left = 0;

    put(&label);
    put_model("taught", 150, true);
    decide("7", "", VERDICT_APPROVE); /* found by its label */
    decide("8", "ann", VERDICT_SPAM); /* and by its own mark */
    decide("9", "bob", VERDICT_SPAM);
    must(&d, store_erase(d.store, SPAN_LIT("ann"), SPAN_LIT("ann@x.example"),
                         200, &erased, &d.err));
    ck_assert_uint_eq(erased.labels, 1);
    ck_assert_uint_eq(erased.decisions, 2);
    ck_assert_uint_eq(erased.models, 1);
    ck_assert(live_is(""));
    must(&d, store_history(d.store, &(struct history_filter){ .limit = 0 },
                           count_named, &left, &d.err));
    ck_assert_uint_eq(left, strlen("Annhelloann.example"));
    must(&d, store_erase(d.store, SPAN_LIT("ann"), SPAN_LIT("ann@x.example"),
                         200, &erased, &d.err));
    ck_assert_uint_eq(erased.labels + erased.decisions + erased.models, 0);
}
END_TEST

START_TEST(test_labels_last_word)
{
    struct last_word word;

    must(&d, store_last_word(d.store, &d.arena, SPAN_LIT("blog"),
                             SPAN_LIT("7"), &word, &d.err));
    ck_assert(!word.decided && !word.reported);
    decide("7", "", VERDICT_SPAM);
    must(&d, store_last_word(d.store, &d.arena, SPAN_LIT("blog"),
                             SPAN_LIT("7"), &word, &d.err));
    ck_assert(word.decided && word.decided_spam && !word.reported);
    ck_assert_int_eq(word.decided_ms, 10);
    decide("7", "", VERDICT_HOLD); /* a hold tells the site nothing */
    must(&d, store_last_word(d.store, &d.arena, SPAN_LIT("blog"),
                             SPAN_LIT("7"), &word, &d.err));
    ck_assert(!word.decided);
}
END_TEST

static bool count_outcome(void *context, const struct outcome *outcome)
{
    size_t *count = context;

    count[0] += outcome->verdict == VERDICT_SPAM && !outcome->spam;
    count[1] += outcome->spam;
    return true;
}

START_TEST(test_labels_outcomes)
{
    struct kept_label honest = label_of("7", false);
    struct kept_label spam = label_of("8", true);
    size_t count[2] = { 0, 0 };

    put(&honest);
    put(&spam);
    decide("7", "", VERDICT_SPAM);
    decide("8", "", VERDICT_APPROVE);
    decide("9", "", VERDICT_SPAM); /* nobody said anything */
    must(&d, store_outcomes(d.store, SPAN_LIT("blog"), 0, count_outcome, count,
                            &d.err));
    ck_assert_uint_eq(count[0], 1);
    ck_assert_uint_eq(count[1], 1);
    must(&d, store_outcomes(d.store, SPAN_LIT("blog"), 11, count_outcome,
                            count, &d.err));
    ck_assert_uint_eq(count[0], 1);
}
END_TEST

Suite *store_labels_suite(void)
{
    Suite *s = suite_create("store_labels");
    TCase *tc = tcase_create("labels");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_labels_one_a_comment);
    tcase_add_test(tc, test_labels_forget);
    tcase_add_test(tc, test_labels_erase);
    tcase_add_test(tc, test_labels_last_word);
    tcase_add_test(tc, test_labels_outcomes);
    suite_add_tcase(s, tc);
    return s;
}
