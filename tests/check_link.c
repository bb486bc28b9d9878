#include "text/link.h"

#include "support/cpu.h"

#include <check.h>
#include <stdlib.h>
#include <string.h>

#define BIG ((size_t)1 << 20)

/* Bound for a mebibyte, under the sanitizers, on a busy machine. */
#define BIG_MS_MAX 3000

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const struct {
    const char *url;
    const char *host; /* NULL: names no host */
} host_case[] = {
    { "http://example.com/a?b", "example.com" },
    { "HTTP://Shop.Example:80/", "shop.example" },
    { "//shop.example./", "shop.example" },
    { "https://user:pw@evil.example:8080?x", "evil.example" },
    { "http://good.example@evil.example/", "evil.example" },
    { "http:\\\\back.example\\path", "back.example" },
    { "http:/one.example", "one.example" },
    { " http://blank.example ", "blank.example" },
    { "ftp://files.example/", "files.example" },
    { "hxxp://shop[.]example/", "shop.example" },
    { "hxxps://shop(dot)example", "shop.example" },
    { "http://localhost/", "localhost" },
    { "http://192.0.2.1/", "192.0.2.1" },
    { "http://[2001:DB8::1]:80/", "2001:db8::1" },
    { "http://xn--mnchen-3ya.de/", "xn--mnchen-3ya.de" },
    { "http://M\xc3\x9cnchen.de/", "m\xc3\xbcnchen.de" },
    { "http://\xd0\x9f\xd0\xa0\xd0\x98\xd0\x9c\xd0\x95\xd0\xa0.\xd0\xa0\xd0"
      "\xa4",
      "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84" },
    { "www.example.com/x", "www.example.com" },
    { "example.com:80/x", "example.com" },
    { "example.com", "example.com" },
    { "http://example.com#a", "example.com" },
    { "http://a_b.example.com", "a_b.example.com" },
    { "mailto:a@example.com", NULL },
    { "a@example.com", NULL },
    { "tel:123", NULL },
    { "javascript:alert(1)", NULL },
    { "data:text/html,x", NULL },
    { "about.html", NULL },
    { "/about", NULL },
    { "#top", NULL },
    { "?q=example.com", NULL },
    { "http://", NULL },
    { "http://.", NULL },
    { "http://a b.example/", NULL },
    { "http://a..b/", NULL },
    { "http://[::1", NULL },
    { "http://[zz]/", NULL },
    { "com", NULL },
    { "", NULL },
};

START_TEST(test_link_host)
{
    const char *want = host_case[_i].host;
    struct span host = SPAN_LIT("untouched");

    ck_assert_msg(link_host(&arena, span_str(host_case[_i].url), &host) ==
                      (want != NULL),
                  "%s: got %.*s", host_case[_i].url, SPAN_ARG(host));
    ck_assert_msg(span_eq(host, span_str(want ? want : "untouched")),
                  "%s: got %.*s", host_case[_i].url, SPAN_ARG(host));
}
END_TEST

START_TEST(test_link_host_long)
{
    struct span host = SPAN_LIT("untouched");
    char *url = malloc(BIG);

    memset(url, 'a', BIG);
    memcpy(url, "http://", 7);
    ck_assert(!link_host(&arena, (struct span){ url, BIG }, &host));
    for (size_t i = 8; i < BIG; i += 2)
        url[i] = '.';
    ck_assert(!link_host(&arena, (struct span){ url, BIG }, &host));
    free(url);
}
END_TEST

static const struct {
    const char *host;
    const char *domain;
} domain_case[] = {
    { "www.example.com", "example.com" },
    { "a.b.example.co.uk", "example.co.uk" },
    { "spammer.blogspot.com", "spammer.blogspot.com" },
    { "www.\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84",
      "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84" },
    { "co.uk", "co.uk" },
    { "localhost", "localhost" },
    { "192.0.2.1", "192.0.2.1" },
    { "2001:db8::1", "2001:db8::1" },
    { "", "" },
};

