#ifndef TEXT_BBCODE_H
#define TEXT_BBCODE_H

#include "base/arena.h"
#include "base/span.h"
#include "text/link.h"

#include <stddef.h>

/*
 * BBCode and WordPress shortcodes taken off a text.
 *
 * Square brackets are everyday punctuation: "[...]", "[1]", "[sic]" and
 * "a[i]" stay. A tag is one of a known name that is also closed ("[b]x[/b]")
 * or has a value ("[url=...]"), or any name with a quoted attribute, as
 * shortcodes have (`[box title="x"]`).
 *
 * Markdown's "[words](http://...)" stays as it is written, for most sites
 * show it so; link_find sees its URL.
 */

/*
 * `text`, valid UTF-8, without its codes, in the arena; `text` itself when it
 * has none. Codes that open are counted in `*nr`. Links go to `links`, which
 * may be NULL; one whose words are its URL points into the result, where
 * link_find will not list it again. The URL of an [img] is not text. Linear.
 */
struct span bbcode_strip(struct arena *arena, struct span text,
                         struct link_list *links, size_t *nr);

#endif /* TEXT_BBCODE_H */
