#include "pipeline/judge.h"

#include "base/alloc.h"
#include "features/features.h"
#include "pipeline/reasons.h"
#include "support/store_dir.h"
#include "support/tiny_model.h"

#include <check.h>
#include <math.h>

static struct store_dir dir;
static struct model *model;
static struct policy policy;
static struct juror juror;
static struct error err;

static const struct comment comment = {
    .id = { "1", 1 },
    .text = { "see http://a.example and the garden", 35 },
};

static void setup(void)
{
    store_dir_make(&dir);
    tiny_model_write(dir.dir);
    ck_assert_msg(!model_open(&model, dir.dir, &err), "%s", err.text);
    policy = (struct policy){ 0.3, 0.9, 1, true, NULL };
    juror_init(&juror);
}

static void teardown(void)
{
    model_close(model);
    juror_release(&juror);
    store_dir_remove(&dir);
}

/* A layer that thinks well of links and little of every other bucket. */
static struct site_model layer_make(double spam_at)
{
    struct correction correction = {
        xcalloc(FEATURE_NR, sizeof(*correction.weight)),
        0.125,
    };
    struct site_model layer;

    correction.weight[FEATURE_link_any] = -1.5;
    for (uint32_t i = FEATURE_DENSE_NR; i < FEATURE_NR; i += 2)
        correction.weight[i] = 0.75;
    site_model_make(&layer, &correction, model_id(model), 0.3, spam_at);
    correction_release(&correction);
    return layer;
}

/* Not a bit is different where a site has learned nothing. */
START_TEST(test_judge_layer_of_thresholds_changes_no_score)
{
    const struct judge plain = { model, &policy, NULL, NULL };
    struct judge with = { model, &policy, NULL, NULL };
    struct site_model layer;
    struct verdict a;
    struct verdict b;

    site_model_make(&layer, NULL, model_id(model), 0.3, 0.9);
    with.site = &layer;
    judge_comment(&plain, &juror, &comment, &a, NULL);
    judge_comment(&with, &juror, &comment, &b, NULL);
    ck_assert_double_eq_tol(a.p_spam, b.p_spam, 1e-12);
    ck_assert_double_eq(a.p_abuse, b.p_abuse);
    ck_assert(span_eq(a.model, model_id(model)));
    ck_assert(span_starts(b.model, a.model) &&
              span_ends(b.model, span_str(layer.id)));
    site_model_release(&layer);
}
END_TEST

/* The scaled vector, which judging does without. */
static struct vector vector_of(const struct text *text)
{
    struct vector vector;

    features_extract(&juror.arena, &comment, text, &vector);
    model_scale(model, &vector);
    return vector;
}

/* Base, layer's bias and all the reasons are the verdict. */
START_TEST(test_judge_reasons_with_a_layer_add_up)
{
    struct judge judge = { model, &policy, NULL, NULL };
    struct site_model layer = layer_make(0.9);
    struct judge_trace trace;
    struct verdict verdict;
    struct vector vector;
    double sum;

    judge.site = &layer;
    judge_comment(&judge, &juror, &comment, &verdict, &trace);
    vector = vector_of(trace.text);
    sum = model_base(model, MODEL_SPAM) + layer.bias;
    for (size_t i = 0; i < vector.nr; i++)
        sum += model_part(model, MODEL_SPAM, &vector.entry[i]) +
               site_model_part(&layer, &vector.entry[i]);
    ck_assert_double_eq_tol(verdict.p_spam, 1 / (1 + exp(-sum)), 1e-6);
    site_model_release(&layer);
}
END_TEST

