#include "text/markup.h"

#include "support/cpu.h"

#include <check.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define LARGE ((size_t)64 << 10)

/* Bound for LARGE bytes, under the sanitizers, on a busy machine. */
#define LARGE_MS_MAX 2000

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
    const char *raw;
    const char *plain; /* NULL: as raw */
} text_case[] = {
    /* nothing to take away */
    { "", NULL },
    { "plain, & simple", NULL },
    { "a < b and c > d", NULL },
    { "I <3 you <- this", NULL },
    { "x<y, <<EOF, 5 <6", NULL },
    { "I <think> so, <sigh/>", NULL },
    { "std::vector<int> v; List<Foo, Bar>", NULL },
    { "mail me: <joe@example.com>", NULL },
    { "<http://example.com/>", NULL },
    { "<?php echo 1; ?> <!doctype html>", NULL },
    { "<b", NULL },
    { "<", NULL },
    { "</", NULL },
    { "<!--", NULL },
    { "<!-- no end", NULL },
    { "use the <script> tag", NULL },
    { "put it in <style>, then", NULL },
    { "<a href=\"http://example.com>no end of quote</a", NULL },
    { "AT&T, R&D; a&b=c &foo; &#; &#x; &", NULL },
    { "http://example.com/?a=1&amp=2", NULL },
    /* elements */
    { "<b>bold</b> and <I>it</I>", "bold and it" },
    { "<p>one</p><p>two</p>", "one\ntwo" },
    { "<p>one</p>\n\n<p>two</p>\n", "one\n\ntwo" },
    { "one<br>two<br/>three<br />\nfour", "one\ntwo\nthree\nfour" },
    { "one<br><br>two", "one\n\ntwo" },
    { "one<br />\r\n<br />\r\ntwo", "one\n\ntwo" },
    { "<ul><li>one<li>two</ul>three", "one\ntwo\nthree" },
    { "<table><tr><td>a</td><td>b</td></tr></table>", "a\nb" },
    { "a<section>b</section>c <mark>d</mark>", "a\nb\nc d" },
    { "<b>x</b> <i>y</i>  z", "x y  z" },
    { "a <b>b", "a b" },
    { "a</b></i></div> b", "a b" },
    { "<div>a</div></div></div>b <i>c</i> d", "a\nb c d" },
    { "  lead", NULL },
    { "  <b>lead</b>\n", "  lead\n" },
    { "<html><head></head><body>x</body></html>", "x" },
    { "2 < 3 <b>but</b> 4 > 3 & <3", "2 < 3 but 4 > 3 & <3" },
    { "<b class='a>b' title=\"<i>\">x</b>", "x" },
    { "don't <b>x</b> it's", "don't x it's" },
    { "<meta charset=latin1>\xc3\xa9<b>\xc3\xa9</b>", "\xc3\xa9\xc3\xa9" },
    { "<b>gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80</b>",
      "gr\xc3\xbc\xc3\x9f \xf0\x9f\x98\x80" },
    { "hi <img class=\"wp-smiley\" alt=\":)\" src=\"https://s.example/a\">",
      "hi :)" },
    /* hidden */
    { "a<!-- <b>no</b> -->b", "ab" },
    { "a<script>var b = '<p>';</script>c", "ac" },
    { "a<SCRIPT type=x>b</Script >c", "ac" },
    { "a<style>b { c: d }</style>e", "ae" },
    { "a<div style='display : NONE'>b<p>c</p></div>d", "ad" },
    { "a<span hidden>b</span>c<span style=\"visibility:hidden\">d</span>",
      "ac" },
    { "<i style='font-size:0px'>a</i><i style='font-size:0.9em'>b</i>", "b" },
    { "<i style='left:-9999px'>a</i><i style='margin-left:-15px'>b</i>", "b" },
    { "a<img hidden>b", "ab" },
    /* entities */
    { "&lt;b&gt; &amp;&quot;&apos;", "<b> &\"'" },
    { "caf&eacute; &#8217; &#x2019; &#39;",
      "caf\xc3\xa9 \xe2\x80\x99 \xe2\x80\x99 '" },
    { "&amp;#8217; &amp;amp;", "\xe2\x80\x99 &" },
    { "it&#146;s &#x80", "it\xe2\x80\x99s \xe2\x82\xac" },
    { "&#0;&#xD800;&#x110000;&#99999999999;", /* the 11th digit is text */
      " \xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
      "9;" },
    { "&#10;&#13;&#1;", "\n\r " },
    { "http&colon;&sol;&sol;a&period;b", "http://a.b" },
    { "&lt b &amp c", "< b & c" },
    { "<b>&amp;lt;i&amp;gt;</b>", "<i>" },
    /* BBCode */
    { "[...] [1] [sic] [ ] [] [[x]] a[i] = b[i]", NULL },
    { "[b] and [/b", NULL },
    { "[/b] [/url]", NULL },
    { "[quote me] [link to it] [video here]", NULL },
    { "[words](http://example.com)", NULL },
    { "[i=0] [*] [url=]", NULL },
    { "[unknown]x[/unknown]", NULL },
    { "[b]bold[/b] [I]it[/I]", "bold it" },
    { "[color=red]x[/color] [size=\"5\"]y[/size]", "x y" },
    { "[quote=Joe]said[/quote]so", "said\nso" },
    { "[list][*]a[*]b[/list]", "a\nb\n" },
    { "[spoiler title=\"who did it\"]text[/spoiler]", "text\n" },
    { "[gallery ids=\"1,2\"]x", "x" },
    { "[su_box title='t']x", "x" },
    { "[su_box title=\xe2\x80\x9dt\xe2\x80\x9d]x", "x" },
    { "[url=http://example.com]here[/url]", "here" },
    { "[url]http://example.com[/url]", "http://example.com" },
    { "a[img]http://example.com/a.png[/img]b", "ab" },
    { "[img]no url[/img]", "no url" },
    { "<b>[b]x[/b]</b>", "x" },
};

