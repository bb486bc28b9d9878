#include "policy/lists.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char path_template[] = "/tmp/sluice-list-XXXXXX";

static struct arena arena;
static char path[sizeof(path_template)];

static void setup(void)
{
    arena_init(&arena);
    memcpy(path, path_template, sizeof(path));
    close(mkstemp(path));
}

static void teardown(void)
{
    unlink(path);
    arena_release(&arena);
}

static void write_list(const char *text, size_t len)
{
    FILE *file = fopen(path, "w");

    ck_assert_uint_eq(fwrite(text, 1, len, file), len);
    fclose(file);
}

/* What a deny list of `text` says; the entry goes to `entry`. */
static enum list_answer ask(const char *text, const struct comment *comment,
                            struct span *entry)
{
    struct lists *lists;
    struct error err;
    enum list_answer answer;

    write_list(text, strlen(text));
    ck_assert_msg(!lists_load(&lists, NULL, path, &err), "%s", err.text);
    answer = lists_ask(lists, comment, text_normalise(&arena, comment), entry);
    if (answer != LIST_NEITHER)
        *entry = arena_dup(&arena, *entry);
    lists_free(lists);
    return answer;
}

static const struct {
    const char *list;
    const char *field;
    const char *value;
    bool match;
} match_case[] = {
    { "email:ann@example.com", "author_email", "ann@example.com", true },
    { "email:Ann@Example.com", "author_email", " ANN@example.COM ", true },
    { "email:ann@example.com", "author_email", "joann@example.com", false },
    { "email:ann@example.com", "author_email", "@example.com", false },
    { "email:@example.com", "author_email", "bob@example.com", true },
    { "email:@example.com", "author_email", "@example.com", true },
    { "email:@example.com", "author_email", "bob@mail.example.com", false },
    { "email:@example.com", "author_email", "", false },
    { "domain:shop.example", "author_url", "https://shop.example/x", true },
    { "domain:Shop.EXAMPLE", "author_url", "http://www.shop.example", true },
    { "domain:shop.example", "author_url", "http://myshop.example", false },
    { "domain:shop.example", "author_url", "http://example/", false },
    { "domain:shop.example", "text",
      "Look <a href='HTTP://a.b.Shop.example:80/'>here</a>", true },
    { "domain:shop.example", "text", "no link to shops at all", false },
    { "ip:203.0.113.7", "author_ip", "203.0.113.7", true },
    { "ip:203.0.113.7", "author_ip", "203.0.113.8", false },
    { "ip:203.0.113.7", "author_ip", "::ffff:203.0.113.7", true },
    { "ip:203.0.113.0/24", "author_ip", "203.0.113.255", true },
    { "ip:203.0.113.99/24", "author_ip", "203.0.113.1", true },
    { "ip:203.0.113.0/24", "author_ip", "203.0.114.0", false },
    { "ip:203.0.113.128/25", "author_ip", "203.0.113.127", false },
    { "ip:0.0.0.0/0", "author_ip", "198.51.100.1", true },
    { "ip:0.0.0.0/0", "author_ip", "2001:db8::1", false },
    { "ip:2001:db8::/32", "author_ip", "2001:DB8:0:1::2", true },
    { "ip:2001:db8::/32", "author_ip", "2001:db9::", false },
    { "ip:203.0.113.0/24", "author_ip", "203.0.113", false },
    { "ip:203.0.113.0/24", "author_ip", "", false },
    { "author:Michael Hannah", "author", "michael HANNAH", true },
    { "author:Michael Hannah", "author", "Michael", false },
    { "author:Michael Hannah", "author", "Michael Hannah Jr", false },
    { "author:\xD0\x98\xD0\xB2\xD0\xB0\xD0\xBD", "author",
      "\xD0\xB8\xD0\xB2\xD0\xB0\xD0\xBD", true },
    { "word:viagra", "text", "Buy VIAGRA now", true },
    { "word:viagra", "text", "buy v1agra now", true },
    { "word:viagra", "text", "buy viagras now", false },
    { "word:viagra", "author", "Viagra Shop", true },
    { "word:Viagra", "text", "<b>via</b>gra is two tags, one word", true },
    { "role:Editor", "role", "editor", true },
    { "role:editor", "role", "", false },
    { "  email:a@b.example   # a friend", "author_email", "a@b.example",
      true },
    { "\xEF\xBB\xBF"
      "email:a@b.example\r\n",
      "author_email", "a@b.example", true },
    { "# email:a@b.example\n\n", "author_email", "a@b.example", false },
    { "author:C# fan", "author", "C# fan", true },
    { "", "text", "anything", false },
};

