/*
 * The way of a verdict to a WordPress, step by step, as `sluice doctor` goes
 * it: the name, the connection, the REST API, the login, the companion.
 */
#include "base/clock.h"
#include "site/examine.h"
#include "site/wordpress_companion.h"

#include <netdb.h>
#include <string.h>
#include <time.h>

/* A webhook's signature holds for five minutes, either way. */
#define CLOCK_SKEW_S_MAX 120

/* A webhook that waits for so long is not only in a queue. */
#define WEBHOOK_AGE_S_MAX 900

#define HOST_BYTES 256

/* An address in numbers is its own name. */
static bool examine_name(struct wordpress *wp, struct examination *ex)
{
    struct addrinfo *found = NULL;
    struct span host = wp->url.host;
    char name[HOST_BYTES];
    struct error err;
    size_t nr = 0;
    int code;

    if (span_starts(host, SPAN_LIT("[")))
        host = span_cut(host, 1, host.len - 1);
    snprintf(name, sizeof(name), "%.*s", SPAN_ARG(host));
    code = getaddrinfo(
        name, NULL, &(struct addrinfo){ .ai_socktype = SOCK_STREAM }, &found);
    if (code) {
        error_set(&err, ERROR_SITE_GONE,
                  "%s: no such host (%s); look at url, and at this machine's "
                  "name server",
                  name, gai_strerror(code));
        examination_fail(ex, "name", &err);
        return false;
    }
    for (const struct addrinfo *at = found; at; at = at->ai_next)
        nr++;
    freeaddrinfo(found);
    examination_ok(ex, "name", "%s has %zu address%s", name, nr,
                   nr == 1 ? "" : "es");
    return true;
}

/* Nothing secret goes this way, so a redirect may lead anywhere. */
static bool examine_answer(struct wordpress *wp, struct examination *ex)
{
    struct http_exchange home;
    struct error err;
    struct span url = http_url_text(&wp->arena, &wp->url);
    bool ok;

    http_exchange_init(&home, WORDPRESS_ANSWER_MAX);
    home.method = HTTP_HEAD;
    home.once = true;
    home.url = url;
    ok = !http_fetch(wp->http, &home, &err);
    if (!ok)
        examination_fail(ex, "connection", &err);
    else if (home.moved_to)
        examination_warn(ex, "connection",
                         "%.*s only leads to %s; set url to that",
                         SPAN_ARG(url), home.moved_to);
    else
        examination_ok(ex, "connection", "%.*s answers%s", SPAN_ARG(url),
                       wp->url.secure ? ", with a certificate that is trusted"
                                      : "");
    http_exchange_release(&home);
    return ok;
}

static bool examine_root(struct wordpress *wp, struct examination *ex)
{
    struct error err;
    enum error_code rc = wordpress_root(wp, &err);

    if (rc) {
        examination_fail(ex, rc == ERROR_CONFIG ? "address" : "rest", &err);
        return false;
    }
    examination_ok(ex, "rest", "the REST API is at %.*s%s", SPAN_ARG(wp->root),
                   span_find_char(wp->root, '?') < wp->root.len
                       ? ", a site with plain permalinks"
                       : "");
    return true;
}

static void examine_clock(const struct http_exchange *index,
                          struct examination *ex)
{
    struct tm tm = { 0 };
    struct span date;
    size_t at = 0;
    char text[64];
    long skew;

    if (!http_header(index, SPAN_LIT("Date"), &at, &date))
        return;
    snprintf(text, sizeof(text), "%.*s", SPAN_ARG(date));
    if (!strptime(text, "%a, %d %b %Y %H:%M:%S", &tm))
        return;
    skew = (long)(timegm(&tm) - clock_now_ms() / 1000);
    if (skew > CLOCK_SKEW_S_MAX || skew < -CLOCK_SKEW_S_MAX)
        examination_warn(ex, "clock",
                         "the site's clock is %ld s %s this machine's; set "
                         "both by NTP, or signed webhooks will be refused",
                         skew < 0 ? -skew : skew,
                         skew < 0 ? "behind" : "ahead of");
    else
        examination_ok(ex, "clock", "the site's clock is right");
}

