#ifndef APP_SCREEN_H
#define APP_SCREEN_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/*
 * Strangers' text in front of people.
 *
 * A comment may hold sequences that move the cursor, change the window's
 * title, or turn the reading order about. None of it reaches the terminal:
 * whatever is no visible character becomes a blank or a sign.
 */
struct screen {
    FILE *out;
    size_t width; /* columns of the terminal, or SCREEN_WIDTH_DEFAULT */
    bool terminal;
    bool colour; /* on a terminal, and NO_COLOR is not set */
};

#define SCREEN_WIDTH_DEFAULT 100
#define SCREEN_WIDTH_MIN 60
#define SCREEN_WIDTH_MAX 400

void screen_init(struct screen *screen, FILE *out);

enum colour {
    COLOUR_NONE,
    COLOUR_RED,
    COLOUR_YELLOW,
    COLOUR_GREEN,
    COLOUR_FAINT
};

/* The sequence that begins a colour, or ends all; empty without colours. */
const char *screen_colour(const struct screen *screen, enum colour colour);
const char *screen_plain(const struct screen *screen);

/*
 * Append `s`, which may be any bytes, made harmless: on one line, runs of
 * white space one blank, at most `columns` wide, with "…" at the end when it
 * had to be cut. Returns the columns it takes.
 */
size_t screen_put(struct buf *out, struct span s, size_t columns);

/* The same, filled up with blanks to `columns`; `right` puts them before. */
void screen_pad(struct buf *out, struct span s, size_t columns, bool right);

/*
 * Append `s` made harmless on as many lines as it takes, each beginning with
 * `indent` blanks and at most `columns` wide, broken between words.
 */
void screen_wrap(struct buf *out, struct span s, size_t indent,
                 size_t columns);

#endif /* APP_SCREEN_H */
