#include "page/setting_api.h"

#include "page/put.h"
#include "policy/lists.h"
#include "store/search.h"
#include "store/setting.h"

/* Entries of one list, and bytes of one entry. */
#define ENTRIES_MAX 1000
#define ENTRY_BYTES_MAX 300
#define LIST_BYTES_MAX ((size_t)ENTRIES_MAX * (ENTRY_BYTES_MAX + 1))

static const char *const threshold_name[] = {
    SETTING_APPROVE_BELOW,
    SETTING_SPAM_AT,
    SETTING_ABUSE_HOLD_AT,
};

#define THRESHOLD_NR (sizeof(threshold_name) / sizeof(threshold_name[0]))

bool setting_site(struct visit *visit, struct page_site *site)
{
    struct page_site_list list =
        visit->house->sites(visit->house->context, visit->arena);
    struct span name = visit_query(visit, "site");

    for (size_t i = 0; i < list.nr; i++)
        if (span_eq(list.site[i].name, name) || (!name.len && list.nr == 1)) {
            *site = list.site[i];
            return true;
        }
    if (name.len)
        visit_refuse(visit, 404, "no_such_site", "this site is not served");
    else
        visit_refuse(visit, 400, "invalid", "which site? name it as site=");
    return false;
}

static void put_lines(struct buf *out, const char *name, struct span lines)
{
    put_open(out, name, '[');
    while (lines.len) {
        size_t end = span_find_char(lines, '\n');

        if (end)
            put_text(out, NULL, span_cut(lines, 0, end));
        lines = span_cut(lines, end + 1, lines.len);
    }
    put_close(out, ']');
}

static void put_thresholds(struct buf *out, const char *name,
                           double approve_below, double spam_at,
                           double abuse_hold_at)
{
    put_open(out, name, '{');
    put_real(out, "approve_below", approve_below);
    put_real(out, "spam_at", spam_at);
    put_real(out, "abuse_hold_at", abuse_hold_at);
    put_close(out, '}');
}

/* As text in the store; those not set are the owner's. */
static enum error_code read_thresholds(struct store *store,
                                       struct arena *arena,
                                       const struct page_site *site,
                                       double value[THRESHOLD_NR],
                                       bool *changed, struct error *err)
{
    enum error_code rc = ERROR_NONE;

    value[0] = site->owners.approve_below;
    value[1] = site->owners.spam_at;
    value[2] = site->owners.abuse_hold_at;
    *changed = false;
    for (size_t i = 0; i < THRESHOLD_NR && !rc; i++) {
        struct span text;

        rc = setting_get(store, arena, site->name, threshold_name[i], &text,
                         err);
        if (!rc && text.len)
            *changed = span_to_double(text, &value[i]) || *changed;
    }
    return rc;
}

static enum error_code put_settings(struct visit *visit, struct store *store,
                                    const struct page_site *site,
                                    struct error *err)
{
    struct buf *out = &visit->out;
    double value[THRESHOLD_NR];
    struct span allow;
    struct span deny;
    bool changed;
    enum error_code rc =
        read_thresholds(store, visit->arena, site, value, &changed, err);

    if (!rc)
        rc = setting_get(store, visit->arena, site->name, SETTING_ALLOW,
                         &allow, err);
    if (!rc)
        rc = setting_get(store, visit->arena, site->name, SETTING_DENY, &deny,
                         err);
    if (rc)
        return rc;
    put_open(out, NULL, '{');
    put_text(out, "site", site->name);
    put_thresholds(out, "thresholds", value[0], value[1], value[2]);
    put_thresholds(out, "default", site->owners.approve_below,
                   site->owners.spam_at, site->owners.abuse_hold_at);
    put_bool(out, "changed", changed);
    put_lines(out, "allow", allow);
    put_lines(out, "deny", deny);
    put_close(out, '}');
    return ERROR_NONE;
}

void settings_get(struct visit *visit)
{
    struct page_site site;
    struct error err;

    if (setting_site(visit, &site) &&
        put_settings(visit, visit->store, &site, &err))
        visit_fail(visit, &err);
}

/* New values; NULL: as it is. Empty: taken back. */
struct wish {
    struct visit *visit;
    struct page_site site;
    const struct span *threshold; /* THRESHOLD_NR of them */
    const struct span *allow;
    const struct span *deny;
};

