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

/* What the last one of this look's says about how many to ask for. */
static void learn(struct look *look)
{
    size_t *nr = &look->wp->look_nr;

    if (look->late)
        *nr /= 2;
    else if (look->read)
        *nr += 1 + *nr / 4;
    if (*nr < LOOK_NR_MIN)
        *nr = LOOK_NR_MIN;
    if (*nr > LOOK_NR_MAX)
        *nr = LOOK_NR_MAX;
    look->late = false;
}

void look_ask(struct look *look, const struct site_change *change, size_t from,
              size_t nr)
{
    long long id[LOOK_NR_MAX];
    size_t ids = 0;

    learn(look);
    look_forget(look);
    arena_reset(&look->arena);
    look->from = from;
    look->to = from;
    while (look->to < nr && ids < look->wp->look_nr)
        ids += span_to_long(change[look->to++].id, &id[ids]);
    look->ex.failed = 0;
    look->ex.url = rest_url(
        &look->arena, look->wp->root, "wp/v2/comments",
        arena_printf(&look->arena,
                     "%.*s&status=any&type=all&context=edit&per_page=%zu"
                     "&_fields=" WORDPRESS_COMMENT_FIELDS,
                     SPAN_ARG(rest_include(&look->arena, id, ids)),
                     LOOK_NR_MAX));
    look->under_way = true;
    http_start(look->wp->http, &look->ex);
}

void look_take(struct look *look)
{
    struct error ignored;

    look->under_way = false;
    look->at_ms = clock_steady_ms();
    look->read = !rest_read(&look->doc, &look->ex, &ignored);
}

bool look_has(const struct look *look, size_t i)
{
    return i >= look->from && i < look->to;
}

const struct json *look_row(struct look *look,
                            const struct site_change *change)
{
    long long id;

    if (!look->read || !span_to_long(change->id, &id))
        return NULL;
    look->late = look->late || clock_steady_ms() - look->at_ms > LOOK_FRESH_MS;
    if (look->late)
        return NULL;
    for (size_t i = 0; i < json_nr(look->doc.root); i++)
        if (rest_number(json_item(look->doc.root, i), "id") == id)
            return json_item(look->doc.root, i);
    return NULL;
}
