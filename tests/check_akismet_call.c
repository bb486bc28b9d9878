#include "server/akismet_call.h"

#include <check.h>

#define PLUGIN "WordPress/6.1.9 | Akismet/5.0.2"
#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static struct akismet_call read_as(const char *agent, const char *body)
{
    struct akismet_call call;
    struct form form;
    struct error err;

    ck_assert(!form_parse(&form, &arena, span_str(body), &err));
    akismet_call_read(&call, &arena, &form, span_str(agent));
    return call;
}

static void is(struct span got, const char *want)
{
    ck_assert_msg(span_eq(got, span_str(want)), "got '%.*s', wanted '%s'",
                  SPAN_ARG(got), want);
}

START_TEST(test_akismet_call_fields)
{
    struct akismet_call call = read_as(
        "any/1", "blog=http%3A%2F%2Fb&comment_content=Hi+there"
                 "&comment_author=Ann&comment_author_email=ann%40example.com"
                 "&comment_author_url=http%3A%2F%2Fann.example"
                 "&user_ip=+192.0.2.1&user_agent=M&referrer=R"
                 "&comment_date_gmt=2026-01-02&permalink=http%3A%2F%2Fb%2F1"
                 "&comment_type=reply&user_role=editor&blog_lang=de%2C+fr_ca"
                 "&api_key=abcdefghijk1&reporter=bob&guid=g&comment_ID=7"
                 "&comment_context%5B0%5D=tag&POST_ak_js=200");

    is(call.comment.text, "Hi there");
    is(call.comment.author, "Ann");
    is(call.comment.author_email, "ann@example.com");
    is(call.comment.author_url, "http://ann.example");
    is(call.comment.author_ip, "192.0.2.1");
    is(call.comment.user_agent, "M");
    is(call.comment.referrer, "R");
    is(call.comment.date, "2026-01-02");
    is(call.comment.permalink, "http://b/1");
    is(call.comment.type, "reply");
    is(call.comment.role, "editor");
    is(call.comment.lang, "de");
    is(call.comment.id, "");
    is(call.comment.post_title, "");
    is(call.comment.post_text, "");
    is(call.comment.trap, "");
    is(call.comment.fill_ms, "");
    is(call.reporter, "bob");
    is(call.guid, "g");
    is(call.comment_id, "7");
    ck_assert(!call.is_plugin && !call.is_test);
    ck_assert_int_eq(call.wish, AKISMET_WISH_NONE);
}
END_TEST

/* The names of WordPress's table, as feedback brings them. */
START_TEST(test_akismet_call_row)
{
    struct akismet_call call =
        read_as(PLUGIN, "comment_author_IP=192.0.2.7&comment_agent=Old"
                        "&user_ip=&content_type=contact-form");

    is(call.comment.author_ip, "192.0.2.7");
    is(call.comment.user_agent, "Old");
    is(call.comment.type, "contact-form");
    ck_assert(call.is_plugin);
}
END_TEST

/* The protocol's name wins over the table's, whatever their order. */
START_TEST(test_akismet_call_precedence)
{
    struct akismet_call call =
        read_as("", "content_type=b&comment_type=a"
                    "&comment_author_IP=192.0.2.2&user_ip=192.0.2.1");

    is(call.comment.type, "a");
    is(call.comment.author_ip, "192.0.2.1");
}
END_TEST

START_TEST(test_akismet_call_nothing)
{
    struct akismet_call call = read_as("", "");

    is(call.comment.text, "");
    ck_assert_int_eq(call.wish, AKISMET_WISH_NONE);
}
END_TEST

/* %27 is ', %22 is ", %5C is a backslash. */
static const struct {
    const char *agent;
    const char *more; /* fields beside the text */
    const char *sent;
    const char *text;
} slash_case[] = {
    { PLUGIN, "akismet_comment_nonce=failed", "It%5C%27s", "It's" },
    { PLUGIN, "akismet_comment_nonce=inactive", "%5C%22a%5C%22 %5C%5C",
      "\"a\" \\" },
    { PLUGIN, "akismet_comment_nonce=passed", "C:%5C%5CUsers", "C:\\Users" },
    /* What the REST API sends has none: no quote is without its own. */
    { PLUGIN, "akismet_comment_nonce=failed", "It's", "It's" },
    { PLUGIN, "akismet_comment_nonce=failed", "It's %5C%27s", "It's \\'s" },
    { PLUGIN, "akismet_comment_nonce=failed", "C:%5CUsers", "C:\\Users" },
    { PLUGIN, "akismet_comment_nonce=failed", "end%5C", "end\\" },
    { PLUGIN, "akismet_comment_nonce=failed", "plain", "plain" },
    /* A row of the database, feedback, other clients: as it is. */
    { PLUGIN, "akismet_comment_nonce=failed&comment_ID=7", "It%5C%27s",
      "It\\'s" },
    { PLUGIN, "comment_post_ID=1", "It%5C%27s", "It\\'s" },
    { "Ruby/3.1 | Akismet/3.0", "akismet_comment_nonce=failed", "It%5C%27s",
      "It\\'s" },
    { "", "akismet_comment_nonce=failed", "It%5C%27s", "It\\'s" },
};