/* Three shares in their order; false, and refused: they are not. */
static bool thresholds_from(struct visit *visit, const struct json *from,
                            double value[THRESHOLD_NR])
{
    struct policy policy;
    struct error err;

    for (size_t i = 0; i < THRESHOLD_NR; i++)
        if (!json_double(json_member(from, threshold_name[i]), &value[i])) {
            visit_refuse(visit, 400, "thresholds",
                         arena_printf(visit->arena, "%s: expected a number",
                                      threshold_name[i])
                             .ptr);
            return false;
        }
    policy = (struct policy){ .approve_below = value[0],
                              .spam_at = value[1],
                              .abuse_hold_at = value[2] };
    if (!policy_check(&policy, &err))
        return true;
    visit_refuse(visit, 400, "thresholds", err.text);
    return false;
}

static bool take_thresholds(struct wish *wish)
{
    struct visit *visit = wish->visit;
    const struct json *from = json_member(visit->body, "thresholds");
    struct span *text =
        arena_zalloc(visit->arena, THRESHOLD_NR, sizeof(*text));
    double value[THRESHOLD_NR];

    if (!from)
        return true;
    wish->threshold = text;
    if (json_nothing(from)) /* the owner's again */
        return true;
    if (!thresholds_from(visit, from, value))
        return false;
    for (size_t i = 0; i < THRESHOLD_NR; i++)
        text[i] = arena_printf(visit->arena, "%.6f", value[i]);
    return true;
}

static bool entry_is_one(const struct json *value, struct span *entry)
{
    if (!json_text(value, entry) || entry->len > ENTRY_BYTES_MAX)
        return false;
    *entry = span_trim(*entry);
    for (size_t i = 0; i < entry->len; i++)
        if ((unsigned char)entry->ptr[i] < ' ')
            return false;
    return entry->len > 0;
}

/* One list as lines; false, and refused: it is none. */
static bool take_list(struct visit *visit, const char *name,
                      const struct span **wish)
{
    const struct json *list = json_member(visit->body, name);
    struct span *lines = arena_zalloc(visit->arena, 1, sizeof(*lines));
    bool good = !list || (json_is_array(list) && json_nr(list) <= ENTRIES_MAX);
    struct buf text;

    buf_init(&text, LIST_BYTES_MAX);
    for (size_t i = 0; good && i < json_nr(list); i++) {
        struct span entry;

        good = entry_is_one(json_item(list, i), &entry);
        buf_add(&text, good ? entry : SPAN_LIT(""));
        buf_add_char(&text, '\n');
    }
    *lines = arena_dup(visit->arena, buf_span(&text));
    buf_release(&text);
    if (list)
        *wish = lines;
    if (!good)
        visit_refuse(visit, 400, "list",
                     "allow and deny are arrays of entries like "
                     "email:ann@example.com; 1,000 at most");
    return good;
}

static bool lists_are_sound(const struct wish *wish)
{
    struct span none = SPAN_LIT("");
    struct lists *lists;
    struct error err;
    enum error_code rc = lists_load(&lists, NULL, NULL, &err);

    if (!rc) {
        rc = lists_add(lists, wish->allow ? *wish->allow : none,
                       wish->deny ? *wish->deny : none, &err);
        lists_free(lists);
    }
    if (rc)
        visit_refuse(wish->visit, 400, "list", err.text);
    return !rc;
}

static enum error_code set(const struct wish *wish, struct store *store,
                           const char *name, struct span value,
                           struct error *err)
{
    struct visit *visit = wish->visit;
    struct span before;
    enum error_code rc =
        setting_get(store, visit->arena, wish->site.name, name, &before, err);

    if (rc || span_eq(before, value))
        return rc;
    rc = setting_put(store, wish->site.name, name, value, err);
    return rc ? rc
              : visit_audit(visit, store, "settings", wish->site.name,
                            span_str(name), before, value, err);
}

static enum error_code set_all(void *context, struct store *store,
                               struct error *err)
{
    const struct wish *wish = context;
    enum error_code rc = ERROR_NONE;