START_TEST(test_lists_match)
{
    struct comment comment = { .id = SPAN_LIT("1") };
    struct span entry = SPAN_LIT("");

    *comment_field(&comment, span_str(match_case[_i].field)) =
        span_str(match_case[_i].value);
    ck_assert_msg(ask(match_case[_i].list, &comment, &entry) ==
                      (match_case[_i].match ? LIST_DENY : LIST_NEITHER),
                  "%s against %s", match_case[_i].list, match_case[_i].value);
    ck_assert_int_eq(entry.len != 0, match_case[_i].match);
}
END_TEST

static const struct {
    const char *list;
    const char *where; /* the error's end of "path" */
} error_case[] = {
    { "nonsense", ":1: expected email:" },
    { "email:a@b.example\n\n# fine\nmail:a@b.example\n",
      ":4: expected email:" },
    { "email:", ":1: expected a value" },
    { "email:ann", ":1: expected an address" },
    { "email:ann@", ":1: expected an address" },
    { "domain:http://shop.example/", ":1: expected a name such as" },
    { "domain:shop.example/path", ":1: expected a name such as" },
    { "ip:203.0.113.0/33", ":1: expected an address such as" },
    { "ip:203.0.113.0/", ":1: expected an address such as" },
    { "ip:203.0.113.0/-1", ":1: expected an address such as" },
    { "ip:203.0.113.256", ":1: expected an address such as" },
    { "ip:2001:db8::/129", ":1: expected an address such as" },
    { "ip:ten", ":1: expected an address such as" },
    { "word:two words", ":1: expected one word" },
    { ":x", ":1: expected email:" },
};

START_TEST(test_lists_error)
{
    struct lists *lists = NULL;
    struct error err;
    struct span where;

    write_list(error_case[_i].list, strlen(error_case[_i].list));
    ck_assert_int_eq(lists_load(&lists, path, NULL, &err), ERROR_CONFIG);
    ck_assert_int_eq(err.code, ERROR_CONFIG);
    ck_assert(span_starts(span_str(err.text), span_str(path)));
    where = span_cut(span_str(err.text), strlen(path), sizeof(err.text));
    ck_assert_msg(span_starts(where, span_str(error_case[_i].where)), "%s",
                  err.text);
}
END_TEST

START_TEST(test_lists_no_file)
{
    struct lists *lists = NULL;
    struct error err;

    ck_assert_int_eq(lists_load(&lists, "/nowhere/allow", NULL, &err),
                     ERROR_CONFIG);
    ck_assert_int_eq(err.code, ERROR_CONFIG);
    ck_assert(!lists_load(&lists, NULL, "", &err));
    lists_free(lists);
    lists_free(NULL);
}
END_TEST

/* Bytes of any kind are an error with a line, never a crash. */
START_TEST(test_lists_garbage)
{
    static char text[1 << 16];
    struct lists *lists = NULL;
    struct error err;

    srand(4);
    for (int round = 0; round < 20; round++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (char)rand();
        write_list(text, sizeof(text));
        ck_assert_int_eq(lists_load(&lists, path, path, &err), ERROR_CONFIG);
    }
    memset(text, '<', sizeof(text));
    memcpy(text, "word:", 5);
    write_list(text, sizeof(text));
    ck_assert_int_eq(lists_load(&lists, path, NULL, &err), ERROR_CONFIG);
}
END_TEST

/* Among many, the one that matches is found, and deny wins. */
START_TEST(test_lists_many)
{
    const struct comment comment = {
        .text = SPAN_LIT("see http://deep.host777.example/ please"),
        .author_ip = SPAN_LIT("10.3.2.1"),
    };
    const struct text *text = text_normalise(&arena, &comment);
    FILE *file = fopen(path, "w");
    struct lists *lists;
    struct span entry;
    struct error err;

    for (int i = 0; i < 3000; i++)
        fprintf(file, "domain:host%d.example\nip:10.%d.%d.0/24\n", i, i % 256,
                i / 256);
    fclose(file);
    ck_assert(!lists_load(&lists, path, NULL, &err));
    ck_assert_int_eq(lists_ask(lists, &comment, text, &entry), LIST_ALLOW);
    ck_assert(span_eq(entry, SPAN_LIT("ip:10.3.2.0/24")));
    lists_free(lists);
    ck_assert(!lists_load(&lists, path, path, &err));
    ck_assert_int_eq(lists_ask(lists, &comment, text, &entry), LIST_DENY);
    lists_free(lists);
}
END_TEST

Suite *lists_suite(void)
{
    Suite *s = suite_create("lists");
    TCase *tc = tcase_create("lists");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_lists_match, 0,
                        sizeof(match_case) / sizeof(match_case[0]));
    tcase_add_loop_test(tc, test_lists_error, 0,
                        sizeof(error_case) / sizeof(error_case[0]));
    tcase_add_test(tc, test_lists_no_file);
    tcase_add_test(tc, test_lists_garbage);
    tcase_add_test(tc, test_lists_many);
    suite_add_tcase(s, tc);
    return s;
}
