/*
 * Each byte of the text is owned by one reason or by none; parts are the runs
 * of one owner.
 */
#include "page/evidence.h"

#include "page/put.h"

#include <string.h>

#define NOBODY 0

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

/* Neither end stands within a word. */
static bool is_whole(struct span text, size_t from, size_t to)
{
    if (from && is_word(text.ptr[from - 1]) && is_word(text.ptr[from]))
        return false;
    return to >= text.len || !is_word(text.ptr[to]) ||
           !is_word(text.ptr[to - 1]);
}

static void own(unsigned char *owner, size_t from, size_t to, size_t reason)
{
    for (size_t i = from; i < to; i++)
        if (owner[i] != NOBODY)
            return;
    memset(owner + from, (int)reason + 1, to - from);
}

static bool mark(unsigned char *owner, struct span text, struct span evidence,
                 size_t reason)
{
    size_t at = 0;
    size_t nr = 0;

    while (evidence.len && nr < EVIDENCE_MARKS_MAX) {
        size_t to;

        at += span_find_nocase(span_cut(text, at, text.len), evidence);
        to = at + evidence.len;
        if (to > text.len)
            break;
        if (is_whole(text, at, to)) {
            own(owner, at, to, reason);
            nr++;
        }
        at = to;
    }
    return nr > 0;
}

/* "3 links to shop.example": the host is what stands in the text. */
static struct span last_word(struct span evidence)
{
    size_t at = evidence.len;

    while (at && evidence.ptr[at - 1] != ' ')
        at--;
    return span_cut(evidence, at, evidence.len);
}

static void put_part(struct buf *out, struct span text, unsigned char owner)
{
    put_open(out, NULL, '{');
    put_text(out, "text", text);
    if (owner != NOBODY)
        put_int(out, "reason", owner - 1);
    put_close(out, '}');
}

void evidence_put(struct buf *out, const char *name, struct arena *arena,
                  struct span text, const struct verdict *verdict)
{
    unsigned char *owner = arena_zalloc(arena, text.len + 1, 1);
    size_t from = 0;

    for (size_t i = 0; i < verdict->nr; i++) {
        struct span evidence = verdict->reason[i].evidence;
        struct span host = last_word(evidence);

        if (!mark(owner, text, evidence, i) &&
            span_find_char(host, '.') < host.len)
            (void)mark(owner, text, host, i);
    }
    put_open(out, name, '[');
    for (size_t i = 1; i <= text.len; i++) {
        if (i < text.len && owner[i] == owner[from])
            continue;
        put_part(out, span_cut(text, from, i), owner[from]);
        from = i;
    }
    put_close(out, ']');
}
