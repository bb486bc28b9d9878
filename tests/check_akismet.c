#include "server/akismet.h"

#include "server/desk.h"
#include "server/http_server.h"
#include "support/raw_client.h"
#include "wire/form.h"

#include <check.h>
#include <stdatomic.h>
#include <time.h>

#define KEY "abcdefghijk1"
#define NR(array) (sizeof(array) / sizeof((array)[0]))

/* The house behind the door: says what a test wants, notes what it is asked.
 */
struct house {
    struct desk desk;
    bool keyless; /* the site may go without a key */
    bool no_key;  /* and has none */
    bool discard;
    bool busy; /* no token left */
    bool gone; /* the site is not served any more */
    enum verdict_kind kind;
    double p_spam;
    size_t judged;
    size_t fed;
    bool forget;
    char id[64];
    char text[64];
    char fed_id[64];
    char fed_also[64];
    char fed_by[64];
    enum verdict_kind fed_kind;
};

static struct house house;
static struct http_server *server;
static struct meter meter;
static struct buf answer;
static int port;

static void note(char *to, struct span from)
{
    snprintf(to, 64, "%.*s", SPAN_ARG(from));
}

static bool desk_site(void *context, struct arena *arena, enum desk_way way,
                      struct span value, struct desk_site *site)
{
    const struct house *h = context;

    (void)arena;
    *site = (struct desk_site){
        .name = SPAN_LIT("blog"),
        .url = SPAN_LIT("http://blog.example"),
        .user = SPAN_LIT("sluice-bot"),
        .key = h->no_key ? SPAN_LIT("") : SPAN_LIT(KEY),
        .discard = h->discard,
    };
    if (way == DESK_ONLY)
        return h->keyless;
    return way == DESK_BY_KEY && !h->no_key && span_eq(value, SPAN_LIT(KEY));
}

static enum error_code desk_judge(void *context, struct arena *arena,
                                  const struct desk_question *question,
                                  struct verdict *verdict, struct error *err)
{
    struct house *h = context;

    (void)arena;
    if (h->gone)
        return error_set(err, ERROR_INPUT, "no such site");
    h->judged++;
    h->forget = question->forget;
    note(h->id, question->comment->id);
    note(h->text, question->comment->text);
    *verdict = (struct verdict){ .kind = h->kind, .p_spam = h->p_spam };
    return ERROR_NONE;
}

static enum error_code desk_feedback(void *context,
                                     const struct desk_feedback *feedback,
                                     struct error *err)
{
    struct house *h = context;

    if (h->gone)
        return error_set(err, ERROR_INPUT, "no such site");
    h->fed++;
    h->fed_kind = feedback->kind;
    note(h->fed_id, feedback->comment);
    note(h->fed_also, feedback->also);
    note(h->fed_by, feedback->by);
    return ERROR_NONE;
}

/* A comment of each kind was judged in the week that is asked about, and in
 * every one before. */
static enum error_code desk_stats(void *context, struct span site,
                                  int64_t since_ms, struct desk_stats *stats,
                                  struct error *err)
{
    size_t weeks = (size_t)((time(NULL) - since_ms / 1000) / (7 * 86400)) + 1;

    (void)context;
    (void)site;
    if (house.gone)
        return error_set(err, ERROR_INPUT, "no such site");
    *stats = (struct desk_stats){ weeks, weeks, 2 * weeks, weeks, 0 };
    return ERROR_NONE;
}

static bool desk_may(void *context, struct span site, long *seconds)
{
    const struct house *h = context;

    (void)site;
    *seconds = 3;
    return !h->busy;
}