START_TEST(test_link_domain)
{
    struct span domain = link_domain(span_str(domain_case[_i].host));

    ck_assert_msg(span_eq(domain, span_str(domain_case[_i].domain)),
                  "%s: got %.*s", domain_case[_i].host, SPAN_ARG(domain));
}
END_TEST

/* "how url host" of each link, parted by '|': B, D(isguised), M(ention). */
static const struct {
    const char *text;
    const char *want;
} find_case[] = {
    { "", "" },
    { "nothing here. Really.", "" },
    { "see http://example.com/a.", "B http://example.com/a example.com" },
    { "(see http://example.com/a_(b))", /* its own bracket stays */
      "B http://example.com/a_(b) example.com" },
    { "\"https://example.com\", he said",
      "B https://example.com example.com" },
    { "'http://example.com/?q=1!'", "B http://example.com/?q=1 example.com" },
    { "<http://example.com/>", "B http://example.com/ example.com" },
    { "[a](http://example.com/b) c", "B http://example.com/b example.com" },
    { "[url]http://example.com[/url]", "B http://example.com example.com" },
    { "http://a.example/,http://b.example/",
      "B http://a.example/ a.example|B http://b.example/ b.example" },
    { "http://a.example/http://b.example/",
      "B http://a.example/http://b.example/ a.example" },
    { "http://a.example/?u=http://b.example/",
      "B http://a.example/?u=http://b.example/ a.example" },
    { "http://u:p@a.example:8/x", "B http://u:p@a.example:8/x a.example" },
    { "http://http://a.example", "B http://a.example a.example" },
    { "HTTP://EXAMPLE.COM", "B HTTP://EXAMPLE.COM example.com" },
    { "ftp://files.example/x", "B ftp://files.example/x files.example" },
    { "foo://example.com/x", "B example.com/x example.com" },
    { "http://localhost:80/x", "B http://localhost:80/x localhost" },
    { "http://[::1]:80/x y", "B http://[::1]:80/x ::1" },
    { "http://", "" },
    { "http://word", "" },
    { "http:// example.org", "M example.org example.org" },
    { "www.example.com", "B www.example.com www.example.com" },
    { "(www.example.it)", "B www.example.it www.example.it" },
    { "www.nothing", "" },
    { "www...", "" },
    { "t.me/xyz", "B t.me/xyz t.me" },
    { "bit.ly/3Xy,", "B bit.ly/3Xy bit.ly" },
    { "example.com:8080", "B example.com:8080 example.com" },
    { "//example.com/x", "B example.com/x example.com" },
    { "10.0.0.0/8", "" },
    { "192.0.2.1:80", "B 192.0.2.1:80 192.0.2.1" },
    { "http://192.0.2.1/x", "B http://192.0.2.1/x 192.0.2.1" },
    { "booking.com, asp.net", "M booking.com booking.com|M asp.net asp.net" },
    { "EXAMPLE.COM", "M EXAMPLE.COM example.com" },
    { "shop.example.co.in", "M shop.example.co.in shop.example.co.in" },
    { "casino-7.de", "M casino-7.de casino-7.de" },
    { "xn--80aswg.xn--p1ai", "M xn--80aswg.xn--p1ai xn--80aswg.xn--p1ai" },
    { "example.com.The next", "M example.com example.com" },
    { "example.com.", "M example.com example.com" },
    { "example.com...", "M example.com example.com" },
    { "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84",
      "M \xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84 "
      "\xd0\xbf\xd1\x80\xd0\xb8\xd0\xbc\xd0\xb5\xd1\x80.\xd1\x80\xd1\x84" },
    /* no blanks around: Han, Hangul, ideographic stop, curly quotes */
    { "\xe8\xaf\xb7\xe7\x9c\x8bhttp://example.com/a\xe3\x80\x82\xe5\xa5\xbd",
      "B http://example.com/a example.com" },
    { "\xe7\x9c\x8bhttp://example.com\xe7\x9c\x8b\xe8\xbf\x99",
      "B http://example.com example.com" },
    { "\xe5\x8a\xa0www.example.com\xe7\x9c\x8b",
      "B www.example.com www.example.com" },
    { "example.com\xec\x97\x90\xec\x84\x9c", "M example.com example.com" },
    { "\xe2\x80\x9chttp://example.com/x\xe2\x80\x9d",
      "B http://example.com/x example.com" },
    { "http://example.com/x\xe2\x80\xa6",
      "B http://example.com/x example.com" },
    /* disguised */
    { "hxxp://example.com/x", "D hxxp://example.com/x example.com" },
    { "h**ps://example.com", "D h**ps://example.com example.com" },
    { "hxxp://example[.]com/x", "D hxxp://example[.]com/x example.com" },
    { "http://example(dot)com/x", "D http://example(dot)com/x example.com" },
    { "example[.]com", "D example[.]com example.com" },
    { "example [dot] com now", "D example [dot] com example.com" },
    { "example (DOT) com", "D example (DOT) com example.com" },
    { "shop dot com", "D shop dot com shop.com" },
    { "go to www dot shop dot com now",
      "D www dot shop dot com www.shop.com" },
    { "shop . com", "D shop . com shop.com" },
    { "example\xe3\x80\x82"
      "com",
      "D example\xe3\x80\x82"
      "com example.com" },
    /* people who mean no link */
    { "mail a@b.com, john.doe@example.com", "" },
    { "john (at) gmail.com or jim [at] gmail (dot) com", "" },
    { "joe at gmail dot com", "" },
    { "end.The, e.g. this, i.e. that, U.S. law", "" },
    { "node.js, file.txt, 3.5, v1.2.3, 10.0.0.1", "" },
    { "so.it is what it.is and yes.no", "" },
    { "Hello.My name, thanks.In the end.Com", "" },
    { "running dot net, about DOT NET", "" },
    { "R.E.M, D.P.M; mask 12.176.20.xxx", "" },
    { "mvc2-preview.zip, t4mvc1.tt, build-2.sh", "" },
    { "the point (.) al final", "" },
    { "the dot com bubble", "" },
    { "the . com of old", "" },
    { "connect dot dot dot", "" },
    { "polka dot dress", "" },
    { "the red dot example.com", "M example.com example.com" },
    { "a .net developer in the .com boom", "" },
    { "window.location.site() foo.info(x)", "" },
    { "path/to/file.com a=b.com", "" },
    { "...", "" },
    { "He said hi . I left . No answer", "" },
};

