#include "text/shelf.h"

#include "base/arena.h"

#include <check.h>

static struct arena arena;
static struct shelf *shelf;

static void setup(void)
{
    arena_init(&arena);
    shelf = shelf_new();
}

static void teardown(void)
{
    arena_release(&arena);
    shelf_free(shelf);
}

static struct comment comment_under(struct span title, struct span text)
{
    return (struct comment){ .text = SPAN_LIT("Well said."),
                             .post_title = title,
                             .post_text = text };
}

static void assert_same(const struct text_field *a, const struct text_field *b)
{
    ck_assert(span_eq(a->plain, b->plain));
    ck_assert(span_eq(a->folded, b->folded));
    ck_assert_uint_eq(a->words.nr, b->words.nr);
    for (size_t i = 0; i < a->words.nr; i++) {
        ck_assert(span_eq(a->words.word[i].text, b->words.word[i].text));
        ck_assert_int_eq(a->words.word[i].kind, b->words.word[i].kind);
    }
}

/* With the shelf, and on it, as without. */
static void assert_normalised(struct span title, struct span post)
{
    struct comment comment = comment_under(title, post);
    const struct text *plain = text_normalise(&arena, &comment);

    for (int i = 0; i < 2; i++) {
        const struct text *next = text_normalise_next(&arena, shelf, &comment);

        assert_same(&next->post_title, &plain->post_title);
        assert_same(&next->post_text, &plain->post_text);
        assert_same(&next->body, &plain->body);
    }
}

static const struct {
    const char *title;
    const char *text;
} post_case[] = {
    { "", "" },
    { "Frigate late again", "" },
    { "", "The yard says steel is missing." },
    { "Frigate late again", "The yard says steel is missing." },
    { "Frigate late again", "The yard said steel is missing." },
    { "Frigate late again", "The yard says steel is missing.\xFF" },
    { "<b>\xF0\x9D\x90\x92"
      "ale</b> &amp; more",
      "see <a href='http://a.example'>it</a>, \xD0\xB4\xD0\xB0!!!!" },
};

START_TEST(test_shelf_changes_nothing)
{
    for (int round = 0; round < 2; round++)
        for (size_t i = 0; i < sizeof(post_case) / sizeof(post_case[0]); i++)
            assert_normalised(span_str(post_case[i].title),
                              span_str(post_case[i].text));
}
END_TEST

/* Posts that differ in one byte, wherever it is, and push each other out. */
START_TEST(test_shelf_mistakes_no_post)
{
    for (unsigned i = 0; i < 20 * SHELF_PLACES; i++) {
        char post[] = "a word is here, and a second one, and that is all";

        arena_reset(&arena);
        post[2 + i % (sizeof(post) - 3)] = (char)('a' + i % 26);
        assert_normalised(SPAN_LIT("Title"), span_str(post));
    }
}
END_TEST

START_TEST(test_shelf_find)
{
    struct span title = SPAN_LIT("Title");
    struct span text = SPAN_LIT("Text");
    struct comment comment = comment_under(title, text);
    const struct shelf_post *post;

    ck_assert_ptr_null(shelf_find(shelf, title, text));
    (void)text_normalise_next(&arena, shelf, &comment);
    arena_reset(&arena);
    post = shelf_find(shelf, title, text);
    ck_assert_ptr_nonnull(post);
    ck_assert(span_eq(post->title.folded, SPAN_LIT("title")));
    ck_assert(span_eq(post->text.words.word[0].text, SPAN_LIT("text")));
    ck_assert_ptr_null(shelf_find(shelf, text, title));
    ck_assert_ptr_null(shelf_find(shelf, title, SPAN_LIT("Texts")));
}
END_TEST

Suite *shelf_suite(void)
{
    Suite *s = suite_create("shelf");
    TCase *tc = tcase_create("shelf");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_shelf_changes_nothing);
    tcase_add_test(tc, test_shelf_mistakes_no_post);
    tcase_add_test(tc, test_shelf_find);
    suite_add_tcase(s, tc);
    return s;
}
