#include "policy/entry.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <string.h>

int entry_cmp(const void *a, const void *b)
{
    const struct entry *x = a;
    const struct entry *y = b;

    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    return span_cmp(x->key, y->key);
}

struct span entry_lower(struct entry_room *room, struct span s)
{
    s = span_trim(s);
    if (s.len > sizeof(room->byte))
        return SPAN_LIT("");
    for (size_t i = 0; i < s.len; i++)
        room->byte[i] = (char)tolower((unsigned char)s.ptr[i]);
    return (struct span){ room->byte, s.len };
}

/* A name that is nothing but a link folds to nothing, and stays as it is. */
struct span entry_author(struct entry_room *room, const struct text *text)
{
    struct span folded = span_trim(text->author.folded);

    return folded.len ? folded : entry_lower(room, text->author.plain);
}

bool entry_ip_parse(struct entry_ip *ip, struct span s)
{
    static const unsigned char mapped[] = { 0, 0, 0, 0, 0,    0,
                                            0, 0, 0, 0, 0xff, 0xff };
    char name[INET6_ADDRSTRLEN];

    s = span_trim(s);
    if (!s.len || s.len >= sizeof(name) || memchr(s.ptr, '\0', s.len))
        return false;
    memcpy(name, s.ptr, s.len);
    name[s.len] = '\0';
    ip->bits = ENTRY_IP_BITS;
    if (inet_pton(AF_INET6, name, ip->byte) == 1)
        return true;
    memcpy(ip->byte, mapped, sizeof(mapped));
    ip->bits = ENTRY_IP_BITS - 8 * sizeof(mapped);
    return inet_pton(AF_INET, name, ip->byte + sizeof(mapped)) == 1;
}

struct span entry_ip_key(struct entry_room *room, const struct entry_ip *ip,
                         size_t bits)
{
    unsigned char *key = (unsigned char *)room->byte;

    *key++ = (unsigned char)bits;
    for (size_t i = 0; i < ENTRY_IP_BYTES; i++) {
        size_t kept = bits > i * 8 ? bits - i * 8 : 0;

        key[i] = ip->byte[i];
        if (kept < 8)
            key[i] &= (unsigned char)(0xff00 >> kept);
    }
    return (struct span){ room->byte, 1 + ENTRY_IP_BYTES };
}

static const char *make_ip(struct arena *arena, struct span value,
                           struct span *key)
{
    static const char wrong[] =
        "an address such as 203.0.113.7, 203.0.113.0/24 or 2001:db8::/32";
    size_t slash = span_find_char(value, '/');
    struct entry_room room = { "" };
    struct entry_ip ip;
    long long prefix;

    if (!entry_ip_parse(&ip, span_cut(value, 0, slash)))
        return wrong;
    prefix = (long long)ip.bits;
    if (slash < value.len &&
        !span_to_long(span_cut(value, slash + 1, value.len), &prefix))
        return wrong;
    if (prefix < 0 || prefix > (long long)ip.bits)
        return wrong;
    *key = arena_dup(
        arena,
        entry_ip_key(&room, &ip, ENTRY_IP_BITS - ip.bits + (size_t)prefix));
    return NULL;
}

static const char *make_lower(struct arena *arena, struct span value,
                              struct span *key)
{
    struct entry_room room;

    *key = arena_dup(arena, entry_lower(&room, value));
    return key->len ? NULL : "a shorter value";
}

static const char *make_email(struct arena *arena, struct span value,
                              struct span *key)
{
    size_t at = span_find_char(value, '@');

    if (at + 1 >= value.len || span_find_char(value, ' ') < value.len)
        return "an address such as ann@example.com, or @example.com";
    return make_lower(arena, value, key);
}

static const char *make_domain(struct arena *arena, struct span value,
                               struct span *key)
{
    static const char sign[] = "/:@ ?#";
    bool name = true;

    for (size_t i = 0; i < value.len; i++)
        if (memchr(sign, value.ptr[i], sizeof(sign)))
            name = false;
    if (name)
        name = link_host(
            arena, arena_printf(arena, "http://%.*s/", SPAN_ARG(value)), key);
    return name ? NULL
                : "a name such as cheap-jerseys.example, without http:// and "
                  "path";
}

static const char *make_author(struct arena *arena, struct span value,
                               struct span *key)
{
    struct comment comment = { .author = value };
    struct entry_room room;

    *key =
        arena_dup(arena, entry_author(&room, text_normalise(arena, &comment)));
    return key->len ? NULL : "a name";
}

static const char *make_word(struct arena *arena, struct span value,
                             struct span *key)
{
    struct comment comment = { .text = value };
    const struct text *text = text_normalise(arena, &comment);

    if (text->body.words.nr != 1)
        return "one word";
    *key = text->body.words.word[0].text;
    return NULL;
}

/* `make` returns NULL, or what the value should have been. */
static const struct {
    const char *name;
    const char *(*make)(struct arena *arena, struct span value,
                        struct span *key);
} kind[ENTRY_KIND_NR] = {
    [ENTRY_ROLE] = { "role", make_lower },
    [ENTRY_EMAIL] = { "email", make_email },
    [ENTRY_IP] = { "ip", make_ip },
    [ENTRY_AUTHOR] = { "author", make_author },
    [ENTRY_DOMAIN] = { "domain", make_domain },
    [ENTRY_WORD] = { "word", make_word },
};

const char *entry_parse(struct entry *entry, struct arena *arena,
                        struct span line)
{
    size_t colon = span_find_char(line, ':');
    struct span name = span_trim(span_cut(line, 0, colon));
    struct span value;

    entry->text = arena_dup(arena, line);
    value = span_trim(span_cut(entry->text, colon + 1, line.len));
    for (int i = 0; i < ENTRY_KIND_NR; i++) {
        if (!span_eq_nocase(name, span_str(kind[i].name)))
            continue;
        entry->kind = (enum entry_kind)i;
        return value.len ? kind[i].make(arena, value, &entry->key)
                         : "a value after the colon";
    }
    return "email:, domain:, ip:, author:, word: or role: and a value";
}
