/*
 * What a comment is about: the post's title and text, and the comment it
 * answers. Many comments share a post, so posts are remembered for a while.
 */
#include "site/wordpress.h"

#include "base/alloc.h"
#include "base/log.h"

#include <stdlib.h>

/* Distinct ids to ask for in one request. */
struct wanted {
    long long id[WORDPRESS_PER_PAGE];
    size_t nr;
};

static void wanted_add(struct wanted *wanted, long long id)
{
    for (size_t i = 0; i < wanted->nr; i++)
        if (wanted->id[i] == id)
            return;
    if (id > 0 && wanted->nr < WORDPRESS_PER_PAGE)
        wanted->id[wanted->nr++] = id;
}

static const struct wordpress_post *
posts_find(const struct wordpress_posts *posts, long long id)
{
    for (size_t i = 0; i < posts->nr; i++)
        if (posts->post[i].id == id)
            return &posts->post[i];
    return NULL;
}

static void posts_add(struct wordpress_posts *posts,
                      const struct wordpress_post *post)
{
    posts->post =
        xgrow(posts->post, posts->nr, &posts->alloc, sizeof(*posts->post));
    posts->post[posts->nr++] = *post;
}

/* Room for a page's posts, whether remembered already or not. */
static void posts_make_room(struct wordpress_posts *posts)
{
    if (posts->nr + WORDPRESS_PER_PAGE <= WORDPRESS_POSTS_MAX)
        return;
    posts->nr = 0;
    arena_reset(&posts->arena);
}

void wordpress_posts_release(struct wordpress_posts *posts)
{
    free(posts->post);
    arena_release(&posts->arena);
}

static void request(struct wordpress *wp, struct arena *arena,
                    struct http_exchange *ex, const char *route,
                    const struct wanted *wanted, const char *query)
{
    ex->login = true;
    ex->url = rest_url(
        arena, wp->root, route,
        arena_printf(arena, "%.*s&context=edit&per_page=%zu&%s",
                     SPAN_ARG(rest_include(arena, wanted->id, wanted->nr)),
                     WORDPRESS_PER_PAGE, query));
    if (wanted->nr)
        http_start(wp->http, ex);
}

/* The rows of an answer; without any, why is logged. */
static enum error_code read_rows(struct wordpress *wp, struct json_doc *doc,
                                 const struct http_exchange *ex,
                                 struct error *err)
{
    enum error_code rc = rest_read(doc, ex, err);

    if (rc == ERROR_SITE)
        log_warn("site_no_context", "site=%.*s error=%s", SPAN_ARG(wp->name),
                 log_quote(span_str(err->text)).text);
    return rc;
}

static enum error_code posts_take(struct wordpress *wp,
                                  const struct http_exchange *ex,
                                  struct error *err)
{
    struct arena *arena = &wp->posts.arena;
    struct json_doc doc;
    enum error_code rc = read_rows(wp, &doc, ex, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < json_nr(doc.root) && i < WORDPRESS_PER_PAGE; i++) {
        const struct json *row = json_item(doc.root, i);
        const struct wordpress_post post = {
            .id = rest_number(row, "id"),
            .title = rest_beginning(arena, rest_text(row, "title")),
            .text = rest_beginning(arena, rest_text(row, "content")),
            .date = rest_beginning(arena, rest_text(row, "date_gmt")),
        };

        if (!posts_find(&wp->posts, post.id))
            posts_add(&wp->posts, &post);
    }
    json_release(&doc);
    return ERROR_NONE;
}

#define POST_QUERY "status=any&_fields=id,title.raw,content.raw,date_gmt"

/*
 * Comments can also belong to pages, and to things that plugins make; those
 * are remembered as unreadable, so that they are not asked for again.
 */
static enum error_code pages_fetch(struct wordpress *wp, struct arena *arena,
                                   const struct wanted *posts,
                                   struct error *err)
{
    struct wanted missing = { .nr = 0 };
    enum error_code rc = ERROR_NONE;
    struct http_exchange ex;

    for (size_t i = 0; i < posts->nr; i++)
        if (!posts_find(&wp->posts, posts->id[i]))
            wanted_add(&missing, posts->id[i]);
    if (!missing.nr)
        return ERROR_NONE;
    http_exchange_init(&ex, WORDPRESS_ANSWER_MAX);
    request(wp, arena, &ex, "wp/v2/pages", &missing, POST_QUERY);
    http_run(wp->http);
    rc = posts_take(wp, &ex, err);
    http_exchange_release(&ex);
    if (rc && rc != ERROR_SITE)
        return rc;
    for (size_t i = 0; i < missing.nr; i++)
        if (!posts_find(&wp->posts, missing.id[i]))
            posts_add(&wp->posts,
                      &(struct wordpress_post){ .id = missing.id[i] });
    return ERROR_NONE;
}