static void setup(void)
{
    static struct http_route route[] = {
        { .method = "POST", .path = "/1.1/*", .door = METER_AKISMET },
        { .method = "GET", .path = "/1.1/*", .door = METER_AKISMET },
        { .method = "GET", .path = "/1.2/*", .door = METER_AKISMET },
        { .method = NULL },
    };
    char where[32];
    struct http_server_options options = { .threads = 1, .route = route };
    struct error err;

    memset(&house, 0, sizeof(house));
    house.desk = (struct desk){
        .context = &house,
        .site = desk_site,
        .judge = desk_judge,
        .feedback = desk_feedback,
        .stats = desk_stats,
        .may = desk_may,
    };
    for (size_t i = 0; route[i].method; i++) {
        route[i].handler = akismet_handle;
        route[i].context = &house.desk;
    }
    memset(&meter, 0, sizeof(meter));
    options.meter = &meter;
    buf_init(&answer, RAW_ANSWER_MAX);
    port = raw_free_port();
    snprintf(where, sizeof(where), "127.0.0.1:%d", port);
    options.listen = span_str(where);
    ck_assert_msg(!http_server_start(&server, &options, &err), "%s", err.text);
}

static void teardown(void)
{
    http_server_stop(server);
    buf_release(&answer);
}

/* POST `body` to `path` at `host`; more header lines may follow the host. */
static void post(const char *path, const char *host, const char *body)
{
    struct buf request;

    buf_init(&request, (size_t)4 << 20);
    buf_addf(&request,
             "POST %s HTTP/1.1\r\nHost: %s\r\nContent-Type: "
             "application/x-www-form-urlencoded\r\nContent-Length: %zu\r\n"
             "\r\n%s",
             path, host, strlen(body), body);
    raw_ask(port, buf_span(&request), &answer);
    buf_release(&request);
}

static void get(const char *path)
{
    struct buf request;

    buf_init(&request, 4096);
    buf_addf(&request, "GET %s HTTP/1.1\r\nHost: h\r\n\r\n", path);
    raw_ask(port, buf_span(&request), &answer);
    buf_release(&request);
}

/* The answer is 200 with exactly this body. */
static void must_say(const char *body)
{
    struct span all = buf_span(&answer);
    size_t head = span_find(all, SPAN_LIT("\r\n\r\n"));
    struct span got = span_cut(all, head + 4, all.len);

    ck_assert_msg(raw_status(&answer) == 200, "got: %s", answer.ptr);
    ck_assert_msg(span_eq(got, span_str(body)), "wanted '%s', got: %s", body,
                  answer.ptr);
}

static bool has(const char *part)
{
    return span_find_nocase(buf_span(&answer), span_str(part)) < answer.len;
}

static void must_have(const char *part)
{
    ck_assert_msg(has(part), "no '%s' in: %s", part, answer.ptr);
}

#define CHECK "/1.1/comment-check"
#define KEYED "api_key=" KEY "&comment_content=hello"

static const struct {
    const char *path;
    const char *host;
    const char *body;
    bool keyless, no_key;
    const char *says;
} key_case[] = {
    { "/1.1/verify-key", "h", "key=" KEY "&blog=b", false, false, "valid" },
    { "/1.1/verify-key", "h", "api_key=" KEY, false, false, "valid" },
    { "/1.1/verify-key?api_key=" KEY, "h", "", false, false, "valid" },
    { "/1.1/verify-key", KEY ".localhost:1", "blog=b", false, false, "valid" },
    { "/1.1/verify-key", "h", "key=wrongwrong12", false, false, "invalid" },
    { "/1.1/verify-key", "h", "key=", false, false, "invalid" },
    { "/1.1/verify-key", "h", "key=wrongwrong12&api_key=" KEY, false, false,
      "invalid" },
    { "/1.1/verify-key", "h", "key=" KEY "&api_key=wrongwrong12", false, false,
      "valid" },
    { "/1.1/verify-key", "h", "", false, false, "invalid" },
    { "/1.1/verify-key", "wrongwrong12.localhost", "", false, false,
      "invalid" },
    /* The form's key counts, whatever the host says. */
    { "/1.1/verify-key", KEY ".localhost", "key=wrongwrong12", false, false,
      "invalid" },
    { CHECK, "h", KEYED, false, false, "false" },
    { CHECK, KEY ".rest.example", "comment_content=hello", false, false,
      "false" },
    { CHECK, "h", "comment_content=hello", false, false, "invalid" },
    { CHECK, "h", "comment_content=hello", true, false, "false" },
    { CHECK, "sluicehost12.example", "comment_content=hello", true, false,
      "false" },
    { CHECK, "h", "api_key=wrongwrong12", true, false, "invalid" },
    /* Without a key of its own, any will do. */
    { CHECK, "h", "api_key=wrongwrong12", true, true, "false" },
    { "/1.1/submit-spam", "h", "x=1", false, false, "invalid" },
    { "/1.1/get-stats", "h", "x=1", false, false, "invalid" },
    { "/1.1/deactivate", "h", "key=" KEY, false, false, "deactivated" },
    { "/1.1/deactivate", "h", "key=wrongwrong12", false, false, "invalid" },
};