static void describe(char *out, size_t room, const struct link_list *list)
{
    static const char how[] = "BHCDM";
    size_t len = 0;

    out[0] = '\0';
    for (size_t i = 0; i < list->nr; i++) {
        const struct link *link = &list->link[i];

        len += (size_t)snprintf(out + len, room - len, "%s%c %.*s %.*s",
                                i ? "|" : "", how[link->how],
                                SPAN_ARG(link->url), SPAN_ARG(link->host));
    }
}

START_TEST(test_link_find)
{
    struct link_list list = { 0 };
    char got[1024];

    link_find(&arena, span_str(find_case[_i].text), &list);
    describe(got, sizeof(got), &list);
    ck_assert_msg(!strcmp(got, find_case[_i].want), "%s: got '%s'",
                  find_case[_i].text, got);
}
END_TEST

START_TEST(test_link_find_keeps_listed)
{
    struct span plain = SPAN_LIT("at http://a.example/ http://a.example/");
    struct link_list list = { 0 };

    link_add(&arena, &list, span_cut(plain, 3, 20), SPAN_LIT(""), LINK_BBCODE);
    link_find(&arena, plain, &list);
    ck_assert_uint_eq(list.nr, 2);
    ck_assert_int_eq(list.link[0].how, LINK_BBCODE);
    ck_assert_int_eq(list.link[1].how, LINK_BARE);
}
END_TEST