START_TEST(test_akismet_call_slashes)
{
    struct span body = arena_printf(
        &arena, "comment_content=%s&comment_author=%s&%s", slash_case[_i].sent,
        slash_case[_i].sent, slash_case[_i].more);
    struct akismet_call call = read_as(slash_case[_i].agent, body.ptr);

    is(call.comment.text, slash_case[_i].text);
    is(call.comment.author, slash_case[_i].text);
}
END_TEST

/* PHP writes \0 for NUL. */
START_TEST(test_akismet_call_slashed_nul)
{
    struct akismet_call call =
        read_as(PLUGIN, "akismet_comment_nonce=failed&comment_content=a%5C0b");

    ck_assert(span_eq(call.comment.text, SPAN_LIT("a\0b")));
}
END_TEST

static const struct {
    const char *body;
    const char *trap;
} trap_case[] = {
    { "honeypot_field_name=website2&website2=http", "http" },
    { "honeypot_field_name=website2&website2=", "" },
    { "honeypot_field_name=website2", "" },
    { "website2=http", "" },
    { "POST_ak_hp_textarea=buy", "buy" },
    { "POST_ak_hp_textarea=", "" },
    { "honeypot_field_name=x&x=&POST_ak_hp_textarea=buy", "buy" },
};

START_TEST(test_akismet_call_trap)
{
    is(read_as("", trap_case[_i].body).comment.trap, trap_case[_i].trap);
}
END_TEST

static const struct {
    const char *body;
    const char *ms;
} fill_case[] = {
    { "POST_ak_js=1790000000000&POST_ak_bfs=1790000012345", "12345" },
    { "POST_ak_js=1790000000000&POST_ak_bfs=1790000000000", "0" },
    /* Without JavaScript, or with a clock that was set: not known. */
    { "POST_ak_js=137&POST_ak_bfs=1790000012345", "" },
    { "POST_ak_js=1790000000000", "" },
    { "POST_ak_js=1790000000001&POST_ak_bfs=1790000000000", "" },
    { "POST_ak_js=1790000000000&POST_ak_bfs=1790086400001", "" },
    { "POST_ak_js=x&POST_ak_bfs=y", "" },
    { "POST_ak_js=99999999999999999999&POST_ak_bfs=1", "" },
};

START_TEST(test_akismet_call_fill)
{
    is(read_as("", fill_case[_i].body).comment.fill_ms, fill_case[_i].ms);
}
END_TEST

static const struct {
    const char *body;
    enum akismet_wish wish;
    bool is_test;
} wish_case[] = {
    { "comment_author=viagra-test-123", AKISMET_WISH_SPAM, false },
    { "comment_author=akismet-guaranteed-spam", AKISMET_WISH_SPAM, false },
    { "comment_author_email=akismet-guaranteed-spam%40example.com&is_test=1",
      AKISMET_WISH_SPAM, true },
    { "user_role=administrator&is_test=true", AKISMET_WISH_HAM, true },
    { "user_role=administrator,editor&is_test=0", AKISMET_WISH_HAM, false },
    { "user_role=administrator&comment_author=viagra-test-123",
      AKISMET_WISH_HAM, false },
    { "user_role=editor&is_test=false", AKISMET_WISH_NONE, false },
    { "comment_author=viagra-test-1234", AKISMET_WISH_NONE, false },
};

START_TEST(test_akismet_call_wish)
{
    struct akismet_call call = read_as("", wish_case[_i].body);

    ck_assert_int_eq(call.wish, wish_case[_i].wish);
    ck_assert_int_eq(call.is_test, wish_case[_i].is_test);
}
END_TEST

static const struct {
    const char *host;
    const char *key;
} host_case[] = {
    { "abcdefghijk1.localhost:8080", "abcdefghijk1" },
    { "abcdefghijk1.rest.akismet.com", "abcdefghijk1" },
    { "abcdefghijk1", "" },
    { "abcdefghijk1:80", "" },
    { "ABCDEFGHIJK1.localhost", "" },
    { "rest.akismet.com", "" },
    { "127.0.0.1:8080", "" },
    { "abcdefghijkl1.localhost", "" },
    { "", "" },
    { ".", "" },
};

START_TEST(test_akismet_call_host)
{
    is(akismet_host_key(span_str(host_case[_i].host)), host_case[_i].key);
}
END_TEST

Suite *akismet_call_suite(void)
{
    Suite *s = suite_create("akismet_call");
    TCase *tc = tcase_create("akismet_call");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_akismet_call_fields);
    tcase_add_test(tc, test_akismet_call_row);
    tcase_add_test(tc, test_akismet_call_precedence);
    tcase_add_test(tc, test_akismet_call_nothing);
    tcase_add_loop_test(tc, test_akismet_call_slashes, 0, NR(slash_case));
    tcase_add_test(tc, test_akismet_call_slashed_nul);
    tcase_add_loop_test(tc, test_akismet_call_trap, 0, NR(trap_case));
    tcase_add_loop_test(tc, test_akismet_call_fill, 0, NR(fill_case));
    tcase_add_loop_test(tc, test_akismet_call_wish, 0, NR(wish_case));
    tcase_add_loop_test(tc, test_akismet_call_host, 0, NR(host_case));
    suite_add_tcase(s, tc);
    return s;
}
