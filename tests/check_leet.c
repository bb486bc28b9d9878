#include "text/leet.h"

#include "base/span.h"

#include <check.h>
#include <string.h>

static const struct {
    const char *text;
    const char *want;
} undone_case[] = {
    { "v1agra", "viagra" },
    { "c4sino", "casino" },
    { "sh!t", "shit" },
    { "a$$", "ass" },
    { "a$$hole", "asshole" },
    { "id!0t", "idiot" },
    { "pr0n", "pron" },
    { "b1tch", "bitch" },
    { "b00bs", "boobs" },
    { "l33t", "leet" },
    { "h4x0r", "haxor" },
    { "bu$ine$$", "business" },
    { "v@lium", "valium" },
    { "vi@gra!!", "viagra!!" },
    { "on1ine", "online" },
    { "mi1f", "milf" },
    { "pu55y", "pussy" },
    { "\xe2\x80\x9cv1agra\xe2\x80\x9d", "\xe2\x80\x9cviagra\xe2\x80\x9d" },
};

START_TEST(test_leet_undone)
{
    struct fold_counts counts = { 0 };
    char text[64];
    size_t len = strlen(undone_case[_i].text);

    memcpy(text, undone_case[_i].text, len);
    leet_undo(text, len, &counts);
    ck_assert_msg(
        span_eq((struct span){ text, len }, span_str(undone_case[_i].want)),
        "%s: got %.*s", undone_case[_i].text, (int)len, text);
    ck_assert_uint_eq(counts.leet_words, 1);
}
END_TEST

static const char *const honest_case[] = {
    "covid19",
    "mp3",
    "4k",
    "f-35",
    "2nd",
    "b2b",
    "h264",
    "type26",
    "t-72",
    "3rd",
    "1080p",
    "ak47",
    "log4j",
    "neo4j",
    "iphone5s",
    "mp3s",
    "mp3player",
    "ps4pro",
    "k8s",
    "i18n",
    "l10n",
    "w3schools",
    "w3c",
    "sha1sum",
    "md5sum",
    "webhost4life",
    "html5video",
    "win7pro",
    "x86_64",
    "utf8mb4",
    "r2d2",
    "c3po",
    "y2k",
    "h1b",
    "g20",
    "us$",
    "$tsla",
    "us$100",
    "me@example",
    "me@ex.com",
    "n1k@mail.example",
    "great!yes",
    "hello!world",
    "yes!!no",
    "wow!",
    "ya3ni",
    "ma3lesh",
    "el7amdulillah",
    "#c0ffee",
    "@d4rk",
    "caf\xc3\xa9\x34u",
    "0",
    "!@$",
    "",
    "a",
    "win32api",
    "10am",
    "deadbeef0123456789abcdefdeadbeef0123a",
};

START_TEST(test_leet_honest)
{
    struct fold_counts counts = { 0 };
    struct span want = span_str(honest_case[_i]);
    char text[64];

    memcpy(text, want.ptr, want.len);
    leet_undo(text, want.len, &counts);
    ck_assert_msg(span_eq((struct span){ text, want.len }, want),
                  "%s: got %.*s", want.ptr, (int)want.len, text);
    ck_assert_uint_eq(counts.leet_words, 0);
}
END_TEST

Suite *leet_suite(void)
{
    Suite *s = suite_create("leet");
    TCase *tc = tcase_create("leet");

    tcase_add_loop_test(tc, test_leet_undone, 0,
                        sizeof(undone_case) / sizeof(undone_case[0]));
    tcase_add_loop_test(tc, test_leet_honest, 0,
                        sizeof(honest_case) / sizeof(honest_case[0]));
    suite_add_tcase(s, tc);
    return s;
}