    for (size_t i = 0; wish->threshold && i < THRESHOLD_NR && !rc; i++)
        rc = set(wish, store, threshold_name[i], wish->threshold[i], err);
    if (!rc && wish->allow)
        rc = set(wish, store, SETTING_ALLOW, *wish->allow, err);
    if (!rc && wish->deny)
        rc = set(wish, store, SETTING_DENY, *wish->deny, err);
    return rc;
}

void settings_put(struct visit *visit)
{
    struct wish wish = { .visit = visit };
    struct error err;

    if (!setting_site(visit, &wish.site) || !take_thresholds(&wish) ||
        !take_list(visit, "allow", &wish.allow) ||
        !take_list(visit, "deny", &wish.deny) || !lists_are_sound(&wish) ||
        !visit_write(visit, set_all, &wish))
        return;
    visit->house->changed(visit->house->context);
    if (put_settings(visit, visit->store, &wish.site, &err))
        visit_fail(visit, &err);
}

/* Of each kind of verdict, how many. */
struct tally_of {
    size_t nr[VERDICT_SPAM + 1];
};

/*
 * What a judgement would be by these thresholds, from the probabilities it was
 * given. A rule or a list that decided it (policy.h), which is a reason
 * without weight, does so whatever the thresholds are.
 */
static enum verdict_kind judged_by(const struct decision *d, bool approve,
                                   const double value[THRESHOLD_NR])
{
    if (d->verdict.nr && d->verdict.reason[0].weight == 0)
        return d->verdict.kind;
    if (d->verdict.p_abuse >= value[2])
        return VERDICT_HOLD;
    if (d->verdict.p_spam >= value[1])
        return VERDICT_SPAM;
    return d->verdict.p_spam < value[0] && approve ? VERDICT_APPROVE
                                                   : VERDICT_HOLD;
}

static void put_tally(struct buf *out, const char *name,
                      const struct tally_of *tally)
{
    put_open(out, name, '{');
    for (size_t i = 0; i <= VERDICT_SPAM; i++)
        put_int(out, verdict_name((enum verdict_kind)i).ptr,
                (int64_t)tally->nr[i]);
    put_close(out, '}');
}

static void put_change(struct buf *out, const struct decision *d,
                       enum verdict_kind from, enum verdict_kind to)
{
    put_open(out, NULL, '{');
    put_int(out, "id", d->id);
    put_text(out, "author", d->author);
    put_text(out, "excerpt", d->excerpt);
    put_text(out, "from", verdict_name(from));
    put_text(out, "to", verdict_name(to));
    put_close(out, '}');
}

#define PREVIEW_MOST 1000
#define PREVIEW_CHANGES 50

static void put_preview(struct visit *visit, const struct page_site *site,
                        const struct decision_list *list,
                        const double value[THRESHOLD_NR])
{
    const double current[THRESHOLD_NR] = { site->approve_below, site->spam_at,
                                           site->abuse_hold_at };
    struct buf *out = &visit->out;
    struct tally_of now = { { 0 } };
    struct tally_of then = { { 0 } };
    size_t changes = 0;

    put_open(out, NULL, '{');
    put_int(out, "nr", (int64_t)list->nr);
    put_open(out, "changed", '[');
    for (size_t i = 0; i < list->nr; i++) {
        const struct decision *d = &list->decision[i];
        enum verdict_kind from = judged_by(d, site->approve, current);
        enum verdict_kind to = judged_by(d, site->approve, value);

        now.nr[from]++;
        then.nr[to]++;
        if (from != to && changes++ < PREVIEW_CHANGES)
            put_change(out, d, from, to);
    }
    put_close(out, ']');
    put_tally(out, "now", &now);
    put_tally(out, "then", &then);
    put_close(out, '}');
}

void settings_preview(struct visit *visit)
{
    struct search search = { .limit = PREVIEW_MOST };
    double value[THRESHOLD_NR];
    struct decision_list list;
    struct page_site site;
    struct error err;

    if (!setting_site(visit, &site) ||
        !thresholds_from(visit, visit->body, value))
        return;
    search.site = site.name;
    if (search_find(visit->store, visit->arena, &search, &list, &err))
        visit_fail(visit, &err);
    else
        put_preview(visit, &site, &list, value);
}
