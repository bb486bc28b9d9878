/*
 * What an examination finds at a scripted site: the things that a real one is
 * seldom like.
 */
#include "site/site.h"

#include "support/wordpress_script.h"

#include <check.h>
#include <stdio.h>
#include <string.h>

#define NR(array) (sizeof(array) / sizeof((array)[0]))

static struct fault_server *server;
static struct site *site;
static volatile bool stop;

/* What was reported, one line a finding: "1 clock: ...". */
static char report[8192];

static void setup(void)
{
    site = NULL;
    server = NULL;
    report[0] = '\0';
}

static void teardown(void)
{
    site_close(site);
    if (server)
        fault_server_stop(server);
}

static void take(void *context, enum finding finding, const char *check,
                 const char *text)
{
    size_t len = strlen(report);

    (void)context;
    ck_assert(text[0]);
    snprintf(report + len, sizeof(report) - len, "%d %s: %s\n", (int)finding,
             check, text);
}

#define INDEX "GET /wp-json/?_fields=authentication"
#define NAMES "GET /wp-json/?_fields=namespaces"
#define STATUS_ROUTE "sluice/v1/status"
#define OFFER                                                                 \
    ANSWER(INDEX, 200, "{\"authentication\":{\"application-passwords\":{}}}")
#define IN OFFER, ANSWER(ME, 200, CAPABLE)
#define WITH                                                                  \
    IN, ANSWER(NAMES, 200, "{\"namespaces\":[\"sluice/v1\"]}"),               \
        ANSWER("/queue?", 200,                                                \
               "{\"api\":1,\"total\":0,\"next\":null,\"comments\":[]}")

/* A script, one thing that must be found, and the first failure's code. */
#define FIND(found, code, ...)                                                \
    {                                                                         \
        found, code,                                                          \
        {                                                                     \
            __VA_ARGS__                                                       \
        }                                                                     \
    }

static const struct {
    const char *found;
    enum error_code code;
    struct fault_answer answer[SCRIPT_MAX];
} find_case[] = {
    FIND("0 connection: http://127.0.0.1", ERROR_SITE,
         ANSWER(INDEX, 200, "{\"authentication\":[]}")),
    FIND("2 passwords: application passwords are switched off: they need "
         "https",
         ERROR_SITE, ANSWER(INDEX, 200, "{\"authentication\":[]}")),
    FIND("0 passwords: ", ERROR_SITE, OFFER),
    FIND("1 passwords: the site's index is not shown", ERROR_NONE,
         ANSWER(INDEX, 401, CODE("rest_login_required")),
         ANSWER(ME, 200, CAPABLE), ANSWER("offset=0", 200, "[]")),
    FIND("1 clock: the site's clock is ", ERROR_SITE,
         ANSWER_HEAD(INDEX, 200, "Date: Wed, 25 Nov 2020 09:00:00 GMT\r\n",
                     "{\"authentication\":{\"application-passwords\":{}}}")),
    FIND(" s behind this machine's", ERROR_SITE,
         ANSWER_HEAD(INDEX, 200, "Date: Wed, 25 Nov 2020 09:00:00 GMT\r\n",
                     "{\"authentication\":{\"application-passwords\":{}}}")),
    FIND("2 login: ", ERROR_SITE, OFFER,
         ANSWER(ME, 401, CODE("rest_not_logged_in"))),
    FIND("2 login: the web server drops the Authorization header", ERROR_SITE,
         OFFER, ANSWER(ME, 401, CODE("rest_not_logged_in")),
         ANSWER(STATUS_ROUTE, 401,
                "{\"code\":\"sluice_not_logged_in\","
                "\"data\":{\"authorization\":false}}")),
    FIND("2 login: the login arrives, and is wrong", ERROR_SITE, OFFER,
         ANSWER(ME, 401, CODE("rest_not_logged_in")),
         ANSWER(STATUS_ROUTE, 401,
                "{\"code\":\"sluice_not_logged_in\","
                "\"data\":{\"authorization\":true}}")),
    FIND("0 login: user editor is let in\n2 role: ", ERROR_SITE, OFFER,
         ANSWER(ME, 200, "{\"capabilities\":{}}")),
    FIND("1 companion: not installed", ERROR_NONE, IN,
         ANSWER("offset=0", 200, "[]")),
    FIND("0 queue: 0 comments wait", ERROR_NONE, IN,
         ANSWER("offset=0", 200, "[]")),
    FIND("2 queue: ", ERROR_SITE, IN, ANSWER("offset=0", 403, "<html>")),
    FIND("0 companion: version 9, on WordPress 6 and PHP 8", ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200,
                "{\"api\":1,\"version\":\"9\",\"wp\":\"6\",\"php\":\"8\"}")),
    FIND("1 companion: version 9 speaks another language", ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200, "{\"api\":2,\"version\":\"9\"}")),
    FIND("2 companion: ", ERROR_SITE, WITH,
         ANSWER(STATUS_ROUTE, 403, CODE("sluice_forbidden"))),
    FIND("0 webhooks: not set up", ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200, "{\"api\":1,\"webhook\":{}}")),
    FIND("0 webhooks: 2 wait", ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200,
                "{\"api\":1,\"cron\":true,\"webhook\":{\"ready\":true,"
                "\"waiting\":2,\"oldest_age\":3}}")),
    FIND("1 webhooks: 2 wait, for up to 4000 s, and 1 were given up: no route",
         ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200,
                "{\"api\":1,\"webhook\":{\"ready\":true,\"waiting\":2,"
                "\"oldest_age\":4000,\"failed\":1,"
                "\"last_error\":\"no route\"}}")),
    FIND("1 webhooks: 0 wait; WP-Cron is switched off", ERROR_NONE, WITH,
         ANSWER(STATUS_ROUTE, 200,
                "{\"api\":1,\"cron\":false,\"webhook\":{\"ready\":true}}")),
};