static bool refuse_passwords(struct wordpress *wp, struct examination *ex)
{
    bool secure = span_starts(wp->root, SPAN_LIT("https://"));
    struct error err;

    error_set(&err, ERROR_SITE, "application passwords are switched off: %s",
              secure ? "a security plugin forbids them (look for the words "
                       "in its settings), or WordPress does not know that "
                       "it is reached over https (behind a proxy, set "
                       "$_SERVER['HTTPS'] in wp-config.php)"
                     : "they need https, or WP_ENVIRONMENT_TYPE 'local' in "
                       "wp-config.php for a site on this machine");
    examination_fail(ex, "passwords", &err);
    return false;
}

/* The index of the REST API says much without a login, if it is let to. */
static bool examine_index(struct wordpress *wp, struct examination *ex)
{
    const struct json *offer;
    struct http_exchange index;
    struct json_doc doc;
    struct error err;
    bool ok = true;

    http_exchange_init(&index, WORDPRESS_ANSWER_MAX);
    index.url =
        rest_url(&wp->arena, wp->root, "", SPAN_LIT("_fields=authentication"));
    http_start(wp->http, &index);
    http_run(wp->http);
    examine_clock(&index, ex);
    if (rest_read(&doc, &index, &err)) {
        examination_warn(ex, "passwords",
                         "the site's index is not shown to visitors, so "
                         "whether it takes passwords is for the login to say");
        goto out;
    }
    offer = json_member(doc.root, "authentication");
    if (!offer || json_member(offer, "application-passwords"))
        examination_ok(ex, "passwords", "application passwords are taken");
    else
        ok = refuse_passwords(wp, ex);
    json_release(&doc);
out:
    http_exchange_release(&index);
    return ok;
}

/* Ask a route of the companion's; false where there is no answer of it. */
static bool ask(struct wordpress *wp, struct http_exchange *ex,
                const char *route, struct span query, struct json_doc *doc,
                struct error *err)
{
    ex->login = true;
    ex->url = rest_url(&wp->arena, wp->root, route, query);
    http_start(wp->http, ex);
    http_run(wp->http);
    return !rest_read(doc, ex, err);
}

/*
 * A login that is dropped on the way looks to WordPress like none. Only the
 * companion can tell the two apart.
 */
static void explain_login(struct wordpress *wp, struct error *why)
{
    struct http_exchange ex;
    struct error ignored;
    struct json_doc doc;
    bool arrived;

    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    if (ask(wp, &ex, COMPANION_NAMESPACE "/status", SPAN_LIT(""), &doc,
            &ignored)) {
        json_release(&doc);
    } else if (!json_parse(&doc, buf_span(&ex.answer), &ignored)) {
        if (json_boolean(
                json_member(json_member(doc.root, "data"), "authorization"),
                &arrived))
            error_set(why, ERROR_SITE, "%s",
                      arrived
                          ? "the login arrives, and is wrong: look at user, "
                            "and make a new application password on the "
                            "user's profile page (the login password will "
                            "not do)"
                          : "the web server drops the Authorization header; "
                            "for Apache, add to .htaccess: SetEnvIf "
                            "Authorization \"(.*)\" HTTP_AUTHORIZATION=$1");
        json_release(&doc);
    }
    http_exchange_release(&ex);
}

static bool examine_login(struct wordpress *wp, struct examination *ex)
{
    struct error err;
    bool known = false;

    if (!wordpress_login_known(wp, &known, &err)) {
        examination_ok(ex, "login", "user %.*s is let in", SPAN_ARG(wp->user));
        examination_ok(ex, "role", "user %.*s may moderate",
                       SPAN_ARG(wp->user));
        return true;
    }
    if (known)
        examination_ok(ex, "login", "user %.*s is let in", SPAN_ARG(wp->user));
    else
        explain_login(wp, &err);
    examination_fail(ex, known ? "role" : "login", &err);
    return false;
}

