#include "app/judged.h"

#include "pipeline/words.h"
#include "base/buf.h"
#include "text/markup.h"
#include "text/utf8.h"

#include <string.h>

/* Of a comment, what its first words are looked for in. */
#define EXCERPT_BYTES 4096

/* Reasons of one row, before they are cut to their column. */
#define REASONS_BYTES_MAX ((size_t)64 << 10)

static const struct column column[] = {
    { "verdict", 7, 0, false },  { "spam", 4, 0, true },
    { "abuse", 5, 0, true },     { "id", 6, 0, false },
    { "author", 12, 1, false },  { "comment", 16, 4, false },
    { "because", 16, 5, false },
};

#define COLUMN_NR (sizeof(column) / sizeof(column[0]))

void judged_init(struct judged *judged, FILE *out)
{
    table_init(&judged->table, out, column, COLUMN_NR);
    arena_init(&judged->arena);
}

void judged_release(struct judged *judged)
{
    arena_release(&judged->arena);
}

enum colour judged_colour(enum verdict_kind kind)
{
    switch (kind) {
    case VERDICT_APPROVE:
        return COLOUR_GREEN;
    case VERDICT_SPAM:
        return COLOUR_RED;
    case VERDICT_HOLD:
        break;
    }
    return COLOUR_YELLOW;
}

/* The beginning of the text as a reader sees it. */
static struct span excerpt(struct judged *judged, struct span text)
{
    struct markup_counts counts = { 0 };
    size_t repaired = 0;
    struct span head = utf8_repair(
        &judged->arena, span_cut(text, 0, EXCERPT_BYTES), &repaired);

    return markup_strip(&judged->arena, head, NULL, &counts);
}

void judged_print(struct judged *judged, const struct comment *comment,
                  const struct verdict *verdict)
{
    struct words_percent spam = words_percent(verdict->p_spam);
    struct words_percent abuse = words_percent(verdict->p_abuse);
    struct span cell[COLUMN_NR];
    struct buf why;

    arena_reset(&judged->arena);
    buf_init(&why, REASONS_BYTES_MAX);
    words_for_verdict(&why, verdict);
    cell[0] = verdict_name(verdict->kind);
    cell[1] = span_str(spam.text);
    cell[2] = span_str(abuse.text);
    cell[3] = comment->id;
    cell[4] = comment->author;
    cell[5] = excerpt(judged, comment->text);
    cell[6] = buf_span(&why);
    table_row(&judged->table, cell, judged_colour(verdict->kind));
    buf_release(&why);
}
