#include "store/escape.h"

#include <check.h>

static const struct {
    const char *text;
    const char *kept; /* NULL: as it is */
} escape_case[] = {
    { "", NULL },
    { "plain, and it's \"so\"", NULL },
    { "Gr\xc3\xbc\xc3\x9f Gott \xe2\x82\xac \xf0\x9f\x98\x80", NULL },
    { "\xf4\x8e\xbf\xbf", NULL },       /* the last that is not ours */
    { "\xff", "\xf4\x8f\xbf\xbf" },     /* no byte of UTF-8's */
    { "a\x80z", "a\xf4\x8f\xbe\x80z" }, /* begins no character */
    { "\xc3", "\xf4\x8f\xbf\x83" },     /* cut short */
    { "\xc0\x80", "\xf4\x8f\xbf\x80\xf4\x8f\xbe\x80" },  /* a long form */
    { "\xed\xa0\x80", "\xf4\x8f\xbf\xad\xf4\x8f\xbe\xa0" /* a surrogate */
                      "\xf4\x8f\xbe\x80" },
    { "\xf4\x90\x80\x80", "\xf4\x8f\xbf\xb4\xf4\x8f\xbe\x90" /* beyond */
                          "\xf4\x8f\xbe\x80\xf4\x8f\xbe\x80" },
    { "\xf4\x8f\xbc\x80", "\xf4\x8f\xbf\xb4\xf4\x8f\xbe\x8f" /* ours */
                          "\xf4\x8f\xbe\xbc\xf4\x8f\xbe\x80" },
};

static struct buf there;
static struct buf back;

static void setup(void)
{
    buf_init(&there, 4096);
    buf_init(&back, 4096);
}

static void teardown(void)
{
    buf_release(&there);
    buf_release(&back);
}

/* There and back; what it became is in `there`. */
static void must_return(struct span text)
{
    buf_reset(&there);
    buf_reset(&back);
    escape_add(&there, text);
    escape_undo(&back, buf_span(&there));
    ck_assert(span_eq(buf_span(&back), text));
    ck_assert_int_eq(escape_used(buf_span(&there)),
                     !span_eq(buf_span(&there), text));
}

START_TEST(test_escape_add)
{
    struct span text = span_str(escape_case[_i].text);
    struct span kept =
        escape_case[_i].kept ? span_str(escape_case[_i].kept) : text;

    must_return(text);
    ck_assert(span_eq(buf_span(&there), kept));
}
END_TEST

START_TEST(test_escape_nul)
{
    must_return(SPAN_LIT("\0a\0"));
    ck_assert(span_eq(buf_span(&there), SPAN_LIT("\xf4\x8f\xbc\x80"
                                                 "a"
                                                 "\xf4\x8f\xbc\x80")));
}
END_TEST

/* Bytes without any sense, many of them such as begin or go on with one. */
START_TEST(test_escape_anything)
{
    static const char like[] = "\xf4\x8f\xbc\xbf\x80\xc3\xed\xe2\x00"
                               "a";
    unsigned seed = 1;

    for (int n = 0; n < 20000; n++) {
        char bytes[24];

        for (size_t i = 0; i < sizeof(bytes); i++) {
            seed = seed * 1103515245 + 12345;
            bytes[i] = like[(seed >> 16) % (sizeof(like) - 1)];
        }
        must_return((struct span){ bytes, seed % sizeof(bytes) });
    }
}
END_TEST

Suite *escape_suite(void)
{
    Suite *s = suite_create("escape");
    TCase *tc = tcase_create("escape");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_escape_add, 0,
                        sizeof(escape_case) / sizeof(escape_case[0]));
    tcase_add_test(tc, test_escape_nul);
    tcase_add_test(tc, test_escape_anything);
    suite_add_tcase(s, tc);
    return s;
}
