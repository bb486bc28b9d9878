#include "page/route.h"

#include "support/openapi.h"
#include "support/page_server.h"

/*
 * openapi.json against the server: every route is in it and none else, and
 * each answers with every status that is named there, with the keys named.
 */
static struct page_server server;
static struct browser anna; /* an admin */
static struct browser bob;  /* a moderator */
static struct browser eve;  /* nobody */
static struct json_doc doc;
static struct openapi api;

/* "GET /v1/page/session 200 ", ... */
static struct buf seen;

static const char held[] =
    "{\"id\":\"1\",\"text\":\"The frigate was <b>late</b> by two years, "
    "says http://ships.example/a\",\"author\":\"Ann\","
    "\"author_email\":\"ann@post.example\",\"status\":\"hold\"}\n"
    "{\"id\":\"2\",\"text\":\"The frigate was late by two years, "
    "says http://ships.example/b\",\"author\":\"Ann\","
    "\"author_email\":\"ann@post.example\",\"status\":\"hold\"}\n";

static void read_file(void)
{
    struct buf file;

    buf_init(&file, (size_t)1 << 20);
    ck_assert_int_eq(raw_ask(server.port,
                             SPAN_LIT("GET /page/openapi.json HTTP/1.1\r\n"
                                      "Host: a\r\n\r\n"),
                             &file),
                     200);
    must(&server.dir,
         json_parse(
             &doc,
             span_cut(buf_span(&file),
                      span_find(buf_span(&file), SPAN_LIT("\r\n\r\n")) + 4,
                      file.len),
             &server.dir.err));
    api.root = doc.root;
    buf_release(&file);
}

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_open(&bob, &server);
    browser_open(&eve, &server);
    buf_init(&seen, (size_t)1 << 20);
    read_file();
}

