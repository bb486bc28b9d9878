#include "features/features.h"
#include "features/measure.h"

#include "wire/comment_json.h"

#include <check.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static struct vector extract(const char *json, const struct text **text)
{
    struct comment comment;
    struct vector vector;
    struct error err = { 0, "" };

    ck_assert_msg(!comment_parse(&comment, &arena, span_str(json), &err), "%s",
                  err.text);
    *text = text_normalise(&arena, &comment);
    features_extract(&arena, &comment, *text, &vector);
    return vector;
}

static float dense_value(const struct vector *vector, const char *name)
{
    for (size_t i = 0; i < vector->nr; i++)
        if (vector->entry[i].slot < FEATURE_DENSE_NR &&
            span_eq(feature_name(&vector->entry[i]), span_str(name)))
            return vector->entry[i].value;
    return 0;
}

/* A comment, a feature it has, and one it must not have. */
static const struct {
    const char *json;
    const char *has;
    const char *lacks;
} case_list[] = {
    { "{\"text\":\"see https://a.example/x\"}", "link_any", "link_html" },
    { "{\"text\":\"<a href='http://a.example'>buy cheap shoes</a>\"}",
      "anchor_words", "link_bbcode" },
    { "{\"text\":\"[url=http://a.example]x[/url]\"}", "link_bbcode",
      "link_html" },
    { "{\"text\":\"hxxp://a.example/ now\"}", "link_disguised", "link_html" },
    { "{\"text\":\"<a href='http://cheapshoes.example/'>cheap shoes</a>\"}",
      "anchor_in_host", "anchor_is_author" },
    { "{\"text\":\"write to me at joe@mail.example please\"}", "contact_email",
      "link_any" },
    { "{\"text\":\"call +44 20 7946 0958 today\"}", "contact_phone",
      "contact_email" },
    { "{\"text\":\"in 1999-2004 they built 12 of 26\"}", "shape_digits",
      "contact_phone" },
    { "{\"text\":\"hi\",\"author\":\"Cheap Jerseys\","
      "\"author_url\":\"http://cheap-jerseys.example/\"}",
      "author_in_url", "author_random" },
    { "{\"text\":\"hi\",\"author\":\"xkqjzwvrt\"}", "author_random",
      "author_in_url" },
    { "{\"text\":\"hi\",\"author\":\"Strzelczyk\"}", "shape_short",
      "author_random" },
    { "{\"text\":\"THIS IS AN OUTRAGE FOR ALL OF US\"}", "shape_capitals",
      "shape_random" },
    { "{\"text\":\"{great|nice} post about the frigate\"}", "shape_spintax",
      "link_any" },
    { "{\"text\":\"The frigate is late\",\"post_title\":\"Frigate late "
      "again\"}",
      "context_title", "context_none" },
    { "{\"text\":\"Wonderful website, thanks for sharing such brilliant "
      "information, keep posting\",\"post_title\":\"Frigate late again\","
      "\"post_text\":\"The yard says steel is missing.\"}",
      "context_none", "context_title" },
    { "{\"text\":\"s\\u1ea1ch\",\"post_title\":\"m\\u1ea1ch\"}", "shape_short",
      "context_title" },
    { "{\"text\":\"s\\u1ea1ch\",\"post_title\":\"S\\u1ea0CH\"}",
      "context_title", "context_none" },
    { "{\"text\":\"missiles\",\"post_title\":\"missile\"}", "context_title",
      "context_none" },
    { "{\"text\":\"mist\",\"post_title\":\"missile\"}", "shape_short",
      "context_title" },
    { "{\"text\":\"p\\u0430yp\\u0430l login\"}", "disguise_mixed",
      "disguise_fancy" },
    { "{\"text\":\"\\u043f\\u0440\\u0438\\u0432\\u0435\\u0442 "
      "\\u0434\\u0440\\u0443\\u0437\\u044c\\u044f\"}",
      "shape_short", "disguise_mixed" },
};

START_TEST(test_features_case)
{
    const struct text *text;
    struct vector vector = extract(case_list[_i].json, &text);

    ck_assert_msg(dense_value(&vector, case_list[_i].has) > 0, "%s lacks %s",
                  case_list[_i].json, case_list[_i].has);
    ck_assert_msg(dense_value(&vector, case_list[_i].lacks) == 0, "%s has %s",
                  case_list[_i].json, case_list[_i].lacks);
}
END_TEST

/* A site without the field must look like one whose field says nothing. */
START_TEST(test_features_missing_field_is_silent)
{
    const struct text *text;
    struct vector vector = extract(
        "{\"text\":\"Two hulls cost more than the first three together\"}",
        &text);

    for (size_t i = 0; i < vector.nr; i++) {
        uint8_t family = vector.entry[i].family;

        ck_assert_msg(family == FAMILY_WORD || family == FAMILY_PAIR ||
                          family == FAMILY_CHAR || family == FAMILY_SHAPE,
                      "%.*s is not 0",
                      SPAN_ARG(feature_name(&vector.entry[i])));
    }
}
END_TEST

