#include "server/coral.h"

#include "server/desk.h"
#include "server/http_server.h"
#include "support/raw_client.h"

#include <check.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

/*
 * A request as Coral's documentation has it, and its signatures, made with
 * another program: printf %s BODY | openssl dgst -sha256 -hmac SECRET
 */
#define BODY                                                                  \
    "{\"action\":\"NEW\",\"comment\":{\"body\":\"<b>Hi</b> there\","          \
    "\"parentID\":null},\"author\":{\"id\":\"u1\",\"role\":\"COMMENTER\""     \
    "},\"story\":{\"id\":\"s1\",\"url\":\"http://news.example/1\"},"          \
    "\"site\":{\"id\":\"x\"},\"tenantID\":\"t\",\"tenantDomain\":\"d\"}"
#define BY_NEW                                                                \
    "sha256=ec06708c0fe9fac8869d8c880c86e66d"                                 \
    "100adc4b7d116863e321f0f2abbde331"
#define BY_OLD                                                                \
    "sha256=dbcfd7e184414b5974ee3f83df932803"                                 \
    "8a04b2c0231385549a463e7728aebb3e"
#define LIST_BY_NEW                                                           \
    "sha256=4ea3a6cdce8811929b1bc30668c04c4d"                                 \
    "dae0d965366a4c993b1a811fbc77b454"

static struct arena arena;
static struct buf out;

static void setup(void)
{
    arena_init(&arena);
    buf_init(&out, 4096);
}

static void teardown(void)
{
    buf_release(&out);
    arena_release(&arena);
}

static const struct {
    const char *secrets;
    const char *signatures;
    bool right;
} sign_case[] = {
    { "new-secret", BY_NEW, true },
    { "new-secret old-secret", BY_OLD, true },
    { "  old-secret   new-secret ", BY_NEW, true },
    { "new-secret", BY_OLD "," BY_NEW, true },
    { "new-secret", "v1=00, " BY_NEW " ,", true },
    { "new-secret", BY_OLD, false },
    { "new-secre", BY_NEW, false },
    { "", BY_NEW, false },
    { " ", BY_NEW, false },
    { "new-secret", "", false },
    { "new-secret", ",,,", false },
    { "new-secret", "sha256=", false },
    { "new-secret", "sha256=00", false },
    { "new-secret", BY_NEW "00", false },
    { "new-secret", "sha256=zz", false },
};

START_TEST(test_coral_signed)
{
    ck_assert_int_eq(coral_signed(span_str(sign_case[_i].secrets),
                                  span_str(sign_case[_i].signatures),
                                  SPAN_LIT(BODY)),
                     sign_case[_i].right);
}
END_TEST

static void is(struct span got, const char *want)
{
    ck_assert_msg(span_eq(got, span_str(want)), "got '%.*s', wanted '%s'",
                  SPAN_ARG(got), want);
}

START_TEST(test_coral_read)
{
    struct comment comment;
    struct comment reply;
    struct error err;

    ck_assert(!coral_read(&comment, &arena, SPAN_LIT(BODY), &err));
    is(comment.text, "<b>Hi</b> there");
    is(comment.permalink, "http://news.example/1");
    is(comment.role, "");
    is(comment.type, "comment");
    ck_assert_uint_eq(comment.id.len, 32);
    ck_assert(!coral_read(&reply, &arena,
                          SPAN_LIT("{\"comment\":{\"body\":\"\",\"parentID\":"
                                   "\"p\"},\"author\":{\"role\":\"ADMIN\"}}"),
                          &err));
    is(reply.type, "reply");
    is(reply.role, "administrator");
    ck_assert(!span_eq(reply.id, comment.id));
}
END_TEST

static const char *const bad[] = {
    "",
    "{",
    "[]",
    "null",
    "{}",
    "{\"comment\":\"hi\"}",
    "{\"comment\":{}}",
    "{\"comment\":{\"body\":null}}",
    "{\"comment\":{\"body\":[\"hi\"]}}",
};

START_TEST(test_coral_read_bad)
{
    struct comment comment;
    struct error err = { 0 };

    ck_assert_int_eq(coral_read(&comment, &arena, span_str(bad[_i]), &err),
                     ERROR_INPUT);
    ck_assert(err.text[0]);
}
END_TEST

static const struct {
    enum verdict_kind kind;
    double p_spam, p_abuse;
    const char *answer;
} put_case[] = {
    { VERDICT_APPROVE, 0.1, 0.1, "" },
    { VERDICT_APPROVE, 0.9, 0.9, "" }, /* the owner's list */
    { VERDICT_SPAM, 0.99, 0.1,
      "{\"status\":\"REJECTED\",\"actions\":[{\"actionType\":\"FLAG\","
      "\"reason\":\"COMMENT_DETECTED_SPAM\"}]}" },
    { VERDICT_HOLD, 0.6, 0.1,
      "{\"status\":\"SYSTEM_WITHHELD\",\"actions\":[{\"actionType\":\"FLAG\","
      "\"reason\":\"COMMENT_DETECTED_SPAM\"}]}" },
    { VERDICT_HOLD, 0.6, 0.7,
      "{\"status\":\"SYSTEM_WITHHELD\",\"actions\":[{\"actionType\":\"FLAG\","
      "\"reason\":\"COMMENT_DETECTED_TOXIC\"}]}" },
    { VERDICT_HOLD, 0.1, 0.1, "{\"status\":\"PREMOD\"}" },
};

