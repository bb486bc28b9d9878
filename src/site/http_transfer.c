#include "site/http_transfer.h"

#include "base/alloc.h"
#include "base/arena.h"
#include "site/http_url.h"

#include <stdlib.h>
#include <string.h>

#define CONNECT_MS_MAX 10000

static size_t take_answer(char *data, size_t size, size_t nr, void *arg)
{
    struct http_exchange *ex = arg;

    buf_add(&ex->answer, (struct span){ data, size * nr });
    /* Anything but the length given ends the transfer. */
    return ex->answer.full ? 0 : size * nr;
}

static size_t take_header(char *data, size_t size, size_t nr, void *arg)
{
    struct http_exchange *ex = arg;
    struct span line = { data, size * nr };

    /* A "100 Continue" has a head of its own before the answer's. */
    if (span_starts(line, SPAN_LIT("HTTP/")))
        buf_reset(&ex->head);
    buf_add(&ex->head, line);
    return size * nr;
}

static size_t give_body(char *room, size_t size, size_t nr, void *arg)
{
    struct http_transfer *transfer = arg;
    struct span body = transfer->ex->body;
    struct span part =
        span_cut(body, transfer->sent, transfer->sent + size * nr);

    if (part.len)
        memcpy(room, part.ptr, part.len);
    transfer->sent += part.len;
    return part.len;
}

/*
 * When a connection that was kept open ends before an answer, libcurl sends
 * the request again on its own account. A write may have arrived, and only
 * the caller knows how to find out; a body that can't be rewound is how one
 * tells libcurl to leave it alone.
 */
static int refuse_rewind(void *arg, curl_off_t offset, int origin)
{
    (void)arg;
    (void)offset;
    (void)origin;
    return CURL_SEEKFUNC_FAIL;
}

static void set_method(struct http_transfer *transfer)
{
    struct http_exchange *ex = transfer->ex;
    CURL *easy = transfer->easy;

    if (ex->method == HTTP_HEAD)
        curl_easy_setopt(easy, CURLOPT_NOBODY, 1L);
    if (ex->method != HTTP_POST)
        return;
    curl_easy_setopt(easy, CURLOPT_POST, 1L);
    transfer->sent = 0;
    curl_easy_setopt(easy, CURLOPT_READFUNCTION, give_body);
    curl_easy_setopt(easy, CURLOPT_READDATA, transfer);
    curl_easy_setopt(easy, CURLOPT_SEEKFUNCTION, refuse_rewind);
    curl_easy_setopt(easy, CURLOPT_POSTFIELDSIZE_LARGE,
                     (curl_off_t)ex->body.len);
}

/*
 * With "Accept: application/json" WordPress says even that it is in
 * maintenance in JSON. "Expect:" would cost a round trip per write.
 */
static struct curl_slist *make_header(const struct http_exchange *ex)
{
    struct curl_slist *list =
        curl_slist_append(NULL, "Accept: application/json");

    if (ex->method != HTTP_POST)
        return list;
    list = curl_slist_append(list, "Content-Type: application/json");
    list = curl_slist_append(list, "Expect:");
    if (ex->webhook)
        list = curl_slist_append(list, "X-Akismet-Webhook: 1");
    return list;
}

static void set_limits(CURL *easy, const struct http_settings *settings)
{
    long connect_ms = settings->timeout_ms < CONNECT_MS_MAX
                          ? settings->timeout_ms
                          : CONNECT_MS_MAX;

    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, settings->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, connect_ms);
    curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, "http,https");
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (settings->ca_file)
        curl_easy_setopt(easy, CURLOPT_CAINFO, settings->ca_file);
}

static void set_all(struct http_transfer *transfer,
                    const struct http_settings *settings, const char *url,
                    bool loopback)
{
    struct http_exchange *ex = transfer->ex;
    CURL *easy = transfer->easy;

    curl_easy_reset(easy);
    set_limits(easy, settings);
    set_method(transfer);
    curl_easy_setopt(easy, CURLOPT_URL, url);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transfer->header);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_answer);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, ex);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, ex);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, transfer->reason);
    curl_easy_setopt(easy, CURLOPT_PRIVATE, transfer);
    /* A proxy would carry what is safe only on this machine elsewhere. */
    if (loopback)
        curl_easy_setopt(easy, CURLOPT_PROXY, "");
    if (!ex->login || !settings->user)
        return;
    curl_easy_setopt(easy, CURLOPT_HTTPAUTH, CURLAUTH_BASIC);
    curl_easy_setopt(easy, CURLOPT_USERNAME, settings->user);
    curl_easy_setopt(easy, CURLOPT_PASSWORD, settings->password);
}

static struct span current_url(const struct http_exchange *ex)
{
    return ex->moved_to ? span_str(ex->moved_to) : ex->url;
}

bool http_transfer_begin(struct http_transfer *transfer,
                         const struct http_settings *settings,
                         struct http_exchange *ex)
{
    struct arena arena;
    struct http_url url;
    bool ok = false;

    arena_init(&arena);
    buf_reset(&ex->head);
    buf_reset(&ex->answer);
    ex->status = 0;
    ex->error = (struct error){ ERROR_NONE, "" };