START_TEST(test_markup_text)
{
    struct span raw = span_str(text_case[_i].raw);
    const char *want = text_case[_i].plain;
    struct markup_counts counts = { 0 };
    struct span got = markup_strip(&arena, raw, NULL, &counts);

    ck_assert_msg(span_eq(got, span_str(want ? want : text_case[_i].raw)),
                  "%s: got '%.*s'", text_case[_i].raw, SPAN_ARG(got));
    if (!want) {
        ck_assert_uint_eq(counts.tags + counts.bbcode + counts.hidden, 0);
        ck_assert_uint_eq(counts.entities, 0);
    }
}
END_TEST

/* "how host anchor" of each, parted by '|', those of link_find at the end. */
static const struct {
    const char *raw;
    const char *want;
} link_case[] = {
    { "<a href=\"http://www.example.com/x?a=1&amp;b\">Click <b>me</b></a>.",
      "H www.example.com Click me" },
    { "<a href=http://a.example>one <a href='//b.example'>two</a>",
      "H a.example one|H b.example two" },
    { "<a href='http://a.example'>caf&eacute;", "H a.example caf\xc3\xa9" },
    { "<a href=\"/about\">x</a><a name=y>z</a><a href='mailto:a@b.de'>m</a>",
      "" },
    { "<a href=\"http://a.example/x\" rel=\"nofollow ugc\">"
      "http://a.example/x</a>",
      "B a.example " },
    { "<a href=\"http://evil.example/\">http://good.example/</a>",
      "H evil.example http://good.example/|B good.example " },
    { "<img src=\"https://a.example/b.png\"><iframe src='//c.example'>",
      "H a.example |H c.example " },
    { "<img class=emoji src=\"https://s.example/b.png\">", "" },
    { "<!-- http://a.example/ --><script src='http://b.example/x'></script>",
      "B a.example |B b.example " },
    { "<p style='display:none'><a href='http://a.example'>x</a> "
      "http://b.example</p>",
      "H a.example x|B b.example " },
    { "<script>location='http://a.example/'</script>", "B a.example " },
    { "[url=http://a.example/x]here[/url]", "C a.example here" },
    { "[url=\"http://a.example/x\"]here[/url]", "C a.example here" },
    { "[url=http://a.example/x target=b]here[/url]", "C a.example here" },
    { "[url=\xe2\x80\x9dhttp://a.example/x\xe2\x80\x9d]here[/url]",
      "C a.example here" },
    { "[link=http://a.example]here[/link]", "C a.example here" },
    { "[link url=\"http://a.example\"]here[/link]", "C a.example here" },
    { "[url]http://a.example/[/url]", "C a.example " },
    { "[url] www.example.com [/url]", "C www.example.com " },
    { "[url=http://a.example/]http://a.example/[/url]", "C a.example " },
    { "[url=http://a.example]no end", "C a.example no end" },
    { "[url=http://a.example]a[url=http://b.example]b[/url]",
      "C a.example a|C b.example b" },
    { "[url]nothing[/url]", "" },
    { "[img]http://a.example/b.png[/img]", "C a.example " },
    { "[words](http://a.example/b)", "B a.example " },
    { "&lt;a href=\"http://a.example\"&gt;x&lt;/a&gt;", "B a.example " },
    { "http&#58;//a.example", "B a.example " },
};

