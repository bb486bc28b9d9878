#include "text/lead.h"

#include "base/arena.h"
#include "text/link.h"

#include <check.h>
#include <stdlib.h>

#define TEXT_MAX 70
#define TEXTS 20000

/* Sixteen bytes at once see what one at a time does, wherever they begin. */
START_TEST(test_lead_blocks_agree)
{
    static const char letter[] = "aaaaaa    .:/\\([{dDoO)\xC3\xA9-_\n1";
    char text[TEXT_MAX];

    srand(1);
    for (int n = 0; n < TEXTS; n++) {
        size_t len = (size_t)rand() % TEXT_MAX;
        size_t next = len;

        for (size_t i = 0; i < len; i++)
            text[i] = letter[(size_t)rand() % (sizeof(letter) - 1)];
        for (size_t at = len; at-- > 0;) {
            struct span near = { text, at + 2 < len ? at + 2 : len };

            /* So near to its end a text is looked at byte by byte. */
            if (lead_find(near, at) == at)
                next = at;
            ck_assert_uint_eq(lead_find((struct span){ text, len }, at), next);
        }
    }
}
END_TEST

/* No link is passed over, however far from the text's beginning it is. */
static const char *const link_case[] = {
    "a.example.com/x",
    "http://example.com",
    "hxxp:\\\\example.com/",
    "example[.]com",
    "example (dot) com",
    "example dot com/x",
    "example . com/x",
    "EXAMPLE DOT COM/x",
    "example\xE3\x80\x82"
    "com/x",
};

START_TEST(test_lead_passes_no_link)
{
    static const char words[] = "we read it all and liked most of it a lot";
    struct arena arena;

    arena_init(&arena);
    for (size_t before = 0; before < 40; before++) {
        struct link_list list = { 0 };
        struct span text = arena_printf(&arena, "%.*s %s so", (int)before,
                                        words, link_case[_i]);

        link_find(&arena, text, &list);
        ck_assert_msg(list.nr == 1, "'%.*s': %zu links", SPAN_ARG(text),
                      list.nr);
    }
    arena_release(&arena);
}
END_TEST

Suite *lead_suite(void)
{
    Suite *s = suite_create("lead");
    TCase *tc = tcase_create("lead");

    tcase_add_test(tc, test_lead_blocks_agree);
    tcase_add_loop_test(tc, test_lead_passes_no_link, 0,
                        sizeof(link_case) / sizeof(link_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
