/*
 * Entries are sorted by their keys; asking is a handful of binary searches a
 * comment, however long the lists are.
 */
#include "policy/lists.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "policy/entry.h"

#include <ctype.h>
#include <stdlib.h>

/* A list larger than this is a mistake. */
#define LISTS_BYTES_MAX ((size_t)16 << 20)

struct list {
    struct entry *entry; /* sorted once it is read */
    size_t nr;
    size_t alloc;
    size_t kind_nr[ENTRY_KIND_NR];
};

struct lists {
    struct arena arena; /* keys and texts */
    struct list allow;
    struct list deny;
};

static void list_add(struct list *list, struct entry entry)
{
    list->entry = xgrow(list->entry, list->nr, &list->alloc, sizeof(entry));
    list->entry[list->nr++] = entry;
    list->kind_nr[entry.kind]++;
}

/* A '#' begins a comment at the start of a line or after white space. */
static struct span without_comment(struct span line)
{
    for (size_t i = 0; i < line.len; i++)
        if (line.ptr[i] == '#' &&
            (!i || isspace((unsigned char)line.ptr[i - 1])))
            return span_trim(span_cut(line, 0, i));
    return span_trim(line);
}

/* Cut the first line off `*text`. */
static struct span next_line(struct span *text)
{
    size_t end = span_find_char(*text, '\n');
    struct span line = span_cut(*text, 0, end);

    *text = span_cut(*text, end + 1, text->len);
    return line;
}

static enum error_code list_parse(struct list *list, struct arena *arena,
                                  const char *path, struct span text,
                                  struct error *err)
{
    static const struct span bom = { "\xEF\xBB\xBF", 3 };

    if (span_starts(text, bom))
        text = span_cut(text, bom.len, text.len);
    for (size_t number = 1; text.len; number++) {
        struct span line = without_comment(next_line(&text));
        const char *expected;
        struct entry entry;

        if (!line.len)
            continue;
        expected = entry_parse(&entry, arena, line);
        if (expected)
            return error_set(err, ERROR_CONFIG, "%s:%zu: expected %s", path,
                             number, expected);
        list_add(list, entry);
    }
    if (list->nr)
        qsort(list->entry, list->nr, sizeof(*list->entry), entry_cmp);
    return ERROR_NONE;
}

enum error_code lists_add(struct lists *lists, struct span allow,
                          struct span deny, struct error *err)
{
    enum error_code rc =
        list_parse(&lists->allow, &lists->arena, "allow", allow, err);

    return rc ? rc
              : list_parse(&lists->deny, &lists->arena, "deny", deny, err);
}

static enum error_code list_load(struct list *list, struct arena *arena,
                                 const char *path, struct error *err)
{
    enum error_code rc;
    struct buf text;

    if (!path || !*path)
        return ERROR_NONE;
    buf_init(&text, LISTS_BYTES_MAX);
    rc = buf_read_file(&text, path, err);
    /* The file is the owner's, and so is the mistake. */
    if (rc)
        rc = err->code = ERROR_CONFIG;
    else
        rc = list_parse(list, arena, path, buf_span(&text), err);
    buf_release(&text);
    return rc;
}

enum error_code lists_load(struct lists **lists, const char *allow_path,
                           const char *deny_path, struct error *err)
{
    struct lists *made = xcalloc(1, sizeof(*made));
    enum error_code rc;

    arena_init(&made->arena);
    rc = list_load(&made->allow, &made->arena, allow_path, err);
    if (rc)
        goto out;
    rc = list_load(&made->deny, &made->arena, deny_path, err);
    if (rc)
        goto out;
    *lists = made;
    made = NULL;
out:
    lists_free(made);
    return rc;
}

void lists_free(struct lists *lists)
{
    if (!lists)
        return;
    free(lists->allow.entry);
    free(lists->deny.entry);
    arena_release(&lists->arena);
    free(lists);
}

static bool find(const struct list *list, enum entry_kind kind,
                 struct span key, struct span *entry)
{
    const struct entry wanted = { kind, key, SPAN_LIT("") };
    const struct entry *found;

    if (!list->kind_nr[kind] || !key.len)
        return false;
    found = bsearch(&wanted, list->entry, list->nr, sizeof(*list->entry),
                    entry_cmp);
    if (found)
        *entry = found->text;
    return found;
}

static bool find_email(const struct list *list, struct span address,
                       struct span *entry)
{
    struct entry_room room;
    struct span email = entry_lower(&room, address);
    size_t at = span_find_char(email, '@');

    return find(list, ENTRY_EMAIL, email, entry) ||
           find(list, ENTRY_EMAIL, span_cut(email, at, email.len), entry);
}

/* Each length of prefix is a key of its own; the longest is asked first. */
static bool find_ip(const struct list *list, struct span address,
                    struct span *entry)
{
    struct entry_room room = { "" };
    struct entry_ip ip;

    if (!list->kind_nr[ENTRY_IP] || !entry_ip_parse(&ip, address))
        return false;
    for (size_t bits = ENTRY_IP_BITS + 1; bits-- > 0;)
        if (find(list, ENTRY_IP, entry_ip_key(&room, &ip, bits), entry))
            return true;
    return false;
}

/* The host, then what follows each of its dots. */
static bool find_host(const struct list *list, struct span host,
                      struct span *entry)
{
    while (host.len) {
        if (find(list, ENTRY_DOMAIN, host, entry))
            return true;
        host = span_cut(host, span_find_char(host, '.') + 1, host.len);
    }
    return false;
}

static bool find_domain(const struct list *list, const struct text *text,
                        struct span *entry)
{
    if (!list->kind_nr[ENTRY_DOMAIN])
        return false;
    if (find_host(list, text->author_link.host, entry))
        return true;
    for (size_t i = 0; i < text->links.nr; i++)
        if (find_host(list, text->links.link[i].host, entry))
            return true;
    return false;
}

static bool find_word(const struct list *list, const struct word_list *words,
                      struct span *entry)
{
    if (!list->kind_nr[ENTRY_WORD])
        return false;
    for (size_t i = 0; i < words->nr; i++)
        if (find(list, ENTRY_WORD, words->word[i].text, entry))
            return true;
    return false;
}

/* First who the author is, then what the comment holds. */
static bool list_ask(const struct list *list, const struct comment *comment,
                     const struct text *text, struct span *entry)
{
    struct entry_room room;

    if (!list->nr)
        return false;
    if (find(list, ENTRY_ROLE, entry_lower(&room, comment->role), entry) ||
        find_email(list, comment->author_email, entry) ||
        find_ip(list, comment->author_ip, entry))
        return true;
    return find(list, ENTRY_AUTHOR, entry_author(&room, text), entry) ||
           find_domain(list, text, entry) ||
           find_word(list, &text->author.words, entry) ||
           find_word(list, &text->body.words, entry);
}

enum list_answer lists_ask(const struct lists *lists,
                           const struct comment *comment,
                           const struct text *text, struct span *entry)
{
    if (list_ask(&lists->deny, comment, text, entry))
        return LIST_DENY;
    if (list_ask(&lists->allow, comment, text, entry))
        return LIST_ALLOW;
    return LIST_NEITHER;
}
