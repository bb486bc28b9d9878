/*
 * Which characters are visible, and how wide, is the C library's knowledge
 * (wcwidth, under a UTF-8 locale); what it does not know is not shown.
 */
#include "app/screen.h"

#include "base/arena.h"
#include "text/utf8.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>
#include <wchar.h>

#define ELLIPSIS "\xE2\x80\xA6"

/* Marks on one letter that are shown; heaps of them climb over other lines. */
#define MARKS_MAX 2

void screen_init(struct screen *screen, FILE *out)
{
    const char *no_colour = getenv("NO_COLOR");
    const char *term = getenv("TERM");
    struct winsize size = { 0 };

    screen->out = out;
    screen->width = SCREEN_WIDTH_DEFAULT;
    screen->terminal = isatty(fileno(out));
    screen->colour = screen->terminal && !(no_colour && *no_colour) && term &&
                     strcmp(term, "dumb") != 0;
    if (screen->terminal && ioctl(fileno(out), TIOCGWINSZ, &size) == 0 &&
        size.ws_col)
        screen->width = size.ws_col;
    if (screen->width < SCREEN_WIDTH_MIN)
        screen->width = SCREEN_WIDTH_MIN;
    if (screen->width > SCREEN_WIDTH_MAX)
        screen->width = SCREEN_WIDTH_MAX;
}

const char *screen_colour(const struct screen *screen, enum colour colour)
{
    static const char *const sequence[] = {
        [COLOUR_NONE] = "",           [COLOUR_RED] = "\x1b[31m",
        [COLOUR_YELLOW] = "\x1b[33m", [COLOUR_GREEN] = "\x1b[32m",
        [COLOUR_FAINT] = "\x1b[2m",
    };

    return screen->colour ? sequence[colour] : "";
}

const char *screen_plain(const struct screen *screen)
{
    return screen->colour ? "\x1b[0m" : "";
}

static bool is_blank(uint32_t cp)
{
    return cp == ' ' || (cp >= '\t' && cp <= '\r') || cp == 0x85 ||
           cp == 0xA0 || cp == 0x1680 || (cp >= 0x2000 && cp <= 0x200A) ||
           cp == 0x2028 || cp == 0x2029 || cp == 0x202F || cp == 0x205F ||
           cp == 0x3000;
}

/* Invisible, or turning the order about: dropped without a sign. */
static bool is_hidden(uint32_t cp)
{
    return cp == 0xAD || cp == 0x34F || cp == 0x61C || cp == 0x180E ||
           (cp >= 0x200B && cp <= 0x200F) || (cp >= 0x202A && cp <= 0x202E) ||
           (cp >= 0x2060 && cp <= 0x206F) || cp == 0xFEFF ||
           (cp >= 0xFE00 && cp <= 0xFE0F) || (cp >= 0xFFF9 && cp <= 0xFFFB) ||
           cp == 0x115F || cp == 0x1160 || cp == 0x3164 || cp == 0xFFA0 ||
           (cp >= 0xE0000 && cp <= 0xE0FFF);
}

/* A harmless code point, and the columns it takes. */
struct glyph {
    uint32_t cp;
    size_t width;
};

struct scan {
    struct span text; /* valid UTF-8 */
    size_t at;
    size_t marks; /* on the last letter */
    bool blank;   /* the last glyph was one, or there was none */
};

/* The next glyph; false at the end. */
static bool next_glyph(struct scan *scan, struct glyph *glyph)
{
    while (scan->at < scan->text.len) {
        uint32_t cp = utf8_next(scan->text, &scan->at);
        bool blank = is_blank(cp);
        int width;

        if (is_hidden(cp) || (blank && scan->blank))
            continue;
        if (blank)
            cp = ' ';
        width = wcwidth((wchar_t)cp);
        if (width < 0) {
            cp = UTF8_REPLACEMENT;
            width = 1;
        }
        scan->marks = width ? 0 : scan->marks + 1;
        if (scan->marks > MARKS_MAX)
            continue;
        scan->blank = blank;
        *glyph = (struct glyph){ cp, (size_t)width };
        return true;
    }
    return false;
}

static void put_glyph(struct buf *out, const struct glyph *glyph)
{
    char byte[4];

    buf_add(out, (struct span){ byte, utf8_put(byte, glyph->cp) });
}

/*
 * Glyphs are put as long as there is room for them and, behind them, for the
 * sign that there was more; where that was is remembered until it is known
 * whether there is.
 */
static size_t put_line(struct buf *out, struct scan *scan, size_t columns)
{
    size_t safe_len = out->len;
    size_t safe_width = 0;
    size_t width = 0;
    struct glyph glyph;

    while (next_glyph(scan, &glyph)) {
        if (width + glyph.width > columns) {
            out->len = safe_len;
            buf_add(out, SPAN_LIT(ELLIPSIS));
            return safe_width + 1;
        }
        put_glyph(out, &glyph);
        width += glyph.width;
        if (width < columns) {
            safe_len = out->len;
            safe_width = width;
        }
    }
    return width;
}

size_t screen_put(struct buf *out, struct span s, size_t columns)
{
    struct arena arena;
    struct scan scan = { .blank = true };
    size_t repaired = 0;
    size_t width;

    arena_init(&arena);
    /* No glyph is longer than its marks and four bytes each. */
    scan.text = utf8_repair(&arena, span_cut(span_trim(s), 0, columns * 64),
                            &repaired);
    width = columns ? put_line(out, &scan, columns) : 0;
    arena_release(&arena);
    return width;
}

static void put_blanks(struct buf *out, size_t nr)
{
    while (nr--)
        buf_add_char(out, ' ');
}

void screen_pad(struct buf *out, struct span s, size_t columns, bool right)
{
    struct buf text;
    size_t width;

    buf_init(&text, out->max);
    width = screen_put(&text, s, columns);
    if (right)
        put_blanks(out, columns - width);
    buf_add(out, buf_span(&text));
    if (!right)
        put_blanks(out, columns - width);
    buf_release(&text);
}

/* One word of `scan`, and the columns it takes, at most `columns`. */
static size_t take_word(struct buf *word, struct scan *scan, size_t columns)
{
    struct glyph glyph;
    size_t width = 0;
    size_t before = scan->at;

    buf_reset(word);
    while (next_glyph(scan, &glyph)) {
        if (glyph.cp == ' ')
            break;
        if (width + glyph.width > columns) {
            scan->at = before;
            break;
        }
        put_glyph(word, &glyph);
        width += glyph.width;
        before = scan->at;
    }
    return width;
}

static void put_words(struct buf *out, struct scan *scan, size_t indent,
                      size_t columns)
{
    size_t at = 0;
    struct buf word;

    buf_init(&word, out->max);
    while (scan->at < scan->text.len) {
        size_t width = take_word(&word, scan, columns - indent);

        if (!word.len)
            continue;
        if (at && at + 1 + width > columns - indent) {
            buf_add_char(out, '\n');
            at = 0;
        }
        put_blanks(out, at ? 1 : indent);
        at += (at ? 1 : 0) + width;
        buf_add(out, buf_span(&word));
    }
    if (at)
        buf_add_char(out, '\n');
    buf_release(&word);
}

void screen_wrap(struct buf *out, struct span s, size_t indent, size_t columns)
{
    struct arena arena;
    struct scan scan = { .blank = true };
    size_t repaired = 0;

    arena_init(&arena);
    scan.text = utf8_repair(&arena, s, &repaired);
    put_words(out, &scan, indent, columns);
    arena_release(&arena);
}