START_TEST(test_coral_put)
{
    const struct verdict verdict = {
        .kind = put_case[_i].kind,
        .p_spam = put_case[_i].p_spam,
        .p_abuse = put_case[_i].p_abuse,
    };

    coral_put(&out, &verdict);
    is(buf_span(&out), put_case[_i].answer);
}
END_TEST

/* A house that knows one site, and judges by what it is told here. */
static enum verdict_kind judgement;

static bool desk_site(void *context, struct arena *unused, enum desk_way way,
                      struct span value, struct desk_site *site)
{
    (void)context;
    (void)unused;
    *site = (struct desk_site){ .name = SPAN_LIT("news"),
                                .secret = SPAN_LIT("new-secret") };
    return way == DESK_BY_NAME && span_eq(value, SPAN_LIT("news"));
}

static enum error_code desk_judge(void *context, struct arena *unused,
                                  const struct desk_question *question,
                                  struct verdict *verdict, struct error *err)
{
    (void)context;
    (void)unused;
    (void)err;
    ck_assert(span_eq(question->site, SPAN_LIT("news")));
    ck_assert(span_eq(question->comment->text, SPAN_LIT("<b>Hi</b> there")));
    *verdict = (struct verdict){ .kind = judgement, .p_spam = 0.7 };
    return ERROR_NONE;
}

static bool desk_may(void *context, struct span site, long *seconds)
{
    (void)context;
    (void)site;
    *seconds = 1;
    return true;
}

static const struct {
    enum verdict_kind kind;
    const char *path;
    const char *signature;
    const char *body;
    int status;
    const char *part;
} door_case[] = {
    { VERDICT_SPAM, "news", BY_NEW, BODY, 200, "{\"status\":\"REJECTED\"" },
    { VERDICT_APPROVE, "news", BY_NEW, BODY, 204, "\r\n\r\n" },
    { VERDICT_HOLD, "news", BY_NEW, BODY, 200, "\"SYSTEM_WITHHELD\"" },
    { VERDICT_SPAM, "news", BY_OLD, BODY, 401, "X-Coral-Signature" },
    { VERDICT_SPAM, "news", "", BODY, 401, "X-Coral-Signature" },
    { VERDICT_SPAM, "other", BY_NEW, BODY, 401, "X-Coral-Signature" },
    { VERDICT_SPAM, "news", LIST_BY_NEW, "[]", 400, "comment.body" },
    { VERDICT_SPAM, "news", BY_NEW, BODY " ", 401, "X-Coral-Signature" },
};

START_TEST(test_coral_door)
{
    struct desk desk = { .site = desk_site,
                         .judge = desk_judge,
                         .may = desk_may };
    const struct http_route route[] = {
        { .method = "POST",
          .path = "/v1/coral/*",
          .handler = coral_handle,
          .context = &desk,
          .door = METER_CORAL },
        { .method = NULL },
    };
    int port = raw_free_port();
    struct span where = arena_printf(&arena, "127.0.0.1:%d", port);
    struct http_server_options options = { .listen = where,
                                           .threads = 1,
                                           .route = route };
    struct http_server *server;
    struct buf answer;
    struct error err;

    judgement = door_case[_i].kind;
    buf_init(&answer, RAW_ANSWER_MAX);
    ck_assert_msg(!http_server_start(&server, &options, &err), "%s", err.text);
    buf_addf(&out,
             "POST /v1/coral/%s HTTP/1.1\r\nHost: h\r\nContent-Type: "
             "application/json\r\nX-Coral-Signature: %s\r\n"
             "Content-Length: %zu\r\n\r\n%s",
             door_case[_i].path, door_case[_i].signature,
             strlen(door_case[_i].body), door_case[_i].body);
    ck_assert_int_eq(raw_ask(port, buf_span(&out), &answer),
                     door_case[_i].status);
    ck_assert_msg(span_find(buf_span(&answer), span_str(door_case[_i].part)) <
                      answer.len,
                  "got: %s", answer.ptr);
    http_server_stop(server);
    buf_release(&answer);
}
END_TEST

Suite *coral_suite(void)
{
    Suite *s = suite_create("coral");
    TCase *tc = tcase_create("coral");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_coral_signed, 0, NR(sign_case));
    tcase_add_test(tc, test_coral_read);
    tcase_add_loop_test(tc, test_coral_read_bad, 0, NR(bad));
    tcase_add_loop_test(tc, test_coral_put, 0, NR(put_case));
    tcase_add_loop_test(tc, test_coral_door, 0, NR(door_case));
    suite_add_tcase(s, tc);
    return s;
}
