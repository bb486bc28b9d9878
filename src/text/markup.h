#ifndef TEXT_MARKUP_H
#define TEXT_MARKUP_H

#include "base/arena.h"
#include "base/span.h"
#include "text/link.h"

/*
 * HTML, BBCode and WordPress shortcodes to plain text, links kept.
 * text/html.h, text/entity.h and text/bbcode.h do the three; this is the order
 * they go in.
 *
 * What a reader would see is the text; where a click would lead is a link.
 * Paragraphs and breaks become newlines, so words never melt together. Text
 * that is hidden from readers (<script>, <style>, display:none, comments) is
 * not text, but its links count. A '<' or '[' that begins no markup is text
 * ("a < b", "<3", "[...]"). Entities are decoded, twice where the first
 * decoding left entities behind ("&amp;#8217;", as old exports have it).
 *
 * A comment without a tag never reaches the HTML parser. Safe to call from
 * several threads.
 */
struct markup_counts {
    size_t tags;     /* HTML elements other than <p> and <br> */
    size_t bbcode;   /* BBCode tags and shortcodes, closing ones not counted */
    size_t entities; /* entities that stood for ASCII letters or letters of a
                        mixed word: a disguise, not a need */
    size_t hidden;   /* bytes of text hidden from readers */
};

/*
 * The plain text of `raw` (valid UTF-8) in the arena, or `raw` itself when
 * there was nothing to take away. Links with href or BBCode are appended to
 * `links`, which may be NULL; bare ones are left to link_find, and so is an
 * <a> whose words are its own URL: sites make such of bare ones. Adds to
 * `counts`. Never fails: what the parser can't make sense of stays text.
 * Linear in the bytes.
 */
struct span markup_strip(struct arena *arena, struct span raw,
                         struct link_list *links,
                         struct markup_counts *counts);

#endif /* TEXT_MARKUP_H */
