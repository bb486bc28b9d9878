#include "lend.h"

#include <check.h>
#include <stdlib.h>

#define ROWS 600

static struct row_list rows;

static void setup(void)
{
    rows_init(&rows);
    for (size_t i = 0; i < ROWS; i++) {
        struct row row = { .label = i % 4 ? LABEL_HAM : LABEL_SPAM };

        row.comment.id = arena_printf(&rows.arena, "row:%zu", i);
        row.comment.text = SPAN_LIT("The second hull is cheaper to build");
        if (i % 2)
            row.comment.author = SPAN_LIT("Ingrid Moberg");
        rows.row = realloc(rows.row, (i + 1) * sizeof(row));
        rows.row[rows.nr++] = row;
    }
    rows.alloc = ROWS;
}

static void teardown(void)
{
    rows_release(&rows);
}

static bool is_lent(const struct comment *comment)
{
    return comment->author_url.len || comment->text.len > 35;
}

START_TEST(test_lend_spam_gets_nothing)
{
    lend_fields(&rows, 1);
    for (size_t i = 0; i < rows.nr; i += 4)
        ck_assert(!is_lent(&rows.row[i].comment));
}
END_TEST

START_TEST(test_lend_text_stays)
{
    const struct span text = SPAN_LIT("The second hull is cheaper to build");
    size_t lent = 0;

    lend_fields(&rows, 1);
    for (size_t i = 0; i < rows.nr; i++) {
        struct span now = rows.row[i].comment.text;

        ck_assert_uint_lt(span_find(now, text), now.len);
        lent += is_lent(&rows.row[i].comment);
    }
    /* Some of the 450 honest ones, by far not all. */
    ck_assert_uint_gt(lent, 80);
    ck_assert_uint_lt(lent, 300);
}
END_TEST

START_TEST(test_lend_site_is_of_the_name)
{
    size_t sites = 0;

    lend_fields(&rows, 1);
    for (size_t i = 0; i < rows.nr; i++) {
        const struct comment *comment = &rows.row[i].comment;

        if (!comment->author_url.len)
            continue;
        sites++;
        ck_assert_uint_lt(
            span_find(comment->author_url, SPAN_LIT("ingridmoberg")),
            comment->author_url.len);
    }
    ck_assert_uint_gt(sites, 0);
}
END_TEST

Suite *lend_suite(void)
{
    Suite *s = suite_create("lend");
    TCase *tc = tcase_create("fields");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_lend_spam_gets_nothing);
    tcase_add_test(tc, test_lend_text_stays);
    tcase_add_test(tc, test_lend_site_is_of_the_name);
    suite_add_tcase(s, tc);
    return s;
}
