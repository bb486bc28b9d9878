#include "text/normalise.h"

#include "text/utf8.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define MIB ((size_t)1 << 20)

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static struct text *normalise_body(struct span body)
{
    struct comment comment = { .text = body };

    return text_normalise(&arena, &comment);
}

static const struct {
    const char *body;
    const char *plain;
    const char *folded;
} body_case[] = {
    { "", "", "" },
    { "Hello World", "Hello World", "hello world" },
    { "\xef\xbb\xbfHello", "Hello", "hello" },
    { "Fr\xe9"
      "d",
      "Fr\xc3\xa9"
      "d",
      "fr\xc3\xa9"
      "d" },
    { "see https://shop.example/x?a=b now",
      "see https://shop.example/x?a=b now", "see  now" },
    { "write to Me@shop.example", "write to Me@shop.example",
      "write to me@shop.example" },
    { "v1agra <b>Now</b>", "v1agra Now", "viagra now" },
};

START_TEST(test_normalise_body)
{
    struct text *text = normalise_body(span_str(body_case[_i].body));

    ck_assert_msg(span_eq(text->body.plain, span_str(body_case[_i].plain)),
                  "plain: %.*s", SPAN_ARG(text->body.plain));
    ck_assert_msg(span_eq(text->body.folded, span_str(body_case[_i].folded)),
                  "folded: %.*s", SPAN_ARG(text->body.folded));
}
END_TEST

/* The hosts of the links, a blank after each. */
static const struct {
    const char *body;
    const char *hosts;
} link_case[] = {
    { "no link", "" },
    { "http://a.example/ and www.b.com", "a.example www.b.com " },
    { "<a href=\"http://a.example/\">cheap</a>", "a.example " },
    { "<a href=\"http://a.example/\">http://a.example/</a>", "a.example " },
    { "<a href=\"http://www.shop.com/x\">shop.com</a>, shop.com.",
      "www.shop.com shop.com " },
    { "<a href=\"http://a.example/\">http://other.example/</a>",
      "a.example other.example " },
    { "[url=http://a.example/]x[/url] [url]http://b.example/[/url]",
      "a.example b.example " },
    { "http://z.example/ <a href=\"http://a.example/\">x</a>",
      "a.example z.example " },
    { "http://a.example/ http://a.example/", "a.example a.example " },
};

START_TEST(test_normalise_links)
{
    struct text *text = normalise_body(span_str(link_case[_i].body));
    struct span hosts = SPAN_LIT("");

    for (size_t i = 0; i < text->links.nr; i++)
        hosts = arena_printf(&arena, "%.*s%.*s ", SPAN_ARG(hosts),
                             SPAN_ARG(text->links.link[i].host));
    ck_assert_msg(span_eq(hosts, span_str(link_case[_i].hosts)),
                  "%s: got %.*s", link_case[_i].body, SPAN_ARG(hosts));
    ck_assert_uint_eq(text->links_more, 0);
}
END_TEST

START_TEST(test_normalise_many_links)
{
    static const char unit[] = "http://a.example/ ";
    size_t nr = LINK_NR_MAX + 100;
    char *body = malloc(nr * (sizeof(unit) - 1));
    struct text *text;

    for (size_t i = 0; i < nr; i++)
        memcpy(body + i * (sizeof(unit) - 1), unit, sizeof(unit) - 1);
    text = normalise_body((struct span){ body, nr * (sizeof(unit) - 1) });
    ck_assert_uint_eq(text->links.nr, LINK_NR_MAX);
    ck_assert_uint_eq(text->links_more, 100);
    free(body);
}
END_TEST

START_TEST(test_normalise_fields)
{
    struct comment comment = {
        .author = SPAN_LIT("J\xc3\xb6RG &amp; v1agra"),
        .author_url = SPAN_LIT(" www.Shop.example.com/x "),
        .author_email = SPAN_LIT("A@b@Mail.EXAMPLE "),
        .post_title = SPAN_LIT("About <em>Gardens</em>"),
        .post_text = SPAN_LIT("<p>Roses.</p>"),
        .parent_text = SPAN_LIT("I agree!"),
    };
    struct text *text = text_normalise(&arena, &comment);

    ck_assert(span_eq(text->author.plain, SPAN_LIT("J\xc3\xb6RG & v1agra")));
    ck_assert(span_eq(text->author.folded, SPAN_LIT("j\xc3\xb6rg & viagra")));
    ck_assert_uint_eq(text->author_fold.leet_words, 1);
    ck_assert_uint_eq(text->fold.leet_words, 0);
    ck_assert(
        span_eq(text->author_link.url, SPAN_LIT("www.Shop.example.com/x")));
    ck_assert(
        span_eq(text->author_link.host, SPAN_LIT("www.shop.example.com")));
    ck_assert(span_eq(text->author_link.domain, SPAN_LIT("example.com")));
    ck_assert(span_eq(text->email_domain, SPAN_LIT("mail.example")));
    ck_assert(span_eq(text->post_title.folded, SPAN_LIT("about gardens")));
    ck_assert_uint_eq(text->post_text.words.nr, 1);
    ck_assert_uint_eq(text->parent.words.nr, 3);
}
END_TEST

