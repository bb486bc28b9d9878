#include "text/host.h"

#include "text/ascii.h"
#include "text/dot.h"
#include "text/utf8.h"

#include <libpsl.h>
#include <stdlib.h>
#include <string.h>

/* A joined sentence adds a word or two ("example.com.Then.I") at the most. */
#define SETTLE_LABELS 2

/*
 * Top-level domains that end a host even without a path behind it: those that
 * are common, in use or in spam, and not a word that begins sentences in a
 * large language. Others need "www.", a path or a scheme. Sorted.
 */
static const char *const clear_suffix[] = {
    "ac",       "ae",      "agency", "app",
    "ar",       "asia",    "bet",    "bg",
    "biz",      "blog",    "br",     "buzz",
    "ca",       "casino",  "cc",     "cf",
    "ch",       "cl",      "club",   "cn",
    "co",       "com",     "cyou",   "cz",
    "dk",       "edu",     "eu",     "fi",
    "fr",       "gov",     "gq",     "gr",
    "guru",     "hk",      "hr",     "hu",
    "icu",      "ie",      "il",     "info",
    "io",       "ir",      "jp",     "ke",
    "kr",       "kz",      "lk",     "loan",
    "lt",       "ltd",     "lv",     "mil",
    "mobi",     "mx",      "net",    "ng",
    "nl",       "nz",      "online", "org",
    "ph",       "pk",      "pl",     "porn",
    "pro",      "pw",      "ro",     "ru",
    "sbs",      "sexy",    "sg",     "shop",
    "site",     "sk",      "store",  "su",
    "tk",       "top",     "tr",     "tv",
    "tw",       "ua",      "uk",     "vip",
    "vn",       "website", "ws",     "wtf",
    "xn--p1ai", "xyz",     "za",     "\xd1\x80\xd1\x84",
};

/* Stops and commas of scripts below U+2000, which else is mostly letters. */
static bool is_foreign_stop(uint32_t cp)
{
    static const uint16_t stop[] = { 0xD7,  0xF7,  0x37E, 0x387, 0x589,
                                     0x5BE, 0x60C, 0x61B, 0x61F, 0x66A,
                                     0x66D, 0x6D4, 0x964, 0x965 };

    for (size_t i = 0; i < sizeof(stop) / sizeof(stop[0]); i++)
        if (stop[i] == cp)
            return true;
    return false;
}

/*
 * Letters of names outside ASCII. Scripts that set no blanks between words
 * (Thai, Han, ...) belong to a name only where a scheme came first: in prose
 * they are the sentence around it.
 */
static bool is_foreign_letter(uint32_t cp, enum host_place place)
{
    if (cp < 0xC0 || is_foreign_stop(cp))
        return false;
    if (place == HOST_IN_PROSE)
        return cp < 0xE00 || (cp >= 0x1E00 && cp < 0x2000);
    return cp < 0x2000 || (cp >= 0x3040 && cp < 0xE000);
}

/* Digits and combining marks go with any script. */
static bool is_neutral(uint32_t cp)
{
    return (cp >= '0' && cp <= '9') || (cp >= 0x300 && cp < 0x370);
}

/* Does `cp` after letters so far belong to another script than theirs? */
static bool changes_script(bool latin, bool other, uint32_t cp,
                           enum host_place place)
{
    if (place == HOST_IN_URL)
        return latin && cp >= 0x2E80;
    return cp < 0x370 ? other : latin;
}

/*
 * One character of a label at `*at`: moves behind it, or returns false. A
 * hyphen or underscore is part of it, though not at its ends.
 */
static bool label_char(struct span text, size_t *at, enum host_place place,
                       uint32_t *cp)
{
    size_t next = *at;

    if (next >= text.len)
        return false;
    *cp = utf8_next(text, &next);
    if (*cp < 0x80) {
        char c = (char)*cp;

        if (!ascii_is_letter(c) && !ascii_is_digit(c) && c != '-' && c != '_')
            return false;
    } else if (!is_foreign_letter(*cp, place)) {
        return false;
    }
    *at = next;
    return true;
}

bool host_begins(struct span text, size_t at, enum host_place place)
{
    uint32_t cp;

    return label_char(text, &at, place, &cp) && cp != '-' && cp != '_';
}

size_t host_label_end(struct span text, size_t at, enum host_place place)
{
    size_t end = at; /* behind the last letter or digit */
    bool latin = false;
    bool other = false;
    uint32_t cp;

    while (label_char(text, &at, place, &cp)) {
        if (cp == '-' || cp == '_')
            continue;
        if (!is_neutral(cp)) {
            if (changes_script(latin, other, cp, place))
                break;
            latin |= cp < 0x370;
            other |= cp >= 0x370;
        }
        end = at;
    }
    return end;
}

/* Append the label that ends at `text_end`; false when the name is full. */
static bool label_add(struct host *host, struct span label, size_t text_end)
{
    size_t dot = host->nr > 0;

    if (host->nr == HOST_LABELS_MAX ||
        host->len + dot + label.len > HOST_LEN_MAX)
        return false;
    if (dot)
        host->name[host->len++] = '.';
    for (size_t i = 0; i < label.len; i++) {
        host->name[host->len++] = ascii_lower(label.ptr[i]);
    }
    host->name[host->len] = '\0';
    host->label[host->nr].name_end = host->len;
    host->label[host->nr].text_end = text_end;
    host->nr++;
    return true;
}

/* "example.com dot net": the first is a host already. */
static bool has_plain_dot(const struct host *host)
{
    return host->nr > 1 && !host->disguised &&
           strncmp(host->name, "www.", 4) != 0;
}

