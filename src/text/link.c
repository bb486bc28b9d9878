#include "text/link.h"

#include "text/ascii.h"
#include "text/dot.h"
#include "text/host.h"
#include "text/lead.h"
#include "text/url.h"
#include "text/utf8.h"

#include <stdint.h>
#include <string.h>

#define LIST_FIRST 16

/*
 * Bytes of a user, host and port looked at. A ceiling, for "http://=http://="
 * looks like one long URL from each of its schemes on.
 */
#define AUTHORITY_MAX 320

/* Room for one more link; false, and counted, beyond LINK_NR_MAX. */
static bool list_grow(struct arena *arena, struct link_list *list)
{
    struct link *link;
    size_t alloc = list->alloc ? list->alloc * 2 : LIST_FIRST;

    if (list->nr == LINK_NR_MAX) {
        list->nr_more++;
        return false;
    }
    if (list->nr < list->alloc)
        return true;
    link = arena_alloc(arena, alloc * sizeof(*link));
    if (list->nr)
        memcpy(link, list->link, list->nr * sizeof(*link));
    list->link = link;
    list->alloc = alloc;
    return true;
}

/* Did markup_strip list these very bytes, and leave them in the text? */
static bool is_listed(const struct link_list *list, struct span url)
{
    for (size_t i = 0; i < list->nr; i++)
        if (list->link[i].url.ptr == url.ptr)
            return true;
    return false;
}

static void list_append(struct arena *arena, struct link_list *list,
                        struct link link)
{
    if (!list_grow(arena, list))
        return;
    link.domain = link_domain(link.host);
    list->link[list->nr++] = link;
}

void link_add(struct arena *arena, struct link_list *list, struct span url,
              struct span anchor, enum link_how how)
{
    struct link link = { .url = url, .anchor = anchor, .how = how };

    if (link_host(arena, url, &link.host))
        list_append(arena, list, link);
}

bool link_host(struct arena *arena, struct span url, struct span *host)
{
    struct host found;

    if (!url_host(url, &found))
        return false;
    *host = host_name(arena, &found);
    return true;
}

struct span link_domain(struct span host)
{
    return host_registrable(host);
}

/* One pass over a text. */
struct scan {
    struct arena *arena;
    struct span plain;
    struct link_list *list;
};

static void scan_append(const struct scan *scan, size_t from, size_t end,
                        const struct host *host, enum link_how how)
{
    struct link link = { .url = span_cut(scan->plain, from, end), .how = how };

    if (is_listed(scan->list, link.url))
        return;
    link.host = host_name(scan->arena, host);
    list_append(scan->arena, scan->list, link);
}

/* "http://http://" names no host, and neither does "http://word". */
static bool leads_out(const struct host *host)
{
    return host->nr > 1 || strchr(host->name, ':') ||
           !strcmp(host->name, "localhost");
}

/* The host of the URL from `from` on, looking at its authority only. */
static bool read_authority(struct span plain, size_t from, size_t at,
                           struct host *host)
{
    struct span near = utf8_head(plain, at + AUTHORITY_MAX);
    size_t slash = at + span_find_char(span_cut(near, at, near.len), '/');
    struct span url;

    /* Behind the first slash is no host; two may be of a scheme glued on. */
    near = utf8_head(near, slash + 2);
    if (host_read(near, at, HOST_IN_URL, host) && host->disguised)
        return true;
    url = span_cut(plain, from, at);
    if (ascii_at(plain, host->end) & 0x80)
        url.len = host->end - from; /* the sentence goes on in Han or Thai */
    else
        url.len = url_end(near, host->end) - from;
    return url_host(url, host) && leads_out(host);
}

/*
 * The link whose scheme begins at `from` and whose authority at `at`. Returns
 * where to go on.
 */
static size_t take_url(const struct scan *scan, size_t from, size_t at,
                       bool disguised)
{
    struct host host;
    size_t end;

    (void)host_read(scan->plain, at, HOST_IN_URL, &host);
    end = host.end;
    if (!read_authority(scan->plain, from, at, &host))
        return at;
    disguised |= host.disguised;
    if (!(ascii_at(scan->plain, end) & 0x80))
        end = url_end(scan->plain, end);
    scan_append(scan, from, end, &host,
                disguised ? LINK_DISGUISED : LINK_BARE);
    return end;
}

/*
 * Is the word that begins at `from` a piece of something else: of a mail
 * address, a path, an assignment? Twice a slash is the start of a URL.
 */
static bool is_piece(struct span plain, size_t from)
{
    char before = from ? plain.ptr[from - 1] : ' ';

    if (before == '/')
        return from < 2 || plain.ptr[from - 2] != '/';
    return before && strchr("@.\\=&#%$+~", before);
}

/* Is `from` behind "(at)" or, where dots were spelled out too, " at "? */
static bool is_mail(struct span plain, size_t from, const struct host *host)
{
    struct span before =
        span_trim(span_cut(plain, from > 8 ? from - 8 : 0, from));
    struct span end =
        span_cut(before, before.len > 4 ? before.len - 4 : 0, before.len);

    if (ascii_at(plain, host->end) == '@')
        return true;
    if (span_eq_nocase(end, SPAN_LIT("(at)")) ||
        span_eq_nocase(end, SPAN_LIT("[at]")) ||
        span_eq_nocase(end, SPAN_LIT("{at}")))
        return true;
    return host->disguised && span_ends(end, SPAN_LIT(" at"));
}

/* "example.com.My" reads as a sentence, "EXAMPLE.COM" does not. */
static bool is_one_case(struct span plain, size_t from,
                        const struct host *host)
{
    size_t suffix =
        host->end - (host->len - host->label[host->nr - 2].name_end - 1);
    bool upper = false;
    bool lower = false;

    for (size_t i = from; i < host->end; i++) {
        if (i >= suffix)
            upper |= ascii_is_upper(plain.ptr[i]);
        lower |= ascii_is_lower(plain.ptr[i]);
    }
    return !upper || !lower;
}

