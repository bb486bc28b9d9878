#include "phrases.h"

#include "sources.h"
#include "text/normalise.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SPAM 200

static struct row_list rows;
static char path[] = "/tmp/check_phrases.XXXXXX";

/* The first source of that origin. */
static int source_of(const char *origin)
{
    for (size_t i = 0; i < source_nr; i++)
        if (!strcmp(source_list[i].origin, origin))
            return (int)i;
    return -1;
}

static void setup(void)
{
    static const char list[] =
        "cheap jerseys\npayday loans\nI like your blog\n"
        "this is a great post\nthanks for the info\n"
        "!!\n\nx\n";
    int fd;

    memcpy(path + sizeof(path) - 7, "XXXXXX", 6);
    fd = mkstemp(path);
    ck_assert_int_ge(fd, 0);
    ck_assert_int_eq(write(fd, list, sizeof(list) - 1), sizeof(list) - 1);
    close(fd);
    rows_init(&rows);
}

static void teardown(void)
{
    unlink(path);
    rows_release(&rows);
}

static void add_honest(const char *origin, const char *text)
{
    struct row row = { .label = LABEL_HAM, .source = source_of(origin) };

    row.comment.text = span_str(text);
    rows.row = realloc(rows.row, (rows.nr + 1) * sizeof(row));
    rows.row[rows.nr++] = row;
    rows.alloc = rows.nr;
}

static bool holds(struct span s, const char *part)
{
    return span_find_nocase(s, span_str(part)) < s.len;
}

/* Goods, as written or as a host, with or without a hyphen. */
static bool names_goods(struct span s)
{
    return holds(s, "cheap jerseys") || holds(s, "cheapjerseys") ||
           holds(s, "cheap-jerseys") || holds(s, "payday loans") ||
           holds(s, "paydayloans") || holds(s, "payday-loans");
}

/* As written, anywhere. */
static bool shows_goods(const struct comment *comment)
{
    return names_goods(comment->author) || names_goods(comment->author_url) ||
           names_goods(comment->text);
}

/* In letters that only normalising makes readable. */
static bool hides_goods(const struct comment *comment)
{
    struct arena arena;
    struct text *text;
    bool found;

    arena_init(&arena);
    text = text_normalise(&arena, comment);
    found = (text->fold.compat && names_goods(text->body.folded)) ||
            (text->author_fold.compat && names_goods(text->author.folded));
    arena_release(&arena);
    return found;
}

START_TEST(test_phrases_each_names_goods)
{
    struct error err;

    add_honest("jigsaw", "The article needs a source for the second claim.");
    ck_assert(!phrases_make(&rows, path, 3, SPAM, 1, &err));
    ck_assert_uint_eq(rows.nr, SPAM + 1);
    for (size_t i = 1; i < rows.nr; i++) {
        const struct comment *comment = &rows.row[i].comment;

        ck_assert_int_eq(rows.row[i].label, LABEL_SPAM);
        ck_assert_int_eq(rows.row[i].source, 3);
        ck_assert(shows_goods(comment) || hides_goods(comment));
        /* Flattery is no name. */
        ck_assert(!holds(comment->author, "post"));
        ck_assert(!holds(comment->author_url, "post"));
    }
}
END_TEST

START_TEST(test_phrases_some_in_disguise)
{
    size_t hidden = 0;
    struct error err;

    add_honest("jigsaw", "The article needs a source for the second claim.");
    ck_assert(!phrases_make(&rows, path, 3, SPAM, 1, &err));
    for (size_t i = 1; i < rows.nr; i++)
        hidden += !shows_goods(&rows.row[i].comment) &&
                  hides_goods(&rows.row[i].comment);
    ck_assert_uint_gt(hidden, 0);
    ck_assert_uint_lt(hidden, SPAM / 5);
}
END_TEST

/* Else the honest text of what is left out would come back as spam. */
START_TEST(test_phrases_text_of_what_is_never_left_out)
{
    struct error err;

    add_honest("written", "Honest words of a source that is left out, too.");
    add_honest("haacked", "Honest words of a source that is left out, too.");
    ck_assert(!phrases_make(&rows, path, 3, SPAM, 1, &err));
    ck_assert_uint_eq(rows.nr, 2);
    add_honest("jigsaw", "The article needs a source for the second claim.");
    ck_assert(!phrases_make(&rows, path, 3, SPAM, 1, &err));
    ck_assert_uint_eq(rows.nr, SPAM + 3);
    for (size_t i = 3; i < rows.nr; i++)
        ck_assert(!holds(rows.row[i].comment.text, "left out"));
}
END_TEST

START_TEST(test_phrases_no_list)
{
    struct error err;

    unlink(path);
    ck_assert_int_eq(phrases_make(&rows, path, 3, SPAM, 1, &err), ERROR_INPUT);
    ck_assert(strstr(err.text, path) != NULL);
}
END_TEST

Suite *phrases_suite(void)
{
    Suite *s = suite_create("phrases");
    TCase *tc = tcase_create("make");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_phrases_each_names_goods);
    tcase_add_test(tc, test_phrases_some_in_disguise);
    tcase_add_test(tc, test_phrases_text_of_what_is_never_left_out);
    tcase_add_test(tc, test_phrases_no_list);
    suite_add_tcase(s, tc);
    return s;
}
