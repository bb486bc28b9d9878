#ifndef TEXT_ESCAPE_H
#define TEXT_ESCAPE_H

#include "base/arena.h"
#include "base/span.h"
#include "text/markup.h"
#include "text/writer.h"

#include <stddef.h>

/*
 * A comment made fit for an HTML parser.
 *
 * Tags stay; every other '<', and every '&' outside of tags, is escaped, so
 * that the parser gives it back as text. End tags lose their attributes.
 * Comments, scripts and styles are taken out, and so are <html>, <head> and
 * <body>: the page's, not the comment's.
 */
struct escaped {
    struct writer html; /* begins with the root asked for */
    struct span hidden; /* what was taken out, a newline after each */
    size_t nr;          /* tags and hidden stretches: 0, and there is no HTML
                           in it */
};

/*
 * Escape `raw` (valid UTF-8) into the arena, with the tag `root` before it.
 * Adds to the tags and the hidden bytes of `counts`. Linear.
 */
struct escaped escape_html(struct arena *arena, struct span raw,
                           struct span root, struct markup_counts *counts);

#endif /* TEXT_ESCAPE_H */