START_TEST(test_akismet_key)
{
    bool refused = strcmp(key_case[_i].says, "invalid") == 0;

    house.keyless = key_case[_i].keyless;
    house.no_key = key_case[_i].no_key;
    house.kind = VERDICT_APPROVE;
    post(key_case[_i].path, key_case[_i].host, key_case[_i].body);
    must_say(key_case[_i].says);
    /* Clients throw at the sight of this header, whatever the body. */
    ck_assert_int_eq(has("X-akismet-debug-help: "), refused);
    ck_assert_uint_eq(atomic_load(&meter.refused[0].nr), refused);
}
END_TEST

static const struct {
    enum verdict_kind kind;
    double p_spam;
    bool discard;
    const char *agent;
    const char *says;
    bool tip, error;
} verdict_case[] = {
    { VERDICT_APPROVE, 0.1, true, "x", "false", false, false },
    { VERDICT_SPAM, 0.99, true, "x", "true", false, false },
    { VERDICT_SPAM, 0.99989, true, "x", "true", false, false },
    { VERDICT_SPAM, 0.9999, true, "x", "true", true, false },
    { VERDICT_SPAM, 0.9999, false, "x", "true", false, false },
    { VERDICT_HOLD, 0.99999, true, "x", "false", false, false },
    { VERDICT_HOLD, 0.7, true, "WordPress/6.1 | Akismet/5.0.2", "false", false,
      true },
    { VERDICT_APPROVE, 0.1, true, "WordPress/6.1 | Akismet/5.0.2", "false",
      false, false },
};

START_TEST(test_akismet_verdict)
{
    char host[128];

    house.kind = verdict_case[_i].kind;
    house.p_spam = verdict_case[_i].p_spam;
    house.discard = verdict_case[_i].discard;
    snprintf(host, sizeof(host), "h\r\nUser-Agent: %s",
             verdict_case[_i].agent);
    post(CHECK, host, KEYED "&classify=1");
    must_say(verdict_case[_i].says);
    ck_assert_int_eq(has("X-akismet-pro-tip: discard\r\n"),
                     verdict_case[_i].tip);
    ck_assert_int_eq(has("X-akismet-error: "), verdict_case[_i].error);
    must_have(house.kind == VERDICT_SPAM ? "X-akismet-classification: spam\r\n"
                                         : "X-akismet-classification: ham");
    ck_assert(!has("X-akismet-debug-help"));
    ck_assert(!has("X-akismet-alert"));
    must_have("X-akismet-guid: ");
    must_have(house.id);
    ck_assert_str_eq(house.text, "hello");
    ck_assert(!house.forget);
}
END_TEST

/* Feedback meets the verdict it is about, though nobody gave the guid. */
START_TEST(test_akismet_feedback)
{
    static const char comment[] =
        "api_key=" KEY "&comment_content=hello&comment_author=Ann"
        "&user_ip=192.0.2.1&permalink=http%3A%2F%2Fb%2F1";
    char feedback[512];

    post(CHECK, "h", comment);
    must_say("false");
    ck_assert_uint_eq(strlen(house.id), 32);
    snprintf(feedback, sizeof(feedback),
             "%s&reporter=ann&comment_ID=7&user_role=editor", comment);
    post("/1.1/submit-spam", "h", feedback);
    must_say("Thanks for making the web a better place.");
    ck_assert_uint_eq(house.fed, 1);
    ck_assert_str_eq(house.fed_id, house.id);
    ck_assert_str_eq(house.fed_also, "7");
    ck_assert_str_eq(house.fed_by, "ann");
    ck_assert_int_eq(house.fed_kind, VERDICT_SPAM);

    post("/1.1/submit-ham", "h",
         KEYED "&guid=0123456789abcdef0123456789abcdef");
    must_say("Thanks for making the web a better place.");
    ck_assert_str_eq(house.fed_id, "0123456789abcdef0123456789abcdef");
    ck_assert_int_eq(house.fed_kind, VERDICT_APPROVE);

    /* What is no guid of ours names nothing. */
    post("/1.1/submit-ham", "h", KEYED "&guid=../etc/passwd");
    ck_assert_uint_eq(strlen(house.fed_id), 32);
    ck_assert_uint_eq(house.fed, 3);
}
END_TEST