START_TEST(test_features_slots_and_values_in_range)
{
    const struct text *text;
    struct vector vector = extract(
        "{\"text\":\"<p>Сайт site 私は $$$ !!! 100% a a a a a a a a "
        "http://x.example http://x.example http://x.example http://x.example "
        "</p>\",\"author\":\"A9999\",\"author_url\":\"x.example/a/b/c/d\","
        "\"author_email\":\"@x-1-2-3.example\",\"post_title\":\"t\"}",
        &text);

    ck_assert_uint_gt(vector.nr, 50);
    for (size_t i = 0; i < vector.nr; i++) {
        const struct vector_entry *entry = &vector.entry[i];

        ck_assert_uint_lt(entry->slot, FEATURE_NR);
        ck_assert_uint_lt(entry->family, FAMILY_NR);
        if (entry->slot >= FEATURE_DENSE_NR)
            continue;
        ck_assert_float_gt(entry->value, 0);
        ck_assert_msg(entry->value <= 1, "%.*s is %f",
                      SPAN_ARG(feature_name(entry)), (double)entry->value);
        ck_assert_uint_ge(entry->family, FAMILY_LINK);
    }
}
END_TEST

START_TEST(test_features_fields_do_not_mix)
{
    const struct text *text;
    struct vector body = extract("{\"text\":\"casino\"}", &text);
    struct vector name =
        extract("{\"text\":\"\",\"author\":\"casino\"}", &text);

    for (size_t i = 0; i < body.nr; i++)
        for (size_t k = 0; k < name.nr; k++)
            ck_assert(body.entry[i].slot < FEATURE_DENSE_NR ||
                      body.entry[i].slot != name.entry[k].slot);
}
END_TEST

START_TEST(test_features_evidence)
{
    const struct text *text;
    struct vector vector = extract("{\"text\":\"sink the frigate\"}", &text);
    bool word = false;
    bool pair = false;

    for (size_t i = 0; i < vector.nr; i++) {
        struct span s = feature_evidence(&arena, text, &vector.entry[i]);

        word |= vector.entry[i].family == FAMILY_CHAR &&
                span_eq(s, SPAN_LIT("frigate"));
        pair |= vector.entry[i].family == FAMILY_PAIR &&
                span_eq(s, SPAN_LIT("the frigate"));
    }
    ck_assert(word && pair);
}
END_TEST

START_TEST(test_features_names_differ)
{
    for (uint32_t i = 0; i < FEATURE_DENSE_NR; i++)
        for (uint32_t k = 0; k < i; k++) {
            struct vector_entry a = { i, 1, 0, FAMILY_LINK };
            struct vector_entry b = { k, 1, 0, FAMILY_LINK };

            ck_assert(!span_eq(feature_name(&a), feature_name(&b)));
        }
}
END_TEST

/* Words of many languages, and what a cat types. */
static const struct {
    const char *word;
    bool random;
} random_case[] = {
    { "strengths", false },     { "schtschi", false },
    { "angstschweiss", false }, { "wszystkiego", false },
    { "rhythm", false },        { "frigate", false },
    { "xqzjvkw", true },        { "wtqpljk", true },
    { "hzofv", false },         { "jkhgfdsa", true },
    { "qwxzv", true },          { "nato", false },
};

/* Small counters count long texts: one capital to three small letters. */
START_TEST(test_features_shape_of_long_text)
{
    for (size_t nr = 1; nr <= 400; nr += 19) {
        struct span json = SPAN_LIT("");
        const struct text *text;
        struct vector vector;

        for (size_t i = 0; i < 3 * nr; i++)
            json = arena_printf(&arena, "%.*sOkay ", SPAN_ARG(json));
        json = arena_printf(&arena, "{\"text\":\"%.*s\"}", SPAN_ARG(json));
        vector = extract(json.ptr, &text);
        ck_assert_float_eq(dense_value(&vector, "shape_capitals"), 0.25f);
        arena_reset(&arena);
    }
}
END_TEST

START_TEST(test_measure_random)
{
    float value = measure_random(span_str(random_case[_i].word));

    ck_assert_msg((value > 0) == random_case[_i].random, "%s: %f",
                  random_case[_i].word, (double)value);
}
END_TEST

Suite *features_suite(void)
{
    Suite *s = suite_create("features");
    TCase *tc = tcase_create("features");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_features_case, 0,
                        sizeof(case_list) / sizeof(case_list[0]));
    tcase_add_test(tc, test_features_missing_field_is_silent);
    tcase_add_test(tc, test_features_slots_and_values_in_range);
    tcase_add_test(tc, test_features_fields_do_not_mix);
    tcase_add_test(tc, test_features_evidence);
    tcase_add_test(tc, test_features_names_differ);
    tcase_add_test(tc, test_features_shape_of_long_text);
    tcase_add_loop_test(tc, test_measure_random, 0,
                        sizeof(random_case) / sizeof(random_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
