/*
 * Only what is asked for is in a query's text, so that SQLite sees which
 * index will do. Rows come in the order of their numbers from whatever leads:
 * the words, a reason, or the decisions themselves; so the first page of many
 * is found without looking at the rest.
 */
#include "store/search.h"

#include "base/buf.h"
#include "store/tables.h"

/* Room for the longest query there is. */
#define SQL_BYTES_MAX ((size_t)4096)

/* Of words to look for. */
#define MATCH_BYTES_MAX ((size_t)2048)
#define WORDS_MAX 16

/*
 * Numbers grow with time, but for what several processes write at once: a
 * date's first number is looked for so much earlier.
 */
#define OUT_OF_ORDER_MS ((int64_t)3600 * 1000)

/* So many of the newest a server looks at, one by one. */
#define LOOKED_AT 2000

static const char select_newest[] =
    "SELECT coalesce(max(id), 0) FROM decision";

static const char select_first_since[] =
    "SELECT id FROM decision WHERE at_ms >= ? ORDER BY at_ms, id LIMIT 1";

static const char select_last_until[] =
    "SELECT id FROM decision WHERE at_ms <= ?"
    " ORDER BY at_ms DESC, id DESC LIMIT 1";

/* A loose index scan: one step for each value, however many rows it has. */
#define EACH_VALUE(column, table)                                             \
    "WITH RECURSIVE each (value) AS (SELECT min(" column ") FROM " table      \
    " UNION ALL SELECT (SELECT min(" column ") FROM " table "  WHERE " column \
    " > each.value) FROM each WHERE value IS NOT NULL)"                       \
    " SELECT value FROM each WHERE value IS NOT NULL LIMIT 500"

static const char *const select_facet[] = {
    [SEARCH_MODELS] = EACH_VALUE("model", "decision"),
    [SEARCH_REASONS] = EACH_VALUE("feature", "reason"),
};

static bool is_letter(char c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
           (c >= 'a' && c <= 'z') || (unsigned char)c >= 0x80;
}

static bool has_letter(struct span word)
{
    for (size_t i = 0; i < word.len; i++)
        if (is_letter(word.ptr[i]))
            return true;
    return false;
}

static struct span next_word(struct span *rest)
{
    struct span all = span_trim(*rest);
    size_t end = 0;
    struct span word;

    while (end < all.len && (unsigned char)all.ptr[end] > ' ')
        end++;
    word = span_cut(all, 0, end);
    *rest = span_cut(all, end, all.len);
    return word;
}

/* One word as FTS5's string; quotes in it would end that. */
static void put_string(struct buf *match, struct span word)
{
    bool prefix =
        word.len > SEARCH_PREFIX_MIN && span_ends(word, SPAN_LIT("*"));

    buf_add_char(match, '"');
    for (size_t i = 0; i < word.len; i++)
        buf_add_char(match,
                     word.ptr[i] == '"' || !word.ptr[i] ? ' ' : word.ptr[i]);
    buf_add(match, prefix ? SPAN_LIT("\"*") : SPAN_LIT("\""));
}

/* "{columns} : ("a" "b")"; nothing when there is no word in `words`. */
static void put_words(struct buf *match, const char *columns,
                      struct span words)
{
    struct span rest = words;
    size_t nr = 0;

    while (rest.len && nr < WORDS_MAX) {
        struct span word = next_word(&rest);

        if (!has_letter(word))
            continue;
        if (!nr++)
            buf_addf(match, "%s{%s} : (", match->len ? " AND " : "", columns);
        else
            buf_add_char(match, ' ');
        put_string(match, word);
    }
    if (nr)
        buf_add_char(match, ')');
}

struct asking {
    const struct search *search;
    struct buf match;
    int64_t least;
    int64_t most;
    bool by_words; /* all with the words first, and then their order */
};

static bool asks_words(const struct search *search)
{
    return search->words.len || search->author.len || search->host.len;
}

