#include "app/serve_page.h"

#include <signal.h>
#include <stdio.h>
#include <unistd.h>

static struct page_site describe(struct serve_page *sp, struct arena *arena,
                                 const struct hall_site *site)
{
    const struct policy *policy = &site->setup.policy;
    const struct policy *owners = &site->setup.owners;
    struct page_site out = {
        .name = arena_dup(arena, site->config->site.name),
        .told = site->config->site.url.len > 0,
        .approve_below = policy->approve_below,
        .spam_at = policy->spam_at,
        .abuse_hold_at = policy->abuse_hold_at,
        .approve = policy->approve,
        .owners = { owners->approve_below, owners->spam_at,
                    owners->abuse_hold_at },
        .general = arena_dup(arena, model_id(site->setup.model)),
    };

    out.learned = serve_learn_said(&sp->learn, arena, out.name, &out.learning);
    return out;
}

static struct page_site_list house_sites(void *context, struct arena *arena)
{
    struct serve_page *sp = context;
    struct hall *hall = serve_desk_hall(sp->desk);
    struct page_site_list list = {
        .site = arena_zalloc(arena, hall->nr, sizeof(*list.site)),
        .nr = hall->nr,
    };

    for (size_t i = 0; i < hall->nr; i++)
        list.site[i] = describe(sp, arena, &hall->site[i]);
    hall_leave(hall);
    return list;
}

static bool house_judge(void *context, struct span site,
                        void (*use)(void *user, const struct judge *judge),
                        void *user)
{
    struct serve_page *sp = context;
    struct hall *hall = serve_desk_hall(sp->desk);
    const struct hall_site *found = hall_find(hall, site);

    if (found)
        use(user, &found->setup.judge);
    hall_leave(hall);
    return found;
}

static void house_latency(void *context, struct span site,
                          unsigned long long bucket[METER_BUCKET_NR + 1])
{
    struct serve_page *sp = context;
    struct hall *hall = serve_desk_hall(sp->desk);
    const struct hall_site *found = hall_find(hall, site);

    for (size_t i = 0; i <= METER_BUCKET_NR; i++)
        bucket[i] = found ? found->tally->judged.bucket[i] : 0;
    hall_leave(hall);
}

/* As if an owner had sent it: the main thread reads everything anew. */
static void house_changed(void *context)
{
    struct serve_page *sp = context;

    (void)kill(getpid(), SIGHUP);
    sp->on_changed(sp->context);
}

static bool house_learn(void *context, struct span site)
{
    struct serve_page *sp = context;

    return serve_learn_begin(&sp->learn, serve_desk_hall(sp->desk), site);
}

static void house_decided(void *context, struct span site)
{
    struct serve_page *sp = context;

    sp->on_decided(sp->context, site);
}

static enum error_code say_first_link(struct serve_page *sp,
                                      struct span listen, struct error *err)
{
    struct arena arena;
    struct span link;
    enum error_code rc;

    arena_init(&arena);
    rc = page_first_link(sp->page, &arena, &link, err);
    if (!rc && link.len) {
        printf("There is no account yet for the moderators' page. Make the "
               "first one within a day at\n  http://%.*s%.*s\n",
               SPAN_ARG(listen), SPAN_ARG(link));
        fflush(stdout);
    }
    arena_release(&arena);
    return rc;
}

enum error_code serve_page_start(struct serve_page *sp,
                                 struct serve_desk *desk,
                                 const struct config *config,
                                 struct error *err)
{
    const struct page_options options = {
        .writer = desk->writer,
        .house = &sp->house,
        .over_http = config->serve.page_over_http,
    };
    enum error_code rc;

    sp->desk = desk;
    serve_learn_init(&sp->learn);
    sp->house = (struct page_house){
        .context = sp,
        .sites = house_sites,
        .judge = house_judge,
        .latency = house_latency,
        .decided = house_decided,
        .changed = house_changed,
        .learn = house_learn,
    };
    assets_init(&sp->assets, options.over_http);
    rc = page_start(&sp->page, &options, err);
    return rc ? rc : say_first_link(sp, config->listen, err);
}

void serve_page_end_streams(struct serve_page *sp)
{
    page_end_streams(sp->page);
}

void serve_page_stop(struct serve_page *sp)
{
    if (!sp->page)
        return;
    page_stop(sp->page);
    serve_learn_end(&sp->learn);
    sp->page = NULL;
}