bool host_read(struct span text, size_t at, enum host_place place,
               struct host *host)
{
    host->len = 0;
    host->nr = 0;
    host->disguised = false;
    host->name[0] = '\0';
    host->end = at;
    for (;;) {
        struct span label =
            span_cut(text, at, host_label_end(text, at, place));
        struct dot dot;

        if (!label.len)
            break;
        host->end = at + label.len;
        if (!label_add(host, label, host->end)) {
            host->nr = 0;
            break;
        }
        if (!dot_read(text, host->end, &dot) ||
            !host_begins(text, dot.end, place))
            break;
        if (dot.spaced &&
            (has_plain_dot(host) || !dot_is_meant(text, label, &dot)))
            break;
        host->disguised |= dot.disguised;
        at = dot.end;
    }
    return host->nr > 0;
}

static int clear_cmp(const void *key, const void *item)
{
    return strcmp(key, *(const char *const *)item);
}

/* Is the name from label `i` on a public suffix? */
static bool is_suffix(const struct host *host, size_t i)
{
    size_t from = i ? host->label[i - 1].name_end + 1 : 0;

    return psl_is_public_suffix2(psl_builtin(), host->name + from,
                                 PSL_TYPE_ICANN | PSL_TYPE_NO_STAR_RULE);
}

static struct span label_of(const struct host *host, size_t i)
{
    size_t from = i ? host->label[i - 1].name_end + 1 : 0;

    return (struct span){ host->name + from, host->label[i].name_end - from };
}

/* Top-level domains that in prose end the name of a file. */
static bool is_file_suffix(struct span label)
{
    static const struct span file[] = {
        { "ai", 2 }, { "md", 2 }, { "mov", 3 }, { "ps", 2 }, { "py", 2 },
        { "rs", 2 }, { "sh", 2 }, { "so", 2 },  { "tt", 2 }, { "zip", 3 },
    };

    for (size_t i = 0; i < sizeof(file) / sizeof(file[0]); i++)
        if (span_eq(label, file[i]))
            return true;
    return false;
}

/* A label no sentence ends with: letters and a digit or hyphen ("pills-4"). */
static bool is_coined(struct span label)
{
    bool letter = false;
    bool sign = false;

    for (size_t i = 0; i < label.len; i++) {
        letter |= ascii_is_letter(label.ptr[i]);
        sign |= ascii_is_digit(label.ptr[i]) || label.ptr[i] == '-';
    }
    return letter && sign && label.len >= 4;
}

/* Does `label` before a suffix look like a name? Not "R.E.M", "10.0.com". */
static bool is_name(struct span label)
{
    size_t letters = 0;

    for (size_t i = 0; i < label.len; i++)
        letters += !ascii_is_digit(label.ptr[i]) && label.ptr[i] != '-';
    return letters && label.len > 1;
}

static bool is_clear(const struct host *host, size_t last)
{
    struct span suffix = label_of(host, last);
    struct span name = label_of(host, last - 1);

    if (!is_name(name))
        return false;
    if (bsearch(suffix.ptr, clear_suffix,
                sizeof(clear_suffix) / sizeof(clear_suffix[0]),
                sizeof(clear_suffix[0]), clear_cmp))
        return true;
    if (!is_suffix(host, last))
        return false;
    if (last > 1 && is_suffix(host, last - 1))
        return true;
    return is_coined(name) && !is_file_suffix(suffix);
}

bool host_has_suffix(const struct host *host)
{
    return host->nr > 1 && is_suffix(host, host->nr - 1);
}

bool host_settle(struct host *host, enum host_suffix kind)
{
    for (int i = 0; i <= SETTLE_LABELS && host->nr > 1; i++) {
        if (kind == HOST_SUFFIX_REAL ? host_has_suffix(host)
                                     : is_clear(host, host->nr - 1))
            return true;
        host->nr--;
        host->len = host->label[host->nr - 1].name_end;
        host->end = host->label[host->nr - 1].text_end;
        host->name[host->len] = '\0';
    }
    return false;
}

bool host_is_ipv4(const struct host *host)
{
    const char *at = host->name;

    if (host->nr != 4)
        return false;
    for (int i = 0; i < 4; i++) {
        char *end;

        if (!ascii_is_digit(*at) || strtoul(at, &end, 10) > 255)
            return false;
        if (*end != (i < 3 ? '.' : '\0'))
            return false;
        at = end + 1;
    }
    return true;
}

/* The list would make "2.1" of "192.0.2.1". */
static bool is_address(struct span name)
{
    size_t at = name.len;

    if (span_find_char(name, ':') < name.len)
        return true;
    while (at && ascii_is_digit(name.ptr[at - 1]))
        at--;
    return at < name.len && (!at || name.ptr[at - 1] == '.');
}

struct span host_registrable(struct span name)
{
    char copy[HOST_LEN_MAX + 1];
    const char *found;

    if (!name.len || name.len > HOST_LEN_MAX)
        return name;
    /* One label has nothing before its suffix. */
    if (is_address(name) || span_find_char(name, '.') == name.len)
        return name;
    memcpy(copy, name.ptr, name.len);
    copy[name.len] = '\0';
    found = psl_registrable_domain(psl_builtin(), copy);
    return found ? span_cut(name, (size_t)(found - copy), name.len) : name;
}

static bool is_ascii(const struct host *host)
{
    for (size_t i = 0; i < host->len; i++)
        if ((unsigned char)host->name[i] >= 0x80)
            return false;
    return true;
}

struct span host_name(struct arena *arena, const struct host *host)
{
    struct span name = { host->name, host->len };
    char *lower = NULL;

    if (is_ascii(host) ||
        psl_str_to_utf8lower(host->name, "utf-8", NULL, &lower) != PSL_SUCCESS)
        return arena_dup(arena, name);
    name = arena_dup(arena, span_str(lower));
    psl_free_string(lower);
    return name;
}