static void match_write(struct asking *asking)
{
    const struct search *search = asking->search;

    put_words(&asking->match, "text author host", search->words);
    put_words(&asking->match, "author", search->author);
    put_words(&asking->match, "host", search->host);
}

/* What leads; it has the number that rows are ordered by. */
static const char *leader_write(const struct asking *asking, struct buf *sql)
{
    if (asking->by_words) {
        buf_add(sql, SPAN_LIT(" FROM (SELECT rowid FROM search"
                              "  WHERE search MATCH ? OFFSET 0) AS search"
                              " CROSS JOIN decision"
                              " ON decision.id = search.rowid WHERE true"));
        return "search.rowid";
    }
    if (asks_words(asking->search)) {
        buf_add(sql, SPAN_LIT(" FROM search CROSS JOIN decision"
                              " ON decision.id = search.rowid"
                              " WHERE search MATCH ?"));
        return "search.rowid";
    }
    if (asking->search->reason.len) {
        /* A decision may have it twice: the first one stands for it. */
        buf_add(sql, SPAN_LIT(" FROM reason CROSS JOIN decision"
                              " ON decision.id = reason.decision"
                              " WHERE feature = ? AND NOT EXISTS (SELECT 1"
                              "  FROM reason AS other"
                              "  WHERE other.decision = reason.decision"
                              "  AND other.position < reason.position"
                              "  AND other.feature = reason.feature)"));
        return "reason.decision";
    }
    buf_add(sql, SPAN_LIT(" FROM decision WHERE true"));
    return "decision.id";
}

static void sql_write(const struct asking *asking, struct buf *sql)
{
    const struct search *search = asking->search;
    const char *number;

    buf_add(sql, SPAN_LIT("SELECT " DECISION_COLUMNS));
    number = leader_write(asking, sql);
    buf_addf(sql, " AND %s BETWEEN ? AND ? AND decided_by = ''", number);
    if (asks_words(search) && search->reason.len)
        buf_add(sql, SPAN_LIT(" AND EXISTS (SELECT 1 FROM reason WHERE"
                              " reason.decision = decision.id"
                              " AND feature = ?)"));
    if (search->has_kind)
        buf_add(sql, SPAN_LIT(" AND verdict = ?"));
    if (search->site.len)
        buf_add(sql, SPAN_LIT(" AND site = ?"));
    if (search->model.len)
        buf_add(sql, SPAN_LIT(" AND model = ?"));
    if (search->since_ms)
        buf_add(sql, SPAN_LIT(" AND at_ms >= ?"));
    if (search->until_ms)
        buf_add(sql, SPAN_LIT(" AND at_ms <= ?"));
    if (search->corrected)
        buf_add(sql, SPAN_LIT(" AND decision.id IN (SELECT decision"
                              "  FROM feedback WHERE label IN ('approve',"
                              "  'spam', 'trash') AND label <> verdict)"));
    buf_addf(sql, " ORDER BY %s DESC LIMIT ?", number);
}

/* The same steps as sql_write. */
static void sql_bind(const struct asking *asking, struct query *query)
{
    const struct search *search = asking->search;

    if (asks_words(search))
        query_bind_span(query, buf_span(&asking->match));
    else if (search->reason.len)
        query_bind_span(query, search->reason);
    query_bind_int(query, asking->least);
    query_bind_int(query, asking->most);
    if (asks_words(search) && search->reason.len)
        query_bind_span(query, search->reason);
    if (search->has_kind)
        query_bind_span(query, verdict_name(search->kind));
    if (search->site.len)
        query_bind_span(query, search->site);
    if (search->model.len)
        query_bind_span(query, search->model);
    if (search->since_ms)
        query_bind_int(query, search->since_ms);
    if (search->until_ms)
        query_bind_int(query, search->until_ms);
    query_bind_limit(query, search->limit);
}

static enum error_code number_at(struct database *db, const char *sql,
                                 int64_t ms, int64_t *number,
                                 struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, sql, err);

    if (rc)
        return rc;
    query_bind_int(&query, ms);
    rc = query_step(&query, &row, err);
    if (!rc)
        *number = row ? query_int(&query) : 0;
    query_release(&query);
    return rc;
}

