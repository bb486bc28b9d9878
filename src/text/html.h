#ifndef TEXT_HTML_H
#define TEXT_HTML_H

#include "base/arena.h"
#include "base/span.h"
#include "text/link.h"
#include "text/markup.h"

/*
 * HTML to the text a reader would see, by libxml2's parser.
 *
 * Only what is surely a tag reaches the parser: "a < b", "<3", "vector<int>"
 * and a tag that never ends are text, and nothing honest is lost to them.
 */

/*
 * The text of `raw` (valid UTF-8) in the arena, or `raw` itself when there is
 * no tag in it. Entities in the text are left as they are, for entity_decode;
 * those in attributes are decoded. Links go to `links`, which may be NULL:
 * where tags lead, and what hidden text spells out. A link whose words are
 * its own URL is left to link_find, as if the site had not made it clickable.
 * Linear in the bytes.
 */
struct span html_strip(struct arena *arena, struct span raw,
                       struct link_list *links, struct markup_counts *counts);

#endif /* TEXT_HTML_H */