static enum error_code parents_take(struct wordpress *wp, struct arena *arena,
                                    const struct wordpress_row *row, size_t nr,
                                    const struct http_exchange *ex,
                                    struct error *err)
{
    struct json_doc doc;
    enum error_code rc = read_rows(wp, &doc, ex, err);

    if (rc)
        return rc;
    for (size_t i = 0; i < json_nr(doc.root); i++) {
        const struct json *parent = json_item(doc.root, i);
        long long id = rest_number(parent, "id");
        struct span text = SPAN_LIT("");

        for (size_t j = 0; j < nr; j++) {
            if (!id || row[j].parent != id)
                continue;
            if (!text.len)
                text = rest_beginning(arena, rest_text(parent, "content"));
            row[j].comment->parent_text = text;
        }
    }
    json_release(&doc);
    return ERROR_NONE;
}

/* Rows of one post share one copy. */
static void give_posts(struct wordpress *wp, struct arena *arena,
                       const struct wordpress_row *row, size_t nr)
{
    for (size_t i = 0; i < nr; i++) {
        const struct wordpress_post *post =
            posts_find(&wp->posts, row[i].post);
        struct comment *comment = row[i].comment;
        size_t twin = 0;

        if (!post)
            continue;
        while (row[twin].post != row[i].post)
            twin++;
        if (twin == i) {
            comment->post_title = arena_dup(arena, post->title);
            comment->post_text = arena_dup(arena, post->text);
            comment->post_date = arena_dup(arena, post->date);
        } else {
            comment->post_title = row[twin].comment->post_title;
            comment->post_text = row[twin].comment->post_text;
            comment->post_date = row[twin].comment->post_date;
        }
    }
}

/* Only silence stops the walk; a refusal leaves the context empty. */
static enum error_code unless_refused(enum error_code rc)
{
    return rc == ERROR_SITE ? ERROR_NONE : rc;
}

/* How many of the rows can be given all they want by one request of each. */
static size_t gather(const struct wordpress *wp,
                     const struct wordpress_row *row, size_t nr,
                     struct wanted *posts, struct wanted *parents)
{
    size_t i = 0;

    while (i < nr && posts->nr < WORDPRESS_PER_PAGE &&
           parents->nr < WORDPRESS_PER_PAGE) {
        if (!posts_find(&wp->posts, row[i].post))
            wanted_add(posts, row[i].post);
        wanted_add(parents, row[i++].parent);
    }
    return i;
}

/* For as many of the rows as `*some` then says. */
static enum error_code context_of_some(struct wordpress *wp,
                                       struct arena *arena,
                                       const struct wordpress_row *row,
                                       size_t nr, size_t *some,
                                       struct error *err)
{
    struct wanted parents = { .nr = 0 };
    struct wanted posts = { .nr = 0 };
    enum error_code rc = ERROR_NONE;
    struct http_exchange parent_ex;
    struct http_exchange post_ex;
    struct arena urls;

    arena_init(&urls);
    http_exchange_init(&parent_ex, WORDPRESS_ANSWER_MAX);
    http_exchange_init(&post_ex, WORDPRESS_ANSWER_MAX);
    posts_make_room(&wp->posts);
    *some = gather(wp, row, nr, &posts, &parents);
    request(wp, &urls, &post_ex, "wp/v2/posts", &posts, POST_QUERY);
    request(wp, &urls, &parent_ex, "wp/v2/comments", &parents,
            "status=any&type=all&_fields=id,content");
    http_run(wp->http);
    if (parents.nr)
        rc = unless_refused(
            parents_take(wp, arena, row, *some, &parent_ex, err));
    if (!rc && posts.nr)
        rc = unless_refused(posts_take(wp, &post_ex, err));
    if (!rc)
        rc = pages_fetch(wp, &urls, &posts, err);
    give_posts(wp, arena, row, *some);

    http_exchange_release(&post_ex);
    http_exchange_release(&parent_ex);
    arena_release(&urls);
    return rc;
}

enum error_code wordpress_context(struct wordpress *wp, struct arena *arena,
                                  const struct wordpress_row *row, size_t nr,
                                  struct error *err)
{
    enum error_code rc = ERROR_NONE;
    size_t some = 0;

    for (size_t at = 0; !rc && at < nr; at += some)
        rc = context_of_some(wp, arena, row + at, nr - at, &some, err);
    return rc;
}
