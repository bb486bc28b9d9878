#include "site/wordpress.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

struct span rest_url(struct arena *arena, struct span root, const char *route,
                     struct span query)
{
    /* Without pretty permalinks the root itself is a query. */
    char mark = span_find_char(root, '?') < root.len ? '&' : '?';

    if (!query.len)
        return arena_printf(arena, "%.*s%s", SPAN_ARG(root), route);
    return arena_printf(arena, "%.*s%s%c%.*s", SPAN_ARG(root), route, mark,
                        SPAN_ARG(query));
}

/* In whole characters. */
struct span rest_beginning(struct arena *arena, struct span text)
{
    size_t len = text.len;

    if (len > COMMENT_FIELD_MAX) {
        len = COMMENT_FIELD_MAX;
        while (len && ((unsigned char)text.ptr[len] & 0xc0) == 0x80)
            len--;
    }
    return arena_dup(arena, span_cut(text, 0, len));
}

struct span rest_include(struct arena *arena, const long long *id, size_t nr)
{
    struct span out;
    struct buf list;

    buf_init(&list, WORDPRESS_PER_PAGE * sizeof("9223372036854775807,"));
    for (size_t i = 0; i < nr; i++)
        buf_addf(&list, "%s%lld", i ? "," : "include=", id[i]);
    out = arena_dup(arena, buf_span(&list));
    buf_release(&list);
    return out;
}

/*
 * Without the byte order marks that a PHP file saved by a careless editor
 * puts before every answer.
 */
static struct span answer_text(const struct http_exchange *ex)
{
    struct span text = span_trim(buf_span(&ex->answer));
    const struct span mark = SPAN_LIT("\xef\xbb\xbf");

    while (span_starts(text, mark))
        text = span_trim(span_cut(text, mark.len, text.len));
    return text;
}

struct rest_code rest_code(const struct http_exchange *ex)
{
    struct rest_code code = { "" };
    struct error ignored;
    struct json_doc doc;
    struct span text;

    if (json_parse(&doc, answer_text(ex), &ignored))
        return code;
    if (json_text(json_member(doc.root, "code"), &text))
        snprintf(code.text, sizeof(code.text), "%.*s", SPAN_ARG(text));
    json_release(&doc);
    return code;
}

enum rest_fault rest_fault(const struct http_exchange *ex)
{
    struct rest_code found = rest_code(ex);
    struct span code = span_str(found.text);
    bool ours = span_starts(code, SPAN_LIT("rest_"));

    /* "wp_die" is of the database, or of whatever comes before REST. */
    if (ex->status == 500 &&
        (ours || span_eq(code, SPAN_LIT("internal_server_error"))))
        return REST_ROW_DIES;
    if (ex->error.code)
        return REST_SITE_GONE;
    if (ex->status == 410 ||
        span_eq(code, SPAN_LIT("rest_comment_invalid_id")))
        return REST_ROW_MISSING;
    if (!code.len || span_eq(code, SPAN_LIT("rest_no_route")))
        return REST_SITE_GONE;
    if (ex->status == 401 || ex->status == 403)
        return REST_NOT_ALLOWED;
    return ex->status / 100 == 4 ? REST_ROW_REFUSED : REST_SITE_GONE;
}

static const char *explain_json(long status, const char *code)
{
    if (status == 401)
        return "not logged in; the user or the application password is "
               "wrong (the login password will not do), or the web server "
               "drops the Authorization header";
    if (status == 403)
        return "the login works but may not do this; give the user the role "
               "of an Editor";
    if (!strcmp(code, "rest_no_route"))
        return "the site has no such REST route; a plugin may have switched "
               "it off";
    return "the site refuses";
}

static const char *explain_page(long status)
{
    if (status == 401)
        return "a password is asked for before WordPress is reached; let "
               "/wp-json/ through, or drop that protection";
    if (status == 403)
        return "a firewall or security plugin refuses; let this machine's "
               "address through";
    if (status == 404)
        return "no REST API there; look at url, and for a plugin that "
               "switches it off";
    if (status / 100 == 2)
        return "a page instead of JSON; something between us and WordPress "
               "answers, such as a login wall, a cache or a plugin";
    return "an answer that is none of WordPress's";
}

static enum error_code explain(const struct http_exchange *ex,
                               struct error *err)
{
    struct rest_code code = rest_code(ex);
    bool json = code.text[0];

    return error_set(err, ERROR_SITE, "%.*s: status %ld%s%s: %s",
                     SPAN_ARG(http_url_brief(ex->url)), ex->status,
                     json ? " " : "", code.text,
                     json ? explain_json(ex->status, code.text)
                          : explain_page(ex->status));
}

enum error_code rest_read(struct json_doc *doc, const struct http_exchange *ex,
                          struct error *err)
{
    struct error ignored;

    if (ex->error.code) {
        *err = ex->error;
        return ex->error.code;
    }
    if (ex->status / 100 != 2 || json_parse(doc, answer_text(ex), &ignored))
        return explain(ex, err);
    if (json_is_object(doc->root) || json_is_array(doc->root))
        return ERROR_NONE;
    json_release(doc);
    return explain(ex, err);
}

long long rest_number(const struct json *row, const char *name)
{
    long long number = 0;

    (void)json_long(json_member(row, name), &number);
    return number;
}

struct span rest_text(const struct json *row, const char *name)
{
    const struct json *value = json_member(row, name);
    struct span text = SPAN_LIT("");

    if (!json_text(value, &text) &&
        !json_text(json_member(value, "raw"), &text))
        (void)json_text(json_member(value, "rendered"), &text);
    return text;
}

bool rest_is_note(const struct json *row)
{
    static const char *const note[] = { "note", "order_note", "action_log" };
    struct span type = rest_text(row, "type");

    for (size_t i = 0; i < sizeof(note) / sizeof(note[0]); i++)
        if (span_eq(type, span_str(note[i])))
            return true;
    return false;
}

static bool is_address(struct span text)
{
    unsigned char ip[sizeof(struct in6_addr)];
    char copy[INET6_ADDRSTRLEN];

    if (text.len >= sizeof(copy))
        return false;
    if (text.len)
        memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    return inet_pton(AF_INET, copy, ip) == 1 ||
           inet_pton(AF_INET6, copy, ip) == 1;
}

/* An empty address or browser can't be sent back: it counts as not given. */
void rest_put_status(struct buf *out, const struct json *row, struct span want)
{
    struct span agent = rest_text(row, "author_user_agent");
    struct span ip = rest_text(row, "author_ip");

    buf_add(out, SPAN_LIT("{\"status\":"));
    json_put_text(out, want);
    if (is_address(ip)) {
        buf_add(out, SPAN_LIT(",\"author_ip\":"));
        json_put_text(out, ip);
    }
    if (agent.len) {
        buf_add(out, SPAN_LIT(",\"author_user_agent\":"));
        json_put_text(out, agent);
    }
    buf_add_char(out, '}');
}