/* Between which numbers; none is below 1. */
static enum error_code numbers_find(struct asking *asking, struct database *db,
                                    struct error *err)
{
    const struct search *search = asking->search;
    enum error_code rc = ERROR_NONE;
    int64_t number = 0;

    asking->least = 1;
    asking->most = search->before ? search->before - 1 : INT64_MAX;
    if (search->since_ms) {
        rc = number_at(db, select_first_since,
                       search->since_ms - OUT_OF_ORDER_MS, &number, err);
        asking->least = number ? number : INT64_MAX;
    }
    if (rc || !search->until_ms)
        return rc;
    rc = number_at(db, select_last_until, search->until_ms + OUT_OF_ORDER_MS,
                   &number, err);
    if (!rc && number < asking->most)
        asking->most = number;
    return rc;
}

static enum error_code ask(const struct asking *asking, struct database *db,
                           struct arena *arena, struct decision_list *list,
                           struct error *err)
{
    struct query query = { 0 };
    struct buf sql;
    enum error_code rc;

    buf_init(&sql, SQL_BYTES_MAX);
    sql_write(asking, &sql);
    rc = query_prepare_once(&query, db, buf_span(&sql), err);
    if (!rc) {
        sql_bind(asking, &query);
        rc = history_read(&query, arena, list, err);
    }
    buf_release(&sql);
    return rc;
}

static enum error_code newest_find(struct database *db, int64_t *newest,
                                   struct error *err)
{
    struct query query;
    bool row = false;
    enum error_code rc = query_prepare(&query, db, select_newest, err);

    if (rc)
        return rc;
    rc = query_step(&query, &row, err);
    *newest = !rc && row ? query_int(&query) : 0;
    query_release(&query);
    return rc;
}

/*
 * A server's index of words knows no order. So words that many comments have
 * are found by looking at the newest comments; and if those are not enough,
 * the words are in few, and all of them are sorted.
 */
static enum error_code ask_server(struct asking *asking, struct database *db,
                                  struct arena *arena,
                                  struct decision_list *list,
                                  struct error *err)
{
    int64_t least = asking->least;
    int64_t newest = 0;
    enum error_code rc = newest_find(db, &newest, err);

    if (rc)
        return rc;
    if (asking->most < newest)
        newest = asking->most;
    if (newest - LOOKED_AT > least)
        asking->least = newest - LOOKED_AT;
    rc = ask(asking, db, arena, list, err);
    if (rc || list->nr >= asking->search->limit || asking->least == least)
        return rc;
    asking->least = least;
    asking->by_words = true;
    return ask(asking, db, arena, list, err);
}

enum error_code search_find(struct store *store, struct arena *arena,
                            const struct search *search,
                            struct decision_list *list, struct error *err)
{
    struct database *db = store_database(store);
    struct asking asking = { .search = search };
    enum error_code rc = numbers_find(&asking, db, err);

    *list = (struct decision_list){ NULL, 0 };
    buf_init(&asking.match, MATCH_BYTES_MAX);
    match_write(&asking);
    /* Words without a letter in them are in no text. */
    if (!rc && (!asks_words(search) || asking.match.len))
        rc = asks_words(search) && database_is_server(span_str(db->path))
                 ? ask_server(&asking, db, arena, list, err)
                 : ask(&asking, db, arena, list, err);
    buf_release(&asking.match);
    return rc;
}

enum error_code search_facet_each(struct store *store, enum search_facet facet,
                                  void (*each)(void *context,
                                               struct span value),
                                  void *context, struct error *err)
{
    struct query query;
    bool row;
    enum error_code rc =
        query_prepare(&query, store_database(store), select_facet[facet], err);

    if (rc)
        return rc;
    while (!rc) {
        rc = query_step(&query, &row, err);
        if (rc || !row)
            break;
        each(context, query_span(&query));
    }
    query_release(&query);
    return rc;
}