START_TEST(test_link_add_ceiling)
{
    struct link_list list = { 0 };

    for (int i = 0; i < LINK_NR_MAX + 3; i++)
        link_add(&arena, &list, SPAN_LIT("http://www.example.com"),
                 SPAN_LIT("x"), LINK_HTML);
    link_add(&arena, &list, SPAN_LIT("/about"), SPAN_LIT("x"), LINK_HTML);
    ck_assert_uint_eq(list.nr, LINK_NR_MAX);
    ck_assert_uint_eq(list.nr_more, 3);
    ck_assert(span_eq(list.link[511].domain, SPAN_LIT("example.com")));
}
END_TEST

/* Each repeated to a mebibyte: none may cost more than its length. */
static const char *const big_case[] = {
    "http://",
    "www.",
    "www.www.",
    "dot ",
    " dot ",
    "[",
    "(",
    "a.",
    "a.com ",
    "http://a.b ",
    "http://a.b/",
    "http://=",
    "http://a?",
    "http://a@",
    "a",
    "a-",
    "-",
    ".",
    ". ",
    "(dot)",
    "a(dot)",
    "a [.] ",
    "a . com ",
    "com/",
    "http://a.com(",
    "http://a.com)",
    "a@",
    "1.",
    "://",
    "h**p",
    "http://[",
    "\xc3\xa9.",
    "\xd0\xbf"
    "a",
    "\xe7\x9c\x8b",
    "http://a.b,",
    "a.com/",
};

START_TEST(test_link_find_big)
{
    struct link_list list = { 0 };
    const char *part = big_case[_i];
    size_t part_len = strlen(part);
    size_t len = BIG / part_len * part_len;
    char *text = malloc(BIG);
    int64_t start;

    for (size_t i = 0; i < len; i++)
        text[i] = part[i % part_len];
    start = cpu_ms();
    link_find(&arena, (struct span){ text, len }, &list);
    start = cpu_ms() - start;
    ck_assert_msg(start < BIG_MS_MAX, "%s: %lld ms", part, (long long)start);
    free(text);
}
END_TEST

/* Any text cut anywhere: nothing is read beyond its end (ASan looks on). */
START_TEST(test_link_find_cut)
{
    struct span text = span_str(find_case[_i].text);

    for (size_t len = 0; len <= text.len; len++) {
        struct link_list list = { 0 };
        size_t whole = len;
        char *copy;

        while (whole < text.len && (text.ptr[whole] & 0xC0) == 0x80)
            whole++;
        copy = malloc(whole + 1);
        memcpy(copy, text.ptr, whole);
        copy = realloc(copy, whole ? whole : 1);
        link_find(&arena, (struct span){ copy, whole }, &list);
        for (size_t i = 0; i < list.nr; i++)
            ck_assert_uint_gt(list.link[i].host.len, 0);
        free(copy);
    }
}
END_TEST

Suite *link_suite(void)
{
    const int find_nr = sizeof(find_case) / sizeof(find_case[0]);
    Suite *s = suite_create("link");
    TCase *tc = tcase_create("host");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_link_host, 0,
                        sizeof(host_case) / sizeof(host_case[0]));
    tcase_add_test(tc, test_link_host_long);
    tcase_add_loop_test(tc, test_link_domain, 0,
                        sizeof(domain_case) / sizeof(domain_case[0]));
    suite_add_tcase(s, tc);

    tc = tcase_create("find");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_link_find, 0, find_nr);
    tcase_add_loop_test(tc, test_link_find_cut, 0, find_nr);
    tcase_add_loop_test(tc, test_link_find_big, 0,
                        sizeof(big_case) / sizeof(big_case[0]));
    tcase_add_test(tc, test_link_find_keeps_listed);
    tcase_add_test(tc, test_link_add_ceiling);
    suite_add_tcase(s, tc);
    return s;
}
