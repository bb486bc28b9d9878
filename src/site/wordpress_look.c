#include "site/wordpress_look.h"

#include "base/clock.h"

#include <string.h>

void look_init(struct look *look, struct wordpress *wp,
               void (*done)(struct http_exchange *ex), void *owner)
{
    memset(look, 0, sizeof(*look));
    look->wp = wp;
    arena_init(&look->arena);
    http_exchange_init(&look->ex, WORDPRESS_ANSWER_MAX);
    look->ex.login = true;
    /* What it does not bring is looked at alone, with patience. */
    look->ex.once = true;
    look->ex.done = done;
    look->ex.owner = owner;
}

static void look_forget(struct look *look)
{
    if (look->read)
        json_release(&look->doc);
    look->read = false;
}

void look_release(struct look *look)
{
    look_forget(look);
    http_exchange_release(&look->ex);
    arena_release(&look->arena);
}

void look_ask(struct look *look, const struct site_change *change, size_t from,
              size_t nr)
{
    long long id[LOOK_NR];
    size_t ids = 0;

    look_forget(look);
    arena_reset(&look->arena);
    look->from = from;
    look->to = from;
    while (look->to < nr && ids < LOOK_NR)
        ids += span_to_long(change[look->to++].id, &id[ids]);
    look->ex.failed = 0;
    look->ex.url = rest_url(
        &look->arena, look->wp->root, "wp/v2/comments",
        arena_printf(&look->arena,
                     "%.*s&status=any&type=all&context=edit&per_page=%zu"
                     "&_fields=" WORDPRESS_COMMENT_FIELDS,
                     SPAN_ARG(rest_include(&look->arena, id, ids)), LOOK_NR));
    look->under_way = true;
    look->at_ms = clock_steady_ms();
    http_start(look->wp->http, &look->ex);
}

void look_take(struct look *look)
{
    struct error ignored;

    look->under_way = false;
    look->read = !rest_read(&look->doc, &look->ex, &ignored);
}

bool look_has(const struct look *look, size_t i)
{
    return i >= look->from && i < look->to;
}

const struct json *look_row(const struct look *look,
                            const struct site_change *change)
{
    long long id;

    if (!look->read || !span_to_long(change->id, &id) ||
        clock_steady_ms() - look->at_ms > LOOK_FRESH_MS)
        return NULL;
    for (size_t i = 0; i < json_nr(look->doc.root); i++)
        if (rest_number(json_item(look->doc.root, i), "id") == id)
            return json_item(look->doc.root, i);
    return NULL;
}
