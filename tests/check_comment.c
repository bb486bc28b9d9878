#include "comment/comment.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *email;
    const char *same_as; /* NULL: names nobody */
} person_case[] = {
    { "ann@x.example", "ann@x.example" },
    { " Ann@X.Example\n", "ann@x.example" },
    { "@x.example", NULL },
    { "ann", NULL },
    { "", NULL },
};

START_TEST(test_comment_person)
{
    struct digest person = comment_person(span_str(person_case[_i].email));
    const char *same_as = person_case[_i].same_as;

    if (!same_as) {
        ck_assert_str_eq(person.hex, "");
        return;
    }
    ck_assert_str_eq(person.hex, comment_person(span_str(same_as)).hex);
    ck_assert_ptr_null(strstr(person.hex, "ann"));
    ck_assert_str_ne(person.hex,
                     comment_person(SPAN_LIT("bob@x.example")).hex);
}
END_TEST

START_TEST(test_comment_fields)
{
    struct comment comment;

    for (size_t i = 0; i < comment_field_nr(); i++)
        ck_assert_ptr_nonnull(comment_field(&comment, comment_field_name(i)));
    ck_assert_uint_eq(comment_field_nr() * sizeof(struct span),
                      sizeof(struct comment));
}
END_TEST

Suite *comment_suite(void)
{
    Suite *s = suite_create("comment");
    TCase *tc = tcase_create("comment");

    tcase_add_loop_test(tc, test_comment_person, 0,
                        sizeof(person_case) / sizeof(person_case[0]));
    tcase_add_test(tc, test_comment_fields);
    suite_add_tcase(s, tc);
    return s;
}
