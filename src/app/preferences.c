#include "app/preferences.h"

#include "base/log.h"
#include "store/setting.h"

/* What the page has set, as text. */
struct preferences {
    struct span approve_below;
    struct span spam_at;
    struct span abuse_hold_at;
    struct span allow;
    struct span deny;
};

static enum error_code read_all(struct preferences *p, struct arena *arena,
                                struct store *store, struct span site,
                                struct error *err)
{
    const struct {
        const char *name;
        struct span *value;
    } setting[] = {
        { SETTING_APPROVE_BELOW, &p->approve_below },
        { SETTING_SPAM_AT, &p->spam_at },
        { SETTING_ABUSE_HOLD_AT, &p->abuse_hold_at },
        { SETTING_ALLOW, &p->allow },
        { SETTING_DENY, &p->deny },
    };
    enum error_code rc = ERROR_NONE;

    for (size_t i = 0; i < sizeof(setting) / sizeof(setting[0]) && !rc; i++)
        rc = setting_get(store, arena, site, setting[i].name, setting[i].value,
                         err);
    return rc;
}

static void warn(const struct config *config, const struct error *why)
{
    log_warn("setting_unusable", "site=%.*s error=%s",
             SPAN_ARG(config->site.name), log_quote(span_str(why->text)).text);
}

static void use_thresholds(struct setup *setup, const struct config *config,
                           const struct preferences *p)
{
    struct policy policy = setup->policy;
    struct error why;

    (void)span_to_double(p->approve_below, &policy.approve_below);
    (void)span_to_double(p->spam_at, &policy.spam_at);
    (void)span_to_double(p->abuse_hold_at, &policy.abuse_hold_at);
    if (policy_check(&policy, &why))
        warn(config, &why);
    else
        setup->policy = policy;
}

/* Those of the files stay when an entry of the page's is none. */
static enum error_code use_lists(struct setup *setup,
                                 const struct config *config,
                                 const struct preferences *p,
                                 struct error *err)
{
    struct lists *lists = NULL;
    struct error why;
    enum error_code rc;

    if (!p->allow.len && !p->deny.len)
        return ERROR_NONE;
    rc =
        lists_load(&lists, config->allow_list.ptr, config->deny_list.ptr, err);
    if (rc)
        return rc;
    if (lists_add(lists, p->allow, p->deny, &why)) {
        warn(config, &why);
        lists_free(lists);
        return ERROR_NONE;
    }
    lists_free(setup->lists);
    setup->lists = lists;
    setup->policy.lists = lists;
    return ERROR_NONE;
}

enum error_code preferences_open(struct setup *setup, struct store *store,
                                 const struct config *config,
                                 struct error *err)
{
    struct preferences p;
    struct arena arena;
    enum error_code rc;

    arena_init(&arena);
    setup->owners = setup->policy;
    rc = read_all(&p, &arena, store, config->site.name, err);
    if (!rc)
        use_thresholds(setup, config, &p);
    if (!rc)
        rc = use_lists(setup, config, &p, err);
    arena_release(&arena);
    return rc;
}