START_TEST(test_markup_link)
{
    static const char how[] = "BHCDM";
    struct markup_counts counts = { 0 };
    struct link_list list = { 0 };
    char got[512] = "";
    size_t len = 0;
    struct span plain =
        markup_strip(&arena, span_str(link_case[_i].raw), &list, &counts);

    link_find(&arena, plain, &list);
    for (size_t i = 0; i < list.nr; i++)
        len += (size_t)snprintf(got + len, sizeof(got) - len, "%s%c %.*s %.*s",
                                i ? "|" : "", how[list.link[i].how],
                                SPAN_ARG(list.link[i].host),
                                SPAN_ARG(list.link[i].anchor));
    ck_assert_msg(!strcmp(got, link_case[_i].want), "%s: got '%s'",
                  link_case[_i].raw, got);
}
END_TEST

static const struct {
    const char *raw;
    struct markup_counts want;
} count_case[] = {
    { "<p>a<br>b</p>", { 0, 0, 0, 0 } },
    { "<b>a</b><img><i>", { 3, 0, 0, 0 } },
    { "<!-- 123 -->", { 0, 0, 0, 12 } },
    { "<script>1</script>", { 1, 0, 0, 18 } },
    { "<i hidden>12345</i>67", { 1, 0, 0, 5 } },
    { "[b]x[/b][url]x[/url]", { 0, 2, 0, 0 } },
    { "&#118;iagra &#x76;&#39;&eacute;", { 0, 0, 2, 0 } },
    { "caf&#233; &#1087;&#1088;&#1080;", { 0, 0, 0, 0 } },
    { "re&nu;isit 5 &mu;m &alpha;-helix", { 0, 0, 1, 0 } },
    { "p&#1072;ypal &amp;#112;", { 0, 0, 2, 0 } },
};

START_TEST(test_markup_counts)
{
    struct markup_counts got = { 0 };
    const struct markup_counts *want = &count_case[_i].want;

    (void)markup_strip(&arena, span_str(count_case[_i].raw), NULL, &got);
    ck_assert_msg(!memcmp(&got, want, sizeof(got)),
                  "%s: tags %zu bbcode %zu entities %zu hidden %zu",
                  count_case[_i].raw, got.tags, got.bbcode, got.entities,
                  got.hidden);
}
END_TEST

