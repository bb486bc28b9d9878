#include "server/akismet_call.h"

#include <stddef.h>
#include <string.h>

/*
 * Which field of the comment a name fills. A later line gives way to an
 * earlier one of the same field that has something in it.
 */
static const struct {
    struct span name;
    size_t offset; /* in struct akismet_call */
    bool slashed;  /* by WordPress, in the first look */
} map[] = {
#define NAME(name)                                                            \
    {                                                                         \
        name, sizeof(name) - 1                                                \
    }
#define AT(member) offsetof(struct akismet_call, member)
    { NAME("comment_ID"), AT(comment_id), false },
    { NAME("guid"), AT(guid), false },
    { NAME("akismet_guid"), AT(guid), false },
    { NAME("reporter"), AT(reporter), false },
    { NAME("comment_content"), AT(comment.text), true },
    { NAME("comment_author"), AT(comment.author), true },
    { NAME("comment_author_email"), AT(comment.author_email), true },
    { NAME("comment_author_url"), AT(comment.author_url), true },
    { NAME("user_ip"), AT(comment.author_ip), false },
    { NAME("comment_author_IP"), AT(comment.author_ip), false },
    { NAME("user_agent"), AT(comment.user_agent), true },
    { NAME("comment_agent"), AT(comment.user_agent), true },
    { NAME("referrer"), AT(comment.referrer), true },
    { NAME("comment_date_gmt"), AT(comment.date), false },
    { NAME("permalink"), AT(comment.permalink), false },
    { NAME("comment_type"), AT(comment.type), false },
    { NAME("content_type"), AT(comment.type), false },
    { NAME("user_role"), AT(comment.role), false },
    { NAME("blog_lang"), AT(comment.lang), false },
#undef AT
#undef NAME
};

#define MAP_NR (sizeof(map) / sizeof(map[0]))

/*
 * The plugin counts from the page's being shown (ak_js) to the form's being
 * sent (ak_bfs), both by the visitor's clock. Without JavaScript ak_js is a
 * small number that the server made up.
 */
#define CLOCK_MS_MIN 1000000000000LL
#define DAY_MS 86400000LL

static bool is_quoted_by_slash(char c)
{
    return c == '\'' || c == '"' || c == '\\' || c == '0';
}

/* Does every quote, backslash and NUL have its backslash? Is there any? */
static bool is_slashed(struct span s)
{
    bool any = false;

    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\'' || s.ptr[i] == '"' || !s.ptr[i])
            return false;
        if (s.ptr[i] != '\\')
            continue;
        i++;
        if (i == s.len || !is_quoted_by_slash(s.ptr[i]))
            return false;
        any = true;
    }
    return any;
}

static struct span without_slashes(struct arena *arena, struct span s)
{
    char *out;
    size_t len = 0;

    if (!is_slashed(s))
        return s;
    out = arena_alloc(arena, s.len);
    for (size_t i = 0; i < s.len; i++) {
        bool slash = s.ptr[i] == '\\';

        i += slash;
        out[len++] = slash && s.ptr[i] == '0' ? '\0' : s.ptr[i];
    }
    return (struct span){ out, len };
}

/* Which line of the map `name` is, or MAP_NR. */
static size_t find_name(struct span name)
{
    size_t i = 0;

    while (i < MAP_NR && !span_eq(name, map[i].name))
        i++;
    return i;
}

/* The values by line of the map, of repeated names the last. */
static void collect(struct span value[MAP_NR], const struct form *form)
{
    for (size_t i = 0; i < MAP_NR; i++)
        value[i] = SPAN_LIT("");
    for (size_t i = 0; i < form->nr; i++) {
        size_t line = find_name(form->field[i].name);

        if (line < MAP_NR)
            value[line] = form->field[i].value;
    }
}

static void fill(struct akismet_call *call, struct arena *arena,
                 const struct form *form, bool slashed)
{
    struct span value[MAP_NR];

    collect(value, form);
    for (size_t i = 0; i < MAP_NR; i++) {
        struct span *field = (struct span *)((char *)call + map[i].offset);

        if (!field->len)
            *field = slashed && map[i].slashed
                         ? without_slashes(arena, value[i])
                         : value[i];
    }
}

/* "en, fr_ca": the site's languages; its first is the one we know of. */
static struct span first_of(struct span list)
{
    return span_trim(span_cut(list, 0, span_find_char(list, ',')));
}

/*
 * What is in the field that people don't see: the one the caller names, or
 * that of the plugin's own form.
 */
static struct span read_trap(const struct form *form)
{
    struct span name = form_get(form, SPAN_LIT("honeypot_field_name"));
    struct span trap = name.len ? form_get(form, name) : SPAN_LIT("");

    if (trap.len)
        return trap;
    return form_get(form, SPAN_LIT("POST_ak_hp_textarea"));
}

static struct span read_fill_ms(struct arena *arena, const struct form *form)
{
    long long shown;
    long long sent;

    if (!span_to_long(form_get(form, SPAN_LIT("POST_ak_js")), &shown) ||
        !span_to_long(form_get(form, SPAN_LIT("POST_ak_bfs")), &sent) ||
        shown < CLOCK_MS_MIN || sent < shown || sent - shown > DAY_MS)
        return SPAN_LIT("");
    return arena_printf(arena, "%lld", sent - shown);
}

static enum akismet_wish read_wish(const struct comment *comment)
{
    if (span_eq(first_of(comment->role), SPAN_LIT("administrator")))
        return AKISMET_WISH_HAM;
    if (span_eq(comment->author, SPAN_LIT("viagra-test-123")) ||
        span_eq(comment->author, SPAN_LIT("akismet-guaranteed-spam")) ||
        span_eq(comment->author_email,
                SPAN_LIT("akismet-guaranteed-spam@example.com")))
        return AKISMET_WISH_SPAM;
    return AKISMET_WISH_NONE;
}

/* "0", "false" and nothing are no. */
static bool is_yes(struct span value)
{
    return value.len && !span_eq(value, SPAN_LIT("0")) &&
           !span_eq_nocase(value, SPAN_LIT("false"));
}

void akismet_call_read(struct akismet_call *call, struct arena *arena,
                       const struct form *form, struct span user_agent)
{
    bool slashed;

    memset(call, 0, sizeof(*call));
    call->is_plugin =
        span_find(user_agent, SPAN_LIT("Akismet/")) < user_agent.len &&
        span_starts(user_agent, SPAN_LIT("WordPress/"));
    slashed = call->is_plugin && !form_has(form, SPAN_LIT("comment_ID")) &&
              form_has(form, SPAN_LIT("akismet_comment_nonce"));
    fill(call, arena, form, slashed);
    call->comment.lang = first_of(call->comment.lang);
    call->comment.author_ip = span_trim(call->comment.author_ip);
    call->comment.trap = read_trap(form);
    call->comment.fill_ms = read_fill_ms(arena, form);
    call->wish = read_wish(&call->comment);
    call->classify = is_yes(form_get(form, SPAN_LIT("classify")));
    call->is_test = is_yes(form_get(form, SPAN_LIT("is_test")));
}

bool akismet_key_is_one(struct span key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];

        if ((c < 'a' || c > 'z') && (c < '0' || c > '9'))
            return false;
    }
    return key.len == AKISMET_KEY_LEN;
}

struct span akismet_host_key(struct span host)
{
    size_t dot = span_find_char(host, '.');
    struct span label = span_cut(host, 0, dot);

    return dot < host.len && akismet_key_is_one(label) ? label : SPAN_LIT("");
}