/* What is no person's word is thanked for, and no more. */
static const char *const idle[] = {
    KEYED "&is_test=1",
    "api_key=" KEY "&comment_author=viagra-test-123",
    "api_key=" KEY "&user_role=administrator",
};

START_TEST(test_akismet_feedback_idle)
{
    post("/1.1/submit-spam", "h", idle[_i]);
    must_say("Thanks for making the web a better place.");
    ck_assert_uint_eq(house.fed, 0);
}
END_TEST

START_TEST(test_akismet_wish)
{
    house.kind = VERDICT_HOLD;
    post(CHECK, "h", "api_key=" KEY "&comment_author=viagra-test-123");
    must_say("true");
    must_have("X-akismet-guid: ");
    post(CHECK, "h", "api_key=" KEY "&user_role=administrator");
    must_say("false");
    ck_assert_uint_eq(house.judged, 0);
    post(CHECK, "h", KEYED "&is_test=1");
    ck_assert_uint_eq(house.judged, 1);
    ck_assert(house.forget);
}
END_TEST

/* The id changes with what is judged and with the site, and only then. */
START_TEST(test_akismet_guid)
{
    struct comment comment = { .text = SPAN_LIT("a"),
                               .author = SPAN_LIT("b") };
    struct comment other = comment;
    struct arena arena;
    struct span guid;

    arena_init(&arena);
    guid = akismet_guid(&arena, SPAN_LIT("s"), &comment);
    other.user_agent = SPAN_LIT("another");
    ck_assert(span_eq(guid, akismet_guid(&arena, SPAN_LIT("s"), &other)));
    ck_assert(!span_eq(guid, akismet_guid(&arena, SPAN_LIT("t"), &comment)));
    other.permalink = SPAN_LIT("http://b/2");
    ck_assert(!span_eq(guid, akismet_guid(&arena, SPAN_LIT("s"), &other)));
    other = (struct comment){ .text = SPAN_LIT("ab") };
    ck_assert(!span_eq(guid, akismet_guid(&arena, SPAN_LIT("s"), &other)));
    arena_release(&arena);
}
END_TEST

START_TEST(test_akismet_account)
{
    get("/1.2/usage-limit?api_key=" KEY);
    must_have("application/json");
    must_have("{\"limit\":\"none\",\"usage\":");
    must_have("\"percentage\":\"0.0\",\"throttled\":false}");
    post("/1.1/get-subscription", "h", "key=" KEY "&blog=b");
    must_have("\"account_type\":\"self-hosted\"");
    must_have("\"status\":\"active\"");
    post("/1.1/get-stats", "h", "key=" KEY "&blog=b&from=60-days");
    must_have("{\"spam\":18,\"ham\":18,\"missed_spam\":9,"
              "\"false_positives\":0,\"accuracy\":75,");
    post("/1.1/get-stats", "h", "key=" KEY "&from=6-months");
    must_have("{\"spam\":54,");
    post("/1.1/token", "h", "api_key=" KEY);
    ck_assert_int_eq(raw_status(&answer), 200);
    ck_assert(!has(KEY));
}
END_TEST