/* Each repeated to LARGE, the second part repeated after the first. */
static const struct {
    const char *first;
    const char *second;
} large_case[] = {
    { "<", "" },
    { "<a>", "" },
    { "<b>", "" },
    { "<div>", "" },
    { "<p>", "" },
    { "<li>", "" },
    { "<form>", "" },
    { "<font>", "</i>" },
    { "<div><b>", "</i></p>" },
    { "<b>", "</b>" },
    { "<a href=http://a.example>", "" },
    { "<a href=http://a.example>x", "</a>" },
    { "<a href=\"", "" },
    { "<a href='\"", "" },
    { "<a href='\"", "'>" },
    { "<a b=\"\" ", "c=\">\"" },
    { "<a a b c d e f g ", ">" },
    { "<i hidden>", "</i>" },
    { "<i style='display:none'>", "" },
    { "<script>", "" },
    { "<script>", "</script>" },
    { "<style>", "</script>" },
    { "<!--", "" },
    { "<!--", "-->" },
    { "<td>", "<table>" },
    { "<br>", "" },
    { "</p>", "" },
    { "&", "" },
    { "&#", "" },
    { "&#8217", "" },
    { "&amp;", "" },
    { "&thetasym;", "" },
    { "&nosuch;", "" },
    { "[", "" },
    { "[/", "" },
    { "[b]", "[/b]" },
    { "[b]", "" },
    { "[url]", "[/url]" },
    { "[url=http://a.example]", "[/url]" },
    { "[img]", "[/img]" },
    { "[url=", "]" },
    { "[a b=\"", "" },
    { "[*]", "[list]" },
    { "]", "" },
};

static char *repeat(const char *first, const char *second)
{
    char *text = malloc(LARGE);
    size_t half = *second ? LARGE / 2 : LARGE;
    size_t first_len = strlen(first);
    size_t second_len = strlen(second);

    for (size_t i = 0; i < half; i++)
        text[i] = first[i % first_len];
    for (size_t i = half; i < LARGE; i++)
        text[i] = second[(i - half) % second_len];
    return text;
}

START_TEST(test_markup_large)
{
    char *text = repeat(large_case[_i].first, large_case[_i].second);
    struct markup_counts counts = { 0 };
    struct link_list list = { 0 };
    int64_t ms = cpu_ms();
    struct span plain =
        markup_strip(&arena, (struct span){ text, LARGE }, &list, &counts);

    ms = cpu_ms() - ms;
    ck_assert_msg(ms < LARGE_MS_MAX, "%s %s: %lld ms", large_case[_i].first,
                  large_case[_i].second, (long long)ms);
    ck_assert_uint_le(plain.len, LARGE);
    free(text);
}
END_TEST

/* However deep it is, words stay words. */
START_TEST(test_markup_deep)
{
    struct markup_counts counts = { 0 };
    struct link_list list = { 0 };
    char *raw = malloc(LARGE);
    size_t len = 0;
    struct span plain;

    for (int i = 0; i < 1000; i++)
        len += (size_t)snprintf(raw + len, LARGE - len, "<b><i>w%d</i> ", i);
    len += (size_t)snprintf(raw + len, LARGE - len,
                            "<a href='http://a.example'>end</a>");
    plain = markup_strip(&arena, (struct span){ raw, len }, &list, &counts);
    ck_assert(span_starts(plain, SPAN_LIT("w0 w1 w2 ")));
    ck_assert(span_ends(plain, SPAN_LIT("w998 w999 end")));
    ck_assert_uint_eq(plain.len, 10 * 3 + 90 * 4 + 900 * 5 + 3);
    ck_assert_uint_eq(counts.tags, 2001);
    ck_assert_uint_eq(list.nr, 1);
    ck_assert(span_eq(list.link[0].anchor, SPAN_LIT("end")));
    free(raw);
}
END_TEST

