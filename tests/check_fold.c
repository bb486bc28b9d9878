#include "text/fold.h"

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

static bool is_valid(struct span text)
{
    size_t repaired = 0;

    (void)utf8_repair(&arena, text, &repaired);
    return !repaired;
}

static bool is_zero(const struct fold_counts *counts)
{
    return !(counts->invisible || counts->bidi || counts->compat ||
             counts->marks || counts->mixed_words || counts->leet_words ||
             counts->spaced_words || counts->repeats);
}

/* Honest text: folded by case and NFKC, and nothing is held against it. */
static const struct {
    const char *text;
    const char *want;
} honest_case[] = {
    { "", "" },
    { "Hello, World!", "hello, world!" },
    { "It\xe2\x80\x99s \xe2\x80\x9cgood\xe2\x80\x9d", "it's \"good\"" },
    { "Привет, как ДЕЛА?", "привет, как дела?" },
    { "Καλημέρα κόσμε", "καλημέρα κόσμε" },
    { "مرحبًا بِكُمْ", "مرحبًا بِكُمْ" },
    { "नमस्ते हिन्दी में", "नमस्ते हिन्दी में" },
    { "สวัสดีครับ ที่นี่", "สวัสดีครับ ที่นี่" },
    { "안녕하세요 세계", "안녕하세요 세계" },
    { "你好,世界。", "你好,世界。" },
    { "שָׁלוֹם", "שָׁלוֹם" },
    { "Việt Nam", "việt nam" },
    { "Vie\xcc\xa3\xcc\x82t cafe\xcc\x81", "việt café" }, /* decomposed */
    { "İstanbul, ısı", "istanbul, ısı" },
    { "Straße", "strasse" },
    { "1000000 or 5555", "1000000 or 5555" },
    { "m², H₂O, ½, ™, №, ﬁsh, ①", "m2, h2o, 1\xe2\x81\x84\x32, tm, no, "
                                  "fish, 1" },
    { "Ｗｅｂ担当者です", "web担当者です" },
    { "ｶﾀｶﾅ", "カタカナ" },
    /* a Persian non-joiner, a soft hyphen, a byte order mark, bidi marks */
    { "می\xe2\x80\x8cخواهم", "میخواهم" },
    { "soft\xc2\xadhyphen", "softhyphen" },
    { "\xef\xbb\xbf"
      "a\xef\xbb\xbf",
      "a" },
    { "\xe2\x80\x8fשלום", "שלום" },
    { "a\xc2\xa0"
      "b",
      "a b" },
    /* emoji: skin tone and variation go, joiners and flags stay */
    { "👍🏽 ❤️", "👍 ❤" },
    { "👩🏻‍💻 👨‍👩‍👧", "👩‍💻 👨‍👩‍👧" },
    { "🇩🇪 1️⃣", "🇩🇪 1⃣" },
    { "iPhone’ом, SMS-ка", "iphone'ом, sms-ка" },
    { "covid19 on the F-35, B2B", "covid19 on the f-35, b2b" },
    { "wait... -------- ok", "wait... --- ok" },
};

START_TEST(test_fold_honest)
{
    struct fold_counts counts = { 0 };
    struct span got =
        fold_text(&arena, span_str(honest_case[_i].text), &counts);

    ck_assert_msg(span_eq(got, span_str(honest_case[_i].want)), "%s: got %.*s",
                  honest_case[_i].text, SPAN_ARG(got));
    ck_assert_msg(is_zero(&counts), "%s: counted", honest_case[_i].text);
}
END_TEST

static const struct {
    const char *text;
    const char *want;
    struct fold_counts counts;
} dressed_case[] = {
    { "sooooo good!!!!!", "soo good!!!", { .repeats = 5 } },
    { "дааааа", "даа", { .repeats = 3 } },
    { "😂😂😂😂😂", "😂😂😂", { .repeats = 2 } },
    { "𝓯𝓻𝓮𝓮 ⓕⓡⓔⓔ", "free free", { .compat = 8 } },
    { "ｆｒｅｅ", "free", { .compat = 4 } },
    { "🅵🆁🅴🅴 ⒡⒭⒠⒠", "free free", { .compat = 8 } },
    { "ᴄᴀsɪɴᴏ", "casino", { .compat = 5 } },
    { "fr\xe2\x80\x8b\xe2\x80\x8b"
      "e\xe2\x80\x8b"
      "e",
      "free",
      { .invisible = 3 } },
    { "\xe2\x80\xaelive\xe2\x80\xac", "live", { .bidi = 2 } },
    { "hi\xf3\xa0\x81\xa1\xf3\xa0\x81\xa2", "hi", { .invisible = 2 } },
    { "z\xcc\xb7\xcc\xa1\xcc\x9b\xcc\x9b\xcc\xbc"
      "a",
      "za",
      { .marks = 4 } },
    { "v1@gra and c.a.s.i.n.o",
      "viagra and casino",
      { .leet_words = 1, .spaced_words = 1 } },
    { "v 1 a g r a", "viagra", { .leet_words = 1, .spaced_words = 1 } },
    { "САSINО Вonus", "casino bonus", { .mixed_words = 2 } },
    { "a$$$$", "a$$$", { 0 } },
    { "fr\xd0\xb5\xd0\xb5 c\x34sino",
      "free casino",
      { .mixed_words = 1, .leet_words = 1 } },
};

