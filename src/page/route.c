#include "page/route.h"

#include "page/account_api.h"
#include "page/queue_api.h"
#include "page/setting_api.h"
#include "page/stats_api.h"
#include "page/verdict_api.h"

#define V "/v1/page"

static const struct route route[] = {
    { "GET", V "/session", session_get, ROUTE_OPEN, false },
    { "POST", V "/session", session_begin, ROUTE_OPEN, true },
    { "DELETE", V "/session", session_leave, ROUTE_SIGNED_IN, false },
    { "DELETE", V "/sessions", session_leave_all, ROUTE_SIGNED_IN, false },
    { "POST", V "/setup/look", setup_look, ROUTE_OPEN, true },
    { "POST", V "/setup", setup_use, ROUTE_OPEN, true },
    { "PUT", V "/password", password_change, ROUTE_SIGNED_IN, true },
    { "GET", V "/accounts", accounts_get, ROUTE_ADMIN, false },
    { "POST", V "/accounts", accounts_add, ROUTE_ADMIN, true },
    { "PATCH", V "/accounts/{login}", accounts_change, ROUTE_ADMIN, true },
    { "GET", V "/queue", queue_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/queue/{id}/alike", queue_alike, ROUTE_SIGNED_IN, false },
    { "POST", V "/actions", actions_post, ROUTE_SIGNED_IN, true },
    { "GET", V "/verdicts", verdicts_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/verdicts/{id}", verdict_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/facets", facets_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/stats", stats_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/settings", settings_get, ROUTE_SIGNED_IN, false },
    { "PUT", V "/settings", settings_put, ROUTE_ADMIN, true },
    { "POST", V "/settings/preview", settings_preview, ROUTE_SIGNED_IN, true },
    { "GET", V "/models", models_get, ROUTE_SIGNED_IN, false },
    { "PUT", V "/models/live", model_choose, ROUTE_ADMIN, true },
    { "POST", V "/learn", model_learn, ROUTE_ADMIN, false },
    { "GET", V "/events", events_get, ROUTE_SIGNED_IN, false },
    { "GET", V "/audit", audit_get, ROUTE_ADMIN, false },
};

#define ROUTE_NR (sizeof(route) / sizeof(route[0]))

size_t route_nr(void)
{
    return ROUTE_NR;
}

const struct route *route_at(size_t i)
{
    return &route[i];
}

static bool fits(const char *pattern, struct span path, struct span *param)
{
    struct span whole = span_str(pattern);
    size_t open = span_find_char(whole, '{');
    size_t close = span_find_char(whole, '}');
    struct span before = span_cut(whole, 0, open);
    struct span after = span_cut(whole, close + 1, whole.len);

    if (open == whole.len)
        return span_eq(whole, path);
    if (path.len <= before.len + after.len || !span_starts(path, before) ||
        !span_ends(path, after))
        return false;
    *param = span_cut(path, before.len, path.len - after.len);
    return span_find_char(*param, '/') == param->len;
}

const struct route *route_find(struct arena *arena, struct span method,
                               struct span path, struct span *param,
                               struct span *allow)
{
    *allow = SPAN_LIT("");
    for (size_t i = 0; i < ROUTE_NR; i++) {
        if (!fits(route[i].path, path, param))
            continue;
        if (span_eq(span_str(route[i].method), method))
            return &route[i];
        *allow = arena_printf(arena, "%.*s%s%s", SPAN_ARG(*allow),
                              allow->len ? ", " : "", route[i].method);
    }
    return NULL;
}