/* Does a port or a path follow? A network ("10.0.0.0/8") has neither. */
static bool has_path(struct span plain, const struct host *host)
{
    char next = ascii_at(plain, host->end);
    char after = ascii_at(plain, host->end + 1);

    if (next == ':')
        return ascii_is_digit(after);
    return next == '/' && (!host_is_ipv4(host) || ascii_is_letter(after));
}

/* How the host that begins at `from` is a link, cut to size; or it is not. */
static bool is_link(struct span plain, size_t from, struct host *host,
                    enum link_how *how)
{
    bool www = !strncmp(host->name, "www.", 4) && host->nr > 2;
    bool path = has_path(plain, host);

    if (is_mail(plain, from, host) || (!www && is_piece(plain, from)))
        return false;
    *how = LINK_BARE;
    if (host_is_ipv4(host))
        return path;
    if (host->disguised) {
        *how = LINK_DISGUISED;
        return host_settle(host, path ? HOST_SUFFIX_REAL : HOST_SUFFIX_CLEAR);
    }
    if (www || path)
        return host_settle(host, HOST_SUFFIX_REAL);
    *how = LINK_MENTION;
    return host_settle(host, HOST_SUFFIX_CLEAR) &&
           is_one_case(plain, from, host) && ascii_at(plain, host->end) != '(';
}

/* The host without a scheme that may begin at `from`. Returns as take_url. */
static size_t take_host(const struct scan *scan, size_t from, size_t label_end)
{
    struct host host;
    enum link_how how;
    struct dot dot;
    size_t end;

    /* Most words have no dot behind them and cost no more than this. */
    if (!dot_read(scan->plain, label_end, &dot))
        return label_end;
    if (!host_read(scan->plain, from, HOST_IN_PROSE, &host) || host.nr < 2)
        return host.end;
    end = host.end;
    if (!is_link(scan->plain, from, &host, &how))
        return end;
    if (has_path(scan->plain, &host))
        end = url_end(scan->plain, host.end);
    else
        end = host.end;
    scan_append(scan, from, end, &host, how);
    return end;
}

/* "://", or what browsers take for it. */
static bool has_slashes(struct span plain, size_t at)
{
    struct span next = span_cut(plain, at, at + 3);

    return span_eq(next, SPAN_LIT("://")) || span_eq(next, SPAN_LIT(":\\\\"));
}

/* What a byte may be of a label in ASCII. */
enum {
    BYTE_ALNUM = 1,
    BYTE_JOINT = 2,
    BYTE_WIDE = 4, /* part of a character outside ASCII */
};

static const uint8_t byte_class[256] = {
    ['0' ... '9'] = BYTE_ALNUM, ['A' ... 'Z'] = BYTE_ALNUM,
    ['a' ... 'z'] = BYTE_ALNUM, ['-'] = BYTE_JOINT,
    ['_'] = BYTE_JOINT,         [0x80 ... 0xFF] = BYTE_WIDE,
};

static uint8_t class_at(struct span plain, size_t at)
{
    return at < plain.len ? byte_class[(unsigned char)plain.ptr[at]] : 0;
}

/* May the label that ends at `end` go on as a host or URL? */
static bool may_lead(struct span plain, size_t end)
{
    if (ascii_at(plain, end) == '.')
        return class_at(plain, end + 1) & (BYTE_ALNUM | BYTE_WIDE);
    return dot_may_follow(plain, end) || has_slashes(plain, end);
}

/*
 * Where the word begins that the byte at `lead` is behind, with two blanks
 * between them at the most; not before `from`.
 */
static size_t word_before(struct span plain, size_t lead, size_t from)
{
    for (int i = 0; i < 2 && lead > from && plain.ptr[lead - 1] == ' '; i++)
        lead--;
    while (lead > from &&
           class_at(plain, lead - 1) & (BYTE_ALNUM | BYTE_JOINT))
        lead--;
    return lead;
}

/*
 * From `at` over words that lead nowhere, most of every text, to the first
 * that may.
 */
static size_t skip_words(struct span plain, size_t at)
{
    for (;;) {
        size_t from;
        size_t end;

        at = word_before(plain, lead_find(plain, at), at);
        while (at < plain.len &&
               !(class_at(plain, at) & (BYTE_ALNUM | BYTE_WIDE)))
            at++;
        from = at;
        end = at;
        while (class_at(plain, at) & (BYTE_ALNUM | BYTE_JOINT)) {
            at++;
            if (class_at(plain, at - 1) & BYTE_ALNUM)
                end = at;
        }
        if (at == from || class_at(plain, at) & BYTE_WIDE ||
            may_lead(plain, end))
            return from;
        at = end;
    }
}

void link_find(struct arena *arena, struct span plain, struct link_list *list)
{
    struct scan scan = { arena, plain, list };
    size_t at = skip_words(plain, 0);

    while (at < plain.len) {
        struct url_scheme scheme;
        size_t end;

        if (!host_begins(plain, at, HOST_IN_PROSE)) {
            (void)utf8_next(plain, &at);
            at = skip_words(plain, at);
            continue;
        }
        end = host_label_end(plain, at, HOST_IN_PROSE);
        if (!has_slashes(plain, end))
            at = take_host(&scan, at, end);
        else if (url_scheme_last(span_cut(plain, 0, end), &scheme))
            at = take_url(&scan, end - scheme.len, end + 3, scheme.disguised);
        else
            at = end + 3;
        at = skip_words(plain, at);
    }
}