/* Every case cut at every byte; ASan watches the end. */
START_TEST(test_markup_cut)
{
    struct span raw =
        span_str(_i % 2 ? text_case[_i / 2].raw : link_case[_i / 2].raw);

    for (size_t len = 0; len <= raw.len; len++) {
        struct markup_counts counts = { 0 };
        struct link_list list = { 0 };
        char *copy;

        if (len < raw.len && (raw.ptr[len] & 0xC0) == 0x80)
            continue;
        copy = malloc(len ? len : 1);
        memcpy(copy, raw.ptr, len);
        (void)markup_strip(&arena, (struct span){ copy, len }, &list, &counts);
        free(copy);
    }
}
END_TEST

static const char *const noise[] = {
    "<a href=",
    "http://a.example/",
    ">",
    "\"",
    "'",
    "<b>",
    "</a>",
    "<div",
    " style='display:none'",
    "</div>",
    "<br>",
    "&",
    "#8217",
    ";",
    "amp",
    "<",
    "[url",
    "=",
    "]",
    "[/url]",
    "[b]",
    "[/b]",
    "word",
    " ",
    "\n",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<p>",
    "</p>",
    "\xc3\xa9",
    "[*]",
    "[list]",
    "<table>",
    "<td>",
    "<form>",
    "</table>",
    "<select>",
    "<hr/>",
};

START_TEST(test_markup_noise)
{
    char raw[2048];

    srand(4711);
    for (int round = 0; round < 3000; round++) {
        struct markup_counts counts = { 0 };
        struct link_list list = { 0 };
        size_t len = 0;
        int nr = rand() % 60;

        for (int i = 0; i < nr; i++)
            len += (size_t)snprintf(
                raw + len, sizeof(raw) - len, "%s",
                noise[(size_t)rand() % (sizeof(noise) / sizeof(noise[0]))]);
        ck_assert_uint_le(
            markup_strip(&arena, (struct span){ raw, len }, &list, &counts)
                .len,
            len);
        arena_reset(&arena);
    }
}
END_TEST

static void *strip_often(void *result)
{
    struct arena own;
    size_t *wrong = result;

    arena_init(&own);
    for (int i = 0; i < 500; i++) {
        struct markup_counts counts = { 0 };
        struct span got = markup_strip(&own, SPAN_LIT("<p>a<b>b</b>&eacute;"),
                                       NULL, &counts);

        *wrong += !span_eq(got, SPAN_LIT("ab\xc3\xa9"));
        arena_reset(&own);
    }
    arena_release(&own);
    return NULL;
}

START_TEST(test_markup_threads)
{
    pthread_t thread[4];
    size_t wrong[4] = { 0 };

    for (int i = 0; i < 4; i++)
        ck_assert_int_eq(
            pthread_create(&thread[i], NULL, strip_often, &wrong[i]), 0);
    for (int i = 0; i < 4; i++) {
        pthread_join(thread[i], NULL);
        ck_assert_uint_eq(wrong[i], 0);
    }
}
END_TEST

Suite *markup_suite(void)
{
    const int text_nr = sizeof(text_case) / sizeof(text_case[0]);
    const int link_nr = sizeof(link_case) / sizeof(link_case[0]);
    Suite *s = suite_create("markup");
    TCase *tc = tcase_create("cases");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_markup_text, 0, text_nr);
    tcase_add_loop_test(tc, test_markup_link, 0, link_nr);
    tcase_add_loop_test(tc, test_markup_counts, 0,
                        sizeof(count_case) / sizeof(count_case[0]));
    tcase_add_loop_test(tc, test_markup_cut, 0, 2 * link_nr);
    suite_add_tcase(s, tc);

    tc = tcase_create("hostile");
    tcase_set_timeout(tc, 30);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_markup_large, 0,
                        sizeof(large_case) / sizeof(large_case[0]));
    tcase_add_test(tc, test_markup_deep);
    tcase_add_test(tc, test_markup_noise);
    tcase_add_test(tc, test_markup_threads);
    suite_add_tcase(s, tc);
    return s;
}