START_TEST(test_fold_dressed)
{
    struct fold_counts counts = { 0 };
    const struct fold_counts *want = &dressed_case[_i].counts;
    struct span got =
        fold_text(&arena, span_str(dressed_case[_i].text), &counts);

    ck_assert_msg(span_eq(got, span_str(dressed_case[_i].want)),
                  "%s: got %.*s", dressed_case[_i].text, SPAN_ARG(got));
    ck_assert_uint_eq(counts.invisible, want->invisible);
    ck_assert_uint_eq(counts.bidi, want->bidi);
    ck_assert_uint_eq(counts.compat, want->compat);
    ck_assert_uint_eq(counts.marks, want->marks);
    ck_assert_uint_eq(counts.mixed_words, want->mixed_words);
    ck_assert_uint_eq(counts.leet_words, want->leet_words);
    ck_assert_uint_eq(counts.spaced_words, want->spaced_words);
    ck_assert_uint_eq(counts.repeats, want->repeats);
}
END_TEST

START_TEST(test_fold_counts_words)
{
    struct fold_counts counts = { 0 };

    (void)fold_text(&arena,
                    SPAN_LIT("Two words. \xe2\x80\x94 \xd0\xb4\xd0\xb0"
                             " B2B 42!"),
                    &counts);
    ck_assert_uint_eq(counts.words, 5);
}
END_TEST

/* Units that, over and over, make a stage slow or long if anything does. */
static const char *const heavy_case[] = {
    "a",
    "a ",
    "a.",
    "v1",
    "1",
    "!",
    "a!",
    "a$",
    "\xcc\x81",                     /* a combining accent */
    "\xe0\xb9\x87",                 /* a Thai mark */
    "\xe2\x80\x8b",                 /* zero width */
    "\xe2\x80\xae",                 /* override */
    "\xef\xb7\xba",                 /* grows most under NFKC */
    "\xf0\x9f\x98\x82",             /* emoji */
    "\xf0\x9f\x98\x82\xe2\x80\x8d", /* emoji, joiner */
    "\xf0\x9f\x87\xa9",             /* half a flag */
    "\xd0\xb0"
    "a", /* mixed without end */
    "\xd0\xb0"
    "a ",
    "\xd0\x90\xce\x91 ",
    "\xe1\x84\x80\xe1\x85\xa1", /* Hangul that composes */
    "\xf0\x9d\x93\xaf",         /* mathematical */
    "a\xcc\x81\xcc\x81\xcc\x81",
    "\xef\xbc\xa1",
};

/* Ten seconds are for the sanitizers; quadratic steps would take an hour. */
START_TEST(test_fold_is_linear)
{
    struct span unit = span_str(heavy_case[_i]);
    struct fold_counts counts = { 0 };
    size_t nr = MIB / unit.len;
    char *text = malloc(MIB);
    struct span got;

    for (size_t i = 0; i < nr; i++)
        memcpy(text + i * unit.len, unit.ptr, unit.len);
    got = fold_text(&arena, (struct span){ text, nr * unit.len }, &counts);
    ck_assert(is_valid(got));
    free(text);
}
END_TEST

/* A fold is its own fold, but for what comes to light only then. */
START_TEST(test_fold_is_settled)
{
    struct fold_counts counts = { 0 };
    struct span once =
        fold_text(&arena, span_str(honest_case[_i].want), &counts);

    ck_assert(span_eq(once, span_str(honest_case[_i].want)));
    ck_assert(is_zero(&counts));
}
END_TEST

/* Every code point by itself, after a letter and before one. */
START_TEST(test_fold_any_character)
{
    uint32_t from = (uint32_t)_i << 12;

    for (uint32_t cp = from ? from : 1; cp < from + 0x1000; cp++) {
        struct fold_counts counts = { 0 };
        char text[UTF8_BYTES_MAX + 2] = "a";
        size_t len = 1 + utf8_put(text + 1, cp);

        text[len++] = 'b';
        ck_assert(
            is_valid(fold_text(&arena, (struct span){ text, len }, &counts)));
        arena_reset(&arena);
    }
}
END_TEST

Suite *fold_suite(void)
{
    Suite *s = suite_create("fold");
    TCase *tc = tcase_create("fold");
    TCase *heavy = tcase_create("heavy");
    int nr = sizeof(honest_case) / sizeof(honest_case[0]);

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_fold_honest, 0, nr);
    tcase_add_loop_test(tc, test_fold_is_settled, 0, nr);
    tcase_add_loop_test(tc, test_fold_dressed, 0,
                        sizeof(dressed_case) / sizeof(dressed_case[0]));
    tcase_add_test(tc, test_fold_counts_words);
    suite_add_tcase(s, tc);
    tcase_add_checked_fixture(heavy, setup, teardown);
    tcase_set_timeout(heavy, 10);
    tcase_add_loop_test(heavy, test_fold_is_linear, 0,
                        sizeof(heavy_case) / sizeof(heavy_case[0]));
    tcase_add_loop_test(heavy, test_fold_any_character, 0, 0x20);
    suite_add_tcase(s, heavy);
    return s;
}
