#include "text/markup.h"

#include "text/bbcode.h"
#include "text/entity.h"
#include "text/html.h"

static bool has_char(struct span text, char c)
{
    return span_find_char(text, c) < text.len;
}

struct span markup_strip(struct arena *arena, struct span raw,
                         struct link_list *links, struct markup_counts *counts)
{
    struct span text = raw;

    if (has_char(text, '<'))
        text = html_strip(arena, text, links, counts);
    /* Twice: exports made by exporting an export hold "&amp;#8217;". */
    text = entity_decode(arena, text, &counts->entities);
    text = entity_decode(arena, text, &counts->entities);
    if (has_char(text, '['))
        text = bbcode_strip(arena, text, links, &counts->bbcode);
    return text;
}