START_TEST(test_wordpress_examine_find)
{
    struct fault_answer script[SCRIPT_MAX + 1] = { ROOT };
    struct examination examination = { .report = take };
    size_t nr = script_nr(find_case[_i].answer);

    memcpy(script + 1, find_case[_i].answer, nr * sizeof(script[0]));
    server = script_start(&site, script, nr + 1, &stop);
    site_examine(site, &examination);
    ck_assert_msg(strstr(report, find_case[_i].found), "no '%s' in\n%s",
                  find_case[_i].found, report);
    ck_assert_msg(examination.first_failure == find_case[_i].code,
                  "%d, not %d:\n%s", examination.first_failure,
                  find_case[_i].code, report);
    ck_assert_ptr_null(strstr(report, "cret"));
}
END_TEST

/* What depends on a failure is not guessed at. */
static const struct {
    const char *url;
    const char *report;
} stop_case[] = {
    { "https://blog.invalid/", "2 name: blog.invalid: no such host" },
    { "http://127.0.0.1:1/", "0 name: 127.0.0.1 has 1 address\n"
                             "2 connection: http://127.0.0.1:1/: no answer" },
};

START_TEST(test_wordpress_examine_stop)
{
    struct site_options options = script_options(stop_case[_i].url, &stop);
    struct examination examination = { .report = take };
    const char *wanted = stop_case[_i].report;
    const char *end;
    struct error err;

    ck_assert(!site_open(&site, &options, &err));
    site_examine(site, &examination);
    ck_assert_msg(!strncmp(report, wanted, strlen(wanted)), "%s", report);
    end = strchr(report + strlen(wanted), '\n');
    ck_assert_msg(end && !end[1], "more follows:\n%s", report);
    ck_assert_int_eq(examination.first_failure, ERROR_SITE_GONE);
}
END_TEST

Suite *wordpress_examine_suite(void)
{
    Suite *s = suite_create("wordpress_examine");
    TCase *tc = tcase_create("wordpress_examine");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_set_timeout(tc, 60);
    tcase_add_loop_test(tc, test_wordpress_examine_find, 0, NR(find_case));
    tcase_add_loop_test(tc, test_wordpress_examine_stop, 0, NR(stop_case));
    suite_add_tcase(s, tc);
    return s;
}