static void teardown(void)
{
    json_release(&doc);
    buf_release(&seen);
    browser_close(&eve);
    browser_close(&bob);
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

/* "GET" to the operation at that path, or NULL. */
static const struct json *operation(const char *path, const char *method)
{
    char small[8];
    size_t i = 0;

    for (; method[i] && i < sizeof(small) - 1; i++)
        small[i] = (char)(method[i] - 'A' + 'a');
    small[i] = '\0';
    return json_member(json_member(json_member(doc.root, "paths"), path),
                       small);
}

static const struct json *response(const struct route *route, int status)
{
    const struct json *responses =
        json_member(operation(route->path, route->method), "responses");
    char number[8];

    snprintf(number, sizeof(number), "%d", status);
    return json_member(responses, number);
}

static const struct route *route_of(const char *method, const char *path)
{
    struct span asked = span_str(path);
    struct span allow;
    struct span param;

    asked = span_cut(asked, 0, span_find_char(asked, '?'));
    return route_find(
        &server.dir.arena, span_str(method),
        arena_printf(&server.dir.arena, "/v1/page%.*s", SPAN_ARG(asked)),
        &param, &allow);
}

/* Ask, and hold the answer against the file. */
static void exchange(struct browser *b, const char *method, const char *path,
                     const char *body, int want)
{
    const struct route *route = route_of(method, path);
    const struct json *is = route ? response(route, want) : NULL;
    const struct json *schema = json_member(
        json_member(json_member(is, "content"), "application/json"), "schema");

    must_answer(b, method, path, body, want);
    ck_assert_msg(is != NULL, "%s %s: %d is not in the file", method, path,
                  want);
    ck_assert_msg((schema != NULL) == (b->doc.root != NULL),
                  "%s %s %d: a body, or none, against the file", method, path,
                  want);
    if (schema)
        ck_assert_msg(openapi_fits(&api, schema, b->doc.root, "answer"),
                      "%s %s %d: %s: %s", method, path, want, api.why,
                      b->answer.ptr);
    buf_addf(&seen, "%s %s %d ", method, route->path, want);
}

/* A path with something in the place of {...}. */
static const char *example(const struct route *route)
{
    struct span path = span_str(route->path);
    size_t open = span_find_char(path, '{');
    size_t close = span_find_char(path, '}');

    path = span_cut(path, sizeof("/v1/page") - 1, path.len);
    if (open == span_str(route->path).len)
        return path.ptr;
    return arena_printf(&server.dir.arena, "%.*s1%.*s",
                        SPAN_ARG(span_cut(span_str(route->path), 8, open)),
                        SPAN_ARG(span_cut(span_str(route->path), close + 1,
                                          span_str(route->path).len)))
        .ptr;
}

START_TEST(test_route_all_in_file)
{
    size_t operations = 0;
    const struct json *path;
    const struct json *method;
    struct span name;
    void *at = NULL;

    for (size_t i = 0; i < route_nr(); i++) {
        const struct route *route = route_at(i);

        ck_assert_msg(operation(route->path, route->method) != NULL,
                      "%s %s is not in the file", route->method, route->path);
        ck_assert_msg(route->need == ROUTE_OPEN || response(route, 401),
                      "%s %s: 401 is not in the file", route->method,
                      route->path);
        ck_assert_msg(route->need != ROUTE_ADMIN || response(route, 403),
                      "%s %s: 403 is not in the file", route->method,
                      route->path);
        ck_assert_msg(
            !route->body || json_member(operation(route->path, route->method),
                                        "requestBody"),
            "%s %s: its body is not in the file", route->method, route->path);
    }
    while ((at = json_walk(json_member(doc.root, "paths"), at, &name,
                           &path)) != NULL) {
        void *inner = NULL;

        while ((inner = json_walk(path, inner, &name, &method)) != NULL)
            operations++;
    }
    ck_assert_uint_eq(operations, route_nr());
}
END_TEST

/* What is refused before anybody looks at what is asked. */
static void refusals(const struct route *route)
{
    bool get = !strcmp(route->method, "GET");
    const char *path = example(route);
    struct browser forged = anna;

    if (response(route, 401) && route->need != ROUTE_OPEN)
        exchange(&eve, route->method, path, route->body ? "{}" : NULL, 401);
    if (response(route, 403) && get)
        exchange(&bob, route->method, path, NULL, 403);
    if (response(route, 403) && !get) {
        buf_init(&forged.answer, RAW_ANSWER_MAX);
        forged.doc.root = NULL;
        forged.more = "Origin: http://evil.example\r\n";
        exchange(&forged, route->method, path, route->body ? "{}" : NULL, 403);
        browser_close(&forged);
    }
    if (route->body)
        exchange(&anna, route->method, path, "[]", 400);
}

#define PASSWORD "a password of mine"

static const struct {
    struct browser *who;
    const char *method;
    const char *path;
    const char *body;
    int status;
} exchange_case[] = {
    { &eve, "GET", "/session", NULL, 200 },
    { &eve, "POST", "/session", "{\"login\":\"anna\",\"password\":\"wrong\"}",
      401 },
    { &eve, "POST", "/setup/look", "{\"token\":\"none\"}", 404 },
    { &eve, "POST", "/setup/look", "{\"token\":\"carl\"}", 200 },
    { &eve, "POST", "/setup",
      "{\"token\":\"none\",\"password\":\"" PASSWORD "\"}", 404 },
    { &anna, "GET", "/session", NULL, 200 },
    { &anna, "GET", "/accounts", NULL, 200 },
    { &anna, "POST", "/accounts",
      "{\"login\":\"dora\",\"role\":\"moderator\"}", 201 },
    { &anna, "POST", "/accounts",
      "{\"login\":\"dora\",\"role\":\"moderator\"}", 409 },
    { &anna, "PATCH", "/accounts/dora", "{\"invite\":true}", 200 },
    { &anna, "PATCH", "/accounts/dora", "{\"role\":\"admin\"}", 200 },
    { &anna, "PATCH", "/accounts/none", "{\"disabled\":true}", 404 },
    { &anna, "PATCH", "/accounts/anna", "{\"disabled\":true}", 409 },
    { &bob, "GET", "/queue", NULL, 200 },
    { &bob, "GET", "/queue?limit=none", NULL, 400 },
    { &bob, "GET", "/queue/1/alike", NULL, 200 },
    { &bob, "GET", "/queue/9/alike", NULL, 404 },
    { &bob, "POST", "/actions",
      "{\"id\":\"action-1\",\"action\":\"spam\",\"decisions\":[1,9]}", 200 },
    { &bob, "GET", "/verdicts", NULL, 200 },
    { &bob, "GET", "/verdicts?verdict=none", NULL, 400 },
    { &bob, "GET", "/verdicts/1", NULL, 200 },
    { &bob, "GET", "/verdicts/9", NULL, 404 },
    { &bob, "GET", "/facets", NULL, 200 },
    { &bob, "GET", "/stats", NULL, 200 },
    { &bob, "GET", "/stats?days=0", NULL, 400 },
    { &bob, "GET", "/stats?site=none", NULL, 404 },
    { &bob, "GET", "/settings", NULL, 200 },
    { &bob, "GET", "/settings?site=none", NULL, 404 },
    { &anna, "PUT", "/settings?site=none", "{}", 404 },
    { &anna, "PUT", "/settings", "{\"deny\":[\"word:viagra\"]}", 200 },
    { &bob, "POST", "/settings/preview?site=none", "{}", 404 },
    { &bob, "POST", "/settings/preview",
      "{\"approve_below\":1,\"spam_at\":1,\"abuse_hold_at\":1}", 200 },
    { &bob, "GET", "/models", NULL, 200 },
    { &bob, "GET", "/models?site=none", NULL, 404 },
    { &anna, "PUT", "/models/live?site=none", "{\"model\":null}", 404 },
    { &anna, "POST", "/learn?site=none", NULL, 404 },
    { &anna, "GET", "/audit", NULL, 200 },
    { &anna, "GET", "/audit?limit=none", NULL, 400 },
    { &anna, "PUT", "/password",
      "{\"old\":\"" PASSWORD "\",\"new\":\"another password\"}", 200 },
    { &eve, "POST", "/session",
      "{\"login\":\"anna\",\"password\":\"another password\"}", 200 },
    { &eve, "DELETE", "/session", NULL, 204 },
    { &bob, "DELETE", "/sessions", NULL, 204 },
};

/* Learning runs beside; asked twice at once it is refused once. */
static void learn_twice(void)
{
    struct span id;

    exchange(&anna, "POST", "/learn", NULL, 202);
    if (browser_ask(&anna, "POST", "/learn", NULL) == 409)
        buf_add(&seen, SPAN_LIT("POST /v1/page/learn 409 "));
    for (int i = 0; i < 500; i++) {
        bool learning = true;

        exchange(&anna, "GET", "/models", NULL, 200);
        (void)json_boolean(json_member(anna.doc.root, "learning"), &learning);
        if (!learning)
            break;
        usleep(20000);
    }
    id = browser_member(json_item(json_member(anna.doc.root, "models"), 0),
                        "model");
    ck_assert_uint_gt(id.len, 0);
    exchange(
        &anna, "PUT", "/models/live",
        arena_printf(&server.dir.arena, "{\"model\":\"%.*s\"}", SPAN_ARG(id))
            .ptr,
        200);
    exchange(&anna, "PUT", "/models/live", "{\"model\":null}", 200);
    exchange(&anna, "PUT", "/models/live", "{\"model\":\"none\"}", 404);
}

/*
 * What can't be had at will: throttling, a store that fails, two sites, and
 * two who use one link, or learn, at the very same moment.
 */
static bool is_excused(const struct route *route, int status)
{
    struct span path = span_str(route->path);
    bool of_site = span_ends(path, SPAN_LIT("/settings")) ||
                   span_ends(path, SPAN_LIT("/models")) ||
                   span_ends(path, SPAN_LIT("/learn"));

    return status == 429 || status == 503 || (of_site && status == 400) ||
           (span_ends(path, SPAN_LIT("/setup")) && status == 409) ||
           (span_ends(path, SPAN_LIT("/learn")) && status == 409) ||
           span_ends(path, SPAN_LIT("/events"));
}

static void all_was_seen(void)
{
    for (size_t i = 0; i < route_nr(); i++) {
        const struct route *route = route_at(i);
        const struct json *responses =
            json_member(operation(route->path, route->method), "responses");
        const struct json *inner;
        struct span status;
        void *at = NULL;

        while ((at = json_walk(responses, at, &status, &inner)) != NULL) {
            long long number = 0;
            struct span line =
                arena_printf(&server.dir.arena, "%s %s %.*s ", route->method,
                             route->path, SPAN_ARG(status));

            (void)span_to_long(status, &number);
            ck_assert_msg(is_excused(route, (int)number) ||
                              span_find(buf_span(&seen), line) < seen.len,
                          "%.*s was not seen", SPAN_ARG(line));
        }
    }
}

START_TEST(test_route_answers)
{
    char body[256];

    page_server_link(&server, "anna", "", ACCOUNT_ADMIN,
                     clock_now_ms() + 60000);
    snprintf(body, sizeof(body),
             "{\"token\":\"anna\",\"login\":\"anna\",\"password\":"
             "\"" PASSWORD "\"}");
    exchange(&anna, "POST", "/setup", body, 201);
    exchange(&anna, "POST", "/accounts",
             "{\"login\":\"bob\",\"role\":\"moderator\"}", 201);
    page_server_link(&server, "bob", "bob", ACCOUNT_MODERATOR,
                     clock_now_ms() + 60000);
    page_server_link(&server, "carl", "carl", ACCOUNT_MODERATOR,
                     clock_now_ms() + 60000);
    exchange(&bob, "POST", "/setup",
             "{\"token\":\"bob\",\"password\":\"" PASSWORD "\"}", 201);
    for (size_t i = 0; i < route_nr(); i++)
        refusals(route_at(i));
    for (size_t i = 0; i < sizeof(exchange_case) / sizeof(exchange_case[0]);
         i++) {
        if (!strcmp(exchange_case[i].path, "/password"))
            learn_twice();
        exchange(exchange_case[i].who, exchange_case[i].method,
                 exchange_case[i].path, exchange_case[i].body,
                 exchange_case[i].status);
    }
    all_was_seen();
}
END_TEST

Suite *route_suite(void)
{
    Suite *s = suite_create("route");
    TCase *tc = tcase_create("openapi");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_route_all_in_file);
    tcase_add_test(tc, test_route_answers);
    suite_add_tcase(s, tc);
    return s;
}