/* The layer is heard in the reasons of the spam head, and only there. */
START_TEST(test_judge_reasons_name_the_layer)
{
    struct judge judge = { model, &policy, NULL, NULL };
    struct site_model layer = layer_make(0.9);
    struct reason_list spam[2];
    struct reason_list abuse[2];
    struct judge_trace trace;
    struct verdict verdict;
    struct vector vector;
    double moved = 0;

    judge_comment(&judge, &juror, &comment, &verdict, &trace);
    vector = vector_of(trace.text);
    for (int i = 0; i < 2; i++) {
        const struct site_model *site = i ? &layer : NULL;

        spam[i] = reasons_collect(&juror.arena, model, site, MODEL_SPAM,
                                  trace.text, &vector);
        abuse[i] = reasons_collect(&juror.arena, model, site, MODEL_ABUSE,
                                   trace.text, &vector);
    }
    for (size_t i = 0; i < spam[0].nr; i++)
        for (size_t k = 0; k < spam[1].nr; k++)
            if (span_eq(spam[0].reason[i].feature, SPAN_LIT("link_any")) &&
                span_eq(spam[1].reason[k].feature, SPAN_LIT("link_any")))
                moved = spam[1].reason[k].weight - spam[0].reason[i].weight;
    ck_assert_double_lt(moved, -1);
    ck_assert_uint_eq(abuse[0].nr, abuse[1].nr);
    for (size_t i = 0; i < abuse[0].nr; i++)
        ck_assert_double_eq(abuse[0].reason[i].weight,
                            abuse[1].reason[i].weight);
    site_model_release(&layer);
}
END_TEST

/* What is remembered moves the log-odds by what its reasons claim. */
START_TEST(test_judge_remembers)
{
    struct memory *memory = memory_new();
    struct judge judge = { model, &policy, NULL, NULL };
    struct judge_trace trace;
    struct verdict before;
    struct verdict after;
    double claimed = 0;

    judge_comment(&judge, &juror, &comment, &before, &trace);
    judge.memory = memory;
    judge_comment(&judge, &juror, &comment, &after, &trace);
    ck_assert_double_eq(after.p_spam, before.p_spam);
    recollect_learn(memory, &juror.arena, &comment, true, 1, 1000);
    judge_comment(&judge, &juror, &comment, &after, &trace);
    ck_assert_double_gt(after.p_spam, before.p_spam);
    for (size_t i = 0; i < after.nr; i++)
        for (int k = 0; k < RECALL_NR; k++)
            if (span_eq(after.reason[i].feature,
                        recall_name((enum recall_kind)k)))
                claimed += after.reason[i].weight;
    ck_assert_double_eq_tol(claimed,
                            log(after.p_spam / (1 - after.p_spam)) -
                                log(before.p_spam / (1 - before.p_spam)),
                            1e-9);
    memory_free(memory);
}
END_TEST

/* However many labels there are, there is an end to what they can do. */
START_TEST(test_judge_memory_is_bounded)
{
    struct recollection recollection;
    struct memory *memory = memory_new();
    const struct text *text = text_normalise(&juror.arena, &comment);

    for (int i = 0; i < 1000; i++)
        recollect_learn(memory, &juror.arena, &comment, true, 1, 1000);
    recollect(&recollection, memory, model, &juror.arena, &comment, text);
    ck_assert_double_eq_tol(recollection.sum, RECOLLECT_BLAME, 1e-12);
    memory_free(memory);
    memory = memory_new();
    for (int i = 0; i < 1000; i++)
        recollect_learn(memory, &juror.arena, &comment, false, 1, 1000);
    recollect(&recollection, memory, model, &juror.arena, &comment, text);
    ck_assert_double_eq_tol(recollection.sum, -RECOLLECT_TRUST, 1e-12);
    memory_free(memory);
}
END_TEST

Suite *judge_suite(void)
{
    Suite *s = suite_create("judge");
    TCase *tc = tcase_create("layer");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_judge_layer_of_thresholds_changes_no_score);
    tcase_add_test(tc, test_judge_reasons_with_a_layer_add_up);
    tcase_add_test(tc, test_judge_reasons_name_the_layer);
    tcase_add_test(tc, test_judge_remembers);
    tcase_add_test(tc, test_judge_memory_is_bounded);
    suite_add_tcase(s, tc);
    return s;
}