/* What waits in the site's own queue of webhooks, and why. */
static void examine_webhooks(const struct json *status, struct examination *ex)
{
    const struct json *hook = json_member(status, "webhook");
    long long waiting = rest_number(hook, "waiting");
    long long failed = rest_number(hook, "failed");
    long long age = rest_number(hook, "oldest_age");
    struct span error = rest_text(hook, "last_error");
    bool ready = false;
    bool cron = true;

    (void)json_boolean(json_member(hook, "ready"), &ready);
    (void)json_boolean(json_member(status, "cron"), &cron);
    if (!ready)
        examination_ok(ex, "webhooks",
                       "not set up: new comments wait for the next 'sluice "
                       "run'");
    else if (failed > 0 || age > WEBHOOK_AGE_S_MAX)
        examination_warn(ex, "webhooks",
                         "%lld wait, for up to %lld s, and %lld were given "
                         "up: %.*s",
                         waiting, age, failed, SPAN_ARG(error));
    else if (!cron)
        examination_warn(ex, "webhooks",
                         "%lld wait; WP-Cron is switched off, so what fails "
                         "is tried again only if a cron job calls "
                         "wp-cron.php",
                         waiting);
    else
        examination_ok(ex, "webhooks", "%lld wait", waiting);
}

static void examine_status(struct wordpress *wp, struct examination *ex)
{
    struct http_exchange status;
    struct json_doc doc;
    struct error err;

    http_exchange_init(&status, WORDPRESS_ANSWER_MAX);
    if (!ask(wp, &status, COMPANION_NAMESPACE "/status", SPAN_LIT(""), &doc,
             &err)) {
        examination_fail(ex, "companion", &err);
        goto out;
    }
    if (rest_number(doc.root, "api") != COMPANION_API)
        examination_warn(ex, "companion",
                         "version %.*s speaks another language than this "
                         "program and is not used; bring both up to date",
                         SPAN_ARG(rest_text(doc.root, "version")));
    else
        examination_ok(ex, "companion",
                       "version %.*s, on WordPress %.*s and PHP %.*s",
                       SPAN_ARG(rest_text(doc.root, "version")),
                       SPAN_ARG(rest_text(doc.root, "wp")),
                       SPAN_ARG(rest_text(doc.root, "php")));
    examine_webhooks(doc.root, ex);
    json_release(&doc);
out:
    http_exchange_release(&status);
}

static void examine_companion(struct wordpress *wp, struct examination *ex)
{
    struct error err;

    if (companion_find(wp, &err))
        examination_fail(ex, "companion", &err);
    else if (wp->companion.there)
        examine_status(wp, ex);
    else
        examination_warn(ex, "companion",
                         "not installed; with the plugin sluice.php verdicts "
                         "go in batches, comments' texts are not filtered "
                         "once more, and people see the reasons");
}

/* The first page, as a run would read it. */
static void examine_queue(struct wordpress *wp, struct examination *ex)
{
    struct site_page page = { NULL, 0 };
    struct arena arena;
    struct error err;
    size_t garbled = 0;
    size_t total;

    arena_init(&arena);
    if (wordpress_way_queue(&wp->site, &total, &err) ||
        wordpress_way_queue_next(&wp->site, &arena, &page, &garbled, &err))
        examination_fail(ex, "queue", &err);
    else if (garbled)
        examination_warn(ex, "queue",
                         "%zu comments wait; %zu of the first %zu can't be "
                         "read, and are left to people; the log names them",
                         total, garbled, garbled + page.nr);
    else
        examination_ok(ex, "queue", "%zu comment%s wait%s", total,
                       total == 1 ? "" : "s", total == 1 ? "s" : "");
    arena_release(&arena);
}

void wordpress_examine(struct site *site, struct examination *ex)
{
    struct wordpress *wp = (struct wordpress *)site;

    if (!examine_name(wp, ex) || !examine_answer(wp, ex) ||
        !examine_root(wp, ex) || !examine_index(wp, ex) ||
        !examine_login(wp, ex))
        return;
    examine_companion(wp, ex);
    examine_queue(wp, ex);
}