/* April 2020 has four weeks and two days: four or five of the desk's. */
START_TEST(test_akismet_key_sites)
{
    get("/1.2/key-sites?api_key=" KEY "&month=2020-04");
    ck_assert_msg(has("{\"2020-04\":[{\"site\":\"http://blog.example\","
                      "\"api_calls\":16,\"spam\":8,\"ham\":8,"
                      "\"missed_spam\":4,\"false_positives\":0,"
                      "\"is_revoked\":false}],\"limit\":500,\"offset\":0,"
                      "\"total\":1}") ||
                      has("\"api_calls\":20,\"spam\":10,"),
                  "got: %s", answer.ptr);
    get("/1.2/key-sites?api_key=" KEY "&month=2020-04&filter=OTHER");
    must_have("{\"2020-04\":[],");
    get("/1.2/key-sites?api_key=" KEY "&month=2020-04&offset=1&limit=5");
    must_have("{\"2020-04\":[],\"limit\":5,\"offset\":1,\"total\":1}");
    get("/1.2/key-sites?api_key=" KEY "&month=2020-04&filter=BLOG"
        "&format=csv");
    must_have("text/csv");
    must_have("\nhttp://blog.example,");
    get("/1.2/key-sites?api_key=" KEY "&month=2020-13%22%3a");
    ck_assert_int_eq(raw_status(&answer), 200);
    must_have(":[{\"site\"");
    ck_assert(!has("2020-13"));
}
END_TEST

START_TEST(test_akismet_open)
{
    get("/1.1/test");
    must_say("connected");
    get("/1.2/compatible-plugins");
    must_say("[]");
    get("/1.1/none");
    ck_assert_int_eq(raw_status(&answer), 404);
}
END_TEST

/* Bad input is answered in the protocol's own way. */
START_TEST(test_akismet_bad)
{
    struct buf many;

    post(CHECK, "h\r\nX-A: b", "");
    must_say("invalid");
    raw_ask(port,
            SPAN_LIT("POST " CHECK " HTTP/1.1\r\nHost: " KEY ".x\r\n"
                     "Content-Type: application/json\r\n"
                     "Content-Length: 2\r\n\r\n{}"),
            &answer);
    must_say("invalid");
    must_have("X-akismet-debug-help: the body must be application/x-www-form");

    buf_init(&many, (size_t)4 << 20);
    for (size_t i = 0; i <= FORM_FIELDS_MAX; i++)
        buf_add(&many, SPAN_LIT("a=b&"));
    buf_add(&many, SPAN_LIT(KEYED));
    post(CHECK, "h", many.ptr);
    must_say("invalid");
    must_have("X-akismet-debug-help: a form of ");
    buf_release(&many);

    /* A comment with nothing in it is no reason to fail a client. */
    post(CHECK, "h", "api_key=" KEY "&%=&=&%zz=%&comment_content=%FF%00");
    must_say("false");
    ck_assert_uint_eq(house.judged, 1);
}
END_TEST

START_TEST(test_akismet_not_now)
{
    house.busy = true;
    post(CHECK, "h", KEYED);
    ck_assert_int_eq(raw_status(&answer), 429);
    must_have("Retry-After: 3\r\n");
    house.busy = false;
    house.gone = true;
    post(CHECK, "h", KEYED);
    must_say("invalid");
    post("/1.1/submit-spam", "h", KEYED);
    must_say("invalid");
    post("/1.1/get-stats", "h", KEYED);
    must_say("invalid");
}
END_TEST

Suite *akismet_suite(void)
{
    Suite *s = suite_create("akismet");
    TCase *tc = tcase_create("akismet");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_akismet_key, 0, NR(key_case));
    tcase_add_loop_test(tc, test_akismet_verdict, 0, NR(verdict_case));
    tcase_add_test(tc, test_akismet_feedback);
    tcase_add_loop_test(tc, test_akismet_feedback_idle, 0, NR(idle));
    tcase_add_test(tc, test_akismet_wish);
    tcase_add_test(tc, test_akismet_guid);
    tcase_add_test(tc, test_akismet_account);
    tcase_add_test(tc, test_akismet_key_sites);
    tcase_add_test(tc, test_akismet_open);
    tcase_add_test(tc, test_akismet_bad);
    tcase_add_test(tc, test_akismet_not_now);
    suite_add_tcase(s, tc);
    return s;
}