    if (http_url_parse(&url, &arena, current_url(ex), &ex->error))
        goto out;
    if (ex->login && settings->user && !url.secure &&
        !http_url_is_loopback(&url)) {
        error_set(&ex->error, ERROR_CONFIG,
                  "%.*s: a password is not sent over plain http; give the "
                  "site's https:// address as url",
                  SPAN_ARG(http_url_brief(current_url(ex))));
        goto out;
    }
    transfer->ex = ex;
    transfer->header = make_header(ex);
    transfer->reason[0] = '\0';
    set_all(transfer, settings, http_url_text(&arena, &url).ptr,
            http_url_is_loopback(&url));
    ok = true;
out:
    arena_release(&arena);
    return ok;
}

static bool redirects(const struct http_exchange *ex)
{
    return ex->status == 301 || ex->status == 302 || ex->status == 307 ||
           ex->status == 308;
}

static bool says_later(const struct http_exchange *ex)
{
    return ex->status == 429 || ex->status == 500 || ex->status == 502 ||
           ex->status == 503 || ex->status == 504;
}

/*
 * libcurl's own idea of the next URL has the login written into it, so the
 * header is read here.
 */
static enum http_end follow(struct http_exchange *ex, struct span target)
{
    struct error ignored;
    struct http_url from;
    struct http_url to;
    struct arena arena;
    enum http_end end = HTTP_END_DONE;

    arena_init(&arena);
    if (http_url_parse(&from, &arena, current_url(ex), &ignored) ||
        http_url_resolve(&to, &arena, current_url(ex), target, &ignored)) {
        error_set(&ex->error, ERROR_SITE, "%.*s: a redirect to nowhere",
                  SPAN_ARG(http_url_brief(current_url(ex))));
    } else if (!http_url_may_follow(&from, &to)) {
        error_set(&ex->error, ERROR_SITE,
                  "%.*s: redirected to %.*s, where no password of this site "
                  "may go; if the site lives there, set url to that",
                  SPAN_ARG(http_url_brief(current_url(ex))),
                  SPAN_ARG(http_url_brief(http_url_text(&arena, &to))));
    } else if (ex->redirects++ >= HTTP_REDIRECTS_MAX) {
        error_set(&ex->error, ERROR_SITE, "%.*s: redirected for ever",
                  SPAN_ARG(http_url_brief(current_url(ex))));
    } else {
        char *moved_to = xstrdup(http_url_text(&arena, &to).ptr);

        free(ex->moved_to);
        ex->moved_to = moved_to;
        end = HTTP_END_MOVED;
    }
    arena_release(&arena);
    return end;
}

static enum http_end answered(struct http_transfer *transfer)
{
    struct http_exchange *ex = transfer->ex;
    struct span target;
    size_t at = 0;

    if (redirects(ex) && http_header(ex, SPAN_LIT("Location"), &at, &target))
        return follow(ex, target);
    if (!says_later(ex))
        return HTTP_END_DONE;
    error_set(&ex->error, ERROR_SITE_GONE,
              "%.*s: the site answers %ld, that is 'not now'; try again "
              "later, or look into its error log",
              SPAN_ARG(http_url_brief(current_url(ex))), ex->status);
    return HTTP_END_RETRY;
}

static enum http_end not_answered(struct http_transfer *transfer,
                                  CURLcode code)
{
    struct http_exchange *ex = transfer->ex;
    struct span url = http_url_brief(current_url(ex));
    const char *reason =
        transfer->reason[0] ? transfer->reason : curl_easy_strerror(code);

    if (ex->answer.full) {
        error_set(&ex->error, ERROR_SITE,
                  "%.*s: the answer is larger than %zu bytes", SPAN_ARG(url),
                  ex->answer.max);
        return HTTP_END_DONE;
    }
    if (code == CURLE_PEER_FAILED_VERIFICATION ||
        code == CURLE_SSL_ISSUER_ERROR) {
        error_set(&ex->error, ERROR_SITE,
                  "%.*s: its certificate is not trusted (%.120s); if it is "
                  "your own, name it as ca_file",
                  SPAN_ARG(url), reason);
        return HTTP_END_DONE;
    }
    error_set(&ex->error, ERROR_SITE_GONE, "%.*s: no answer: %.160s",
              SPAN_ARG(url), reason);
    return HTTP_END_RETRY;
}

enum http_end http_transfer_end(struct http_transfer *transfer, CURLcode code,
                                long *retry_after_s)
{
    curl_off_t asked_s = 0;
    enum http_end end;

    curl_easy_getinfo(transfer->easy, CURLINFO_RESPONSE_CODE,
                      &transfer->ex->status);
    curl_easy_getinfo(transfer->easy, CURLINFO_RETRY_AFTER, &asked_s);
    *retry_after_s = asked_s < HTTP_RETRY_AFTER_S_MAX ? (long)asked_s
                                                      : HTTP_RETRY_AFTER_S_MAX;
    end = code ? not_answered(transfer, code) : answered(transfer);

    curl_slist_free_all(transfer->header);
    transfer->header = NULL;
    transfer->ex = NULL;
    return end;
}