START_TEST(test_normalise_nothing)
{
    struct comment comment = {
        .author_url = SPAN_LIT("http://"),
        .author_email = SPAN_LIT("nobody"),
    };
    struct text *text = text_normalise(&arena, &comment);

    ck_assert_uint_eq(text->body.words.nr, 0);
    ck_assert_uint_eq(text->author_link.host.len, 0);
    ck_assert_uint_eq(text->email_domain.len, 0);
    ck_assert(!text->cut);
}
END_TEST

/* A long body is judged by its ends, cut between characters. */
START_TEST(test_normalise_cut)
{
    size_t len = 200000 + (size_t)_i;
    char *body = malloc(len + 3);
    struct text *text;

    memset(body, '-', (size_t)_i);
    for (size_t i = (size_t)_i; i + 3 <= len + 3; i += 3)
        memcpy(body + i, "\xe4\xbd\xa0", 3);
    len -= (len - (size_t)_i) % 3;
    memcpy(body, "A", 1);
    memcpy(body + len - 3, "end", 3);
    text = normalise_body((struct span){ body, len });
    ck_assert(text->cut);
    ck_assert_uint_le(text->repaired, 2); /* where "A" was put */
    ck_assert_uint_le(text->body.plain.len,
                      COMMENT_TEXT_HEAD + COMMENT_TEXT_TAIL + 8);
    ck_assert(span_ends(text->body.plain, SPAN_LIT("end")));
    ck_assert(span_eq(utf8_head(text->body.plain, 1), SPAN_LIT("A")));
    free(body);
}
END_TEST

START_TEST(test_normalise_keeps_nul_bodies_whole)
{
    char *body = calloc(1, MIB);
    struct text *text;

    memcpy(body + MIB - 3, "end", 3);
    text = normalise_body((struct span){ body, MIB });
    ck_assert(span_ends(text->body.plain, SPAN_LIT("end")));
    ck_assert_uint_gt(text->repaired, 60000);
    free(body);
}
END_TEST

static bool is_valid(struct span s)
{
    size_t repaired = 0;

    (void)utf8_repair(&arena, s, &repaired);
    return !repaired;
}

/* Any bytes at all, in every field. */
START_TEST(test_normalise_garbage)
{
    uint64_t state = (uint64_t)_i * 0x9E3779B97F4A7C15u + 1;
    char *bytes = malloc(MIB / 8);
    struct span all = { bytes, MIB / 8 };
    struct comment comment = {
        .text = all,
        .author = all,
        .author_url = all,
        .author_email = all,
        .post_title = all,
        .post_text = all,
        .parent_text = all,
    };
    struct text *text;

    for (size_t i = 0; i < all.len; i++) {
        state = state * 6364136223846793005u + 1442695040888963407u;
        bytes[i] =
            _i & 1 ? "<>&;[]/=\":a.@ !\xcc\x81\xe2\x80\xd0\xb0"[(state >> 33) %
                                                                22]
                   : (char)(state >> 33);
    }
    text = text_normalise(&arena, &comment);
    ck_assert(is_valid(text->body.plain));
    ck_assert(is_valid(text->body.folded));
    ck_assert(is_valid(text->author.folded));
    ck_assert(is_valid(text->author_link.url));
    ck_assert(is_valid(text->email_domain));
    free(bytes);
}
END_TEST

/* Units that fill a comment of a mebibyte and make some stage sweat. */
static const char *const heavy_case[] = {
    "<",
    "&",
    "[",
    "<a href=http://a.example/>http://a.example/</a>",
    "[url]http://a.example/[/url]",
    "http://",
    "a.",
    "a@",
    "v1",
    "a ",
    "\xd0\xb0"
    "a",
    "\xcc\x81",
    "\xf0\x9f\x98\x82\xe2\x80\x8d",
    "\xef\xbb\xbf",
    "\xef\xb7\xba",
    "\xff",
};

START_TEST(test_normalise_heavy)
{
    struct span unit = span_str(heavy_case[_i]);
    size_t nr = MIB / unit.len;
    char *body = malloc(MIB);
    struct span all = { body, nr * unit.len };
    struct comment comment = { .text = all, .author = all, .post_text = all };
    struct text *text;

    for (size_t i = 0; i < nr; i++)
        memcpy(body + i * unit.len, unit.ptr, unit.len);
    text = text_normalise(&arena, &comment);
    ck_assert(text->cut);
    ck_assert(is_valid(text->body.folded));
    free(body);
}
END_TEST

Suite *normalise_suite(void)
{
    Suite *s = suite_create("normalise");
    TCase *tc = tcase_create("normalise");
    TCase *heavy = tcase_create("heavy");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_normalise_body, 0,
                        sizeof(body_case) / sizeof(body_case[0]));
    tcase_add_loop_test(tc, test_normalise_links, 0,
                        sizeof(link_case) / sizeof(link_case[0]));
    tcase_add_test(tc, test_normalise_many_links);
    tcase_add_test(tc, test_normalise_fields);
    tcase_add_test(tc, test_normalise_nothing);
    tcase_add_loop_test(tc, test_normalise_cut, 0, 3);
    tcase_add_test(tc, test_normalise_keeps_nul_bodies_whole);
    suite_add_tcase(s, tc);
    tcase_add_checked_fixture(heavy, setup, teardown);
    tcase_set_timeout(heavy, 10);
    tcase_add_loop_test(heavy, test_normalise_garbage, 0, 8);
    tcase_add_loop_test(heavy, test_normalise_heavy, 0,
                        sizeof(heavy_case) / sizeof(heavy_case[0]));
    suite_add_tcase(s, heavy);
    return s;
}
