#include "wire/form.h"

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

static struct form parse(struct span text)
{
    struct form form;
    struct error err;

    ck_assert_msg(!form_parse(&form, &arena, text, &err), "refused");
    return form;
}

static const struct {
    struct span text;
    struct span name;
    struct span value;
    size_t nr; /* fields */
} one[] = {
    { SPAN_LIT("a=b"), SPAN_LIT("a"), SPAN_LIT("b"), 1 },
    { SPAN_LIT("a=b&c=d"), SPAN_LIT("c"), SPAN_LIT("d"), 2 },
    { SPAN_LIT("a=1+2%2b3"), SPAN_LIT("a"), SPAN_LIT("1 2+3"), 1 },
    { SPAN_LIT("a+b%3D=c%26d"), SPAN_LIT("a b="), SPAN_LIT("c&d"), 1 },
    { SPAN_LIT("a=b=c"), SPAN_LIT("a"), SPAN_LIT("b=c"), 1 },
    { SPAN_LIT("a"), SPAN_LIT("a"), SPAN_LIT(""), 1 },
    { SPAN_LIT("=b"), SPAN_LIT(""), SPAN_LIT("b"), 1 },
    { SPAN_LIT("&&a=b&"), SPAN_LIT("a"), SPAN_LIT("b"), 1 },
    { SPAN_LIT("a=1&a=2"), SPAN_LIT("a"), SPAN_LIT("2"), 2 },
    { SPAN_LIT("a=%C3%a4"), SPAN_LIT("a"), SPAN_LIT("\xC3\xA4"), 1 },
    { SPAN_LIT("a=%E4\xE4"), SPAN_LIT("a"), SPAN_LIT("\xE4\xE4"), 1 },
    { SPAN_LIT("a=x%00y"), SPAN_LIT("a"), SPAN_LIT("x\0y"), 1 },
    { SPAN_LIT("a=100%"), SPAN_LIT("a"), SPAN_LIT("100%"), 1 },
    { SPAN_LIT("a=%4"), SPAN_LIT("a"), SPAN_LIT("%4"), 1 },
    { SPAN_LIT("a=%4z%zz%41"), SPAN_LIT("a"), SPAN_LIT("%4z%zzA"), 1 },
    { SPAN_LIT("a%5B0%5D=x"), SPAN_LIT("a[0]"), SPAN_LIT("x"), 1 },
    { SPAN_LIT(""), SPAN_LIT("a"), SPAN_LIT(""), 0 },
    { SPAN_LIT("&"), SPAN_LIT("a"), SPAN_LIT(""), 0 },
};

START_TEST(test_form_one)
{
    struct form form = parse(one[_i].text);
    struct span value = form_get(&form, one[_i].name);

    ck_assert_uint_eq(form.nr, one[_i].nr);
    ck_assert_msg(span_eq(value, one[_i].value), "%.*s: got '%.*s'",
                  SPAN_ARG(one[_i].text), SPAN_ARG(value));
}
END_TEST

START_TEST(test_form_has)
{
    struct form form = parse(SPAN_LIT("empty=&bare"));

    ck_assert(form_has(&form, SPAN_LIT("empty")));
    ck_assert(form_has(&form, SPAN_LIT("bare")));
    ck_assert(!form_has(&form, SPAN_LIT("Empty")));
    ck_assert(!form_has(&form, SPAN_LIT("none")));
}
END_TEST

/* Every beginning of a form is a form, and never reads past its end. */
START_TEST(test_form_cut_short)
{
    static const char whole[] = "name=a%20b&list%5B%5D=%C3%A4&%&=&x";

    for (size_t len = 0; len < sizeof(whole); len++) {
        char *exact = malloc(len ? len : 1);
        struct form form;

        memcpy(exact, whole, len);
        form = parse((struct span){ exact, len });
        ck_assert_uint_le(form.nr, 5);
        free(exact);
    }
}
END_TEST

START_TEST(test_form_ceilings)
{
    char *text = malloc(FORM_BYTES_MAX + 1);
    struct form form;
    struct error err;

    memset(text, 'a', FORM_BYTES_MAX + 1);
    form = parse((struct span){ text, FORM_BYTES_MAX });
    ck_assert_uint_eq(form.nr, 1);
    ck_assert_int_eq(form_parse(&form, &arena,
                                (struct span){ text, FORM_BYTES_MAX + 1 },
                                &err),
                     ERROR_INPUT);

    memset(text, '&', FORM_BYTES_MAX);
    ck_assert_int_eq(form_parse(&form, &arena,
                                (struct span){ text, FORM_FIELDS_MAX }, &err),
                     ERROR_INPUT);
    ck_assert_uint_eq(form.nr, 0);
    form = parse((struct span){ text, FORM_FIELDS_MAX - 1 });
    ck_assert_uint_eq(form.nr, 0);
    free(text);
}
END_TEST

static const struct {
    const char *name;
    const char *list;
} list[] = {
    { "tag", "tag" },   { "tag[]", "tag" },       { "tag[0]", "tag" },
    { "tag[", "tag[" }, { "[tag]", "[tag]" },     { "a[b][c]", "a" },
    { "", "" },         { "tag[0]x", "tag[0]x" },
};

START_TEST(test_form_list_name)
{
    struct span name = form_list_name(span_str(list[_i].name));

    ck_assert_msg(span_eq(name, span_str(list[_i].list)), "%s: got %.*s",
                  list[_i].name, SPAN_ARG(name));
}
END_TEST

Suite *form_suite(void)
{
    Suite *s = suite_create("form");
    TCase *tc = tcase_create("form");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_form_one, 0, sizeof(one) / sizeof(one[0]));
    tcase_add_test(tc, test_form_has);
    tcase_add_test(tc, test_form_cut_short);
    tcase_add_test(tc, test_form_ceilings);
    tcase_add_loop_test(tc, test_form_list_name, 0,
                        sizeof(list) / sizeof(list[0]));
    suite_add_tcase(s, tc);
    return s;
}
