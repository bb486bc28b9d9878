#include "store/journal.h"

#include "store/database.h"
#include "store/record.h"
#include "support/store_dir.h"

static struct store_dir d;
static struct journal *journal;
static struct store *store;

static void setup(void)
{
    store_dir_make(&d);
    must(&d, journal_open(&journal, d.path, &d.err));
    store = journal_store(journal);
}

static void teardown(void)
{
    store_close(store);
    store_dir_remove(&d);
}

static struct event event_of(const char *delivery)
{
    return (struct event){ .site = SPAN_LIT("blog"),
                           .delivery = span_str(delivery),
                           .kind = SPAN_LIT("comment.created"),
                           .body = SPAN_LIT("{\"a\":\"\xff\\u0000\"}"),
                           .received_ms = -5 };
}

static struct decision decision_of(void)
{
    struct decision decision =
        store_dir_decision(&d, "7", "Good day", VERDICT_SPAM);

    decision.run = 12;
    decision.campaign = UINT64_MAX - 1;
    decision.person = SPAN_LIT("p");
    decision.by = SPAN_LIT("ann");
    decision.state = DECISION_ANSWERED;
    decision.detail = SPAN_LIT("x");
    decision.content =
        (struct content){ SPAN_LIT("a.example"), SPAN_LIT("Ann"),
                          SPAN_LIT("Good day"), SPAN_LIT("{}") };
    return decision;
}

static void decision_eq(const struct decision *a, const struct decision *b)
{
    ck_assert(a->run == b->run && a->at_ms == b->at_ms &&
              a->campaign == b->campaign && a->state == b->state);
    ck_assert(span_eq(a->site, b->site) && span_eq(a->comment, b->comment));
    ck_assert_str_eq(a->digest.hex, b->digest.hex);
    ck_assert(span_eq(a->was, b->was) && span_eq(a->author, b->author));
    ck_assert(span_eq(a->excerpt, b->excerpt));
    ck_assert(span_eq(a->person, b->person) && span_eq(a->by, b->by));
    ck_assert(span_eq(a->content.host, b->content.host));
    ck_assert(span_eq(a->content.author, b->content.author));
    ck_assert(span_eq(a->content.text, b->content.text));
    ck_assert(span_eq(a->content.comment, b->content.comment));
    ck_assert(a->verdict.kind == b->verdict.kind &&
              a->verdict.nr == b->verdict.nr);
    ck_assert(a->verdict.p_spam == b->verdict.p_spam &&
              a->verdict.p_abuse == b->verdict.p_abuse);
    ck_assert(span_eq(a->verdict.model, b->verdict.model));
    for (size_t i = 0; i < a->verdict.nr; i++) {
        const struct reason *x = &a->verdict.reason[i];
        const struct reason *y = &b->verdict.reason[i];

        ck_assert(span_eq(x->feature, y->feature) && x->weight == y->weight &&
                  span_eq(x->evidence, y->evidence));
    }
    ck_assert(span_eq(a->detail, b->detail));
}

/* As bytes and back; and no beginning of the bytes is taken for the whole. */
START_TEST(test_record_decision)
{
    struct decision in = decision_of();
    struct decision out;
    struct record record;
    struct buf buf;

    buf_init(&buf, 4096);
    record = record_write(&buf);
    record_decision(&record, &in);
    ck_assert(!buf.full);
    for (size_t len = 0; len <= buf.len; len++) {
        memset(&out, 0, sizeof(out));
        record = record_read(span_cut(buf_span(&buf), 0, len));
        record_decision(&record, &out);
        ck_assert_int_eq(record_is_whole(&record), len == buf.len);
    }
    decision_eq(&in, &out);
    buf_add_char(&buf, 'x');
    record = record_read(buf_span(&buf));
    record_decision(&record, &out);
    ck_assert(!record_is_whole(&record));
    buf_release(&buf);
}
END_TEST

/* Whatever single byte is another one, nothing is read that is not there. */
START_TEST(test_record_damaged)
{
    struct decision in = decision_of();
    struct record record;
    struct buf buf;

    buf_init(&buf, 4096);
    record = record_write(&buf);
    record_decision(&record, &in);
    for (size_t i = 0; i < buf.len; i++) {
        struct decision out = { 0 };
        char was = buf.ptr[i];

        buf.ptr[i] = (char)(was ^ 0x80);
        record = record_read(buf_span(&buf));
        record_decision(&record, &out);
        if (!i)
            ck_assert(!record_is_whole(&record));
        ck_assert_uint_le(out.verdict.nr, VERDICT_REASONS_MAX);
        ck_assert_uint_le(out.content.comment.len, buf.len);
        buf.ptr[i] = was;
    }
    buf_release(&buf);
}
END_TEST

START_TEST(test_record_feedback)
{
    struct feedback in = { .site = SPAN_LIT("blog"),
                           .comment = SPAN_LIT("1"),
                           .also = SPAN_LIT("2"),
                           .label = SPAN_LIT("spam"),
                           .source = SPAN_LIT("akismet"),
                           .by = SPAN_LIT("ann"),
                           .wrong = true,
                           .about = SPAN_LIT("{}"),
                           .at_ms = 17 };
    struct feedback out = { 0 };
    struct span echo_by = SPAN_LIT("bot");
    struct span echo_out = { 0 };
    struct record record;
    struct buf buf;

    buf_init(&buf, 4096);
    record = record_write(&buf);
    record_feedback(&record, &in, &echo_by);
    record = record_read(buf_span(&buf));
    record_feedback(&record, &out, &echo_out);
    ck_assert(record_is_whole(&record));
    must_eq(out.site, "blog");
    must_eq(out.comment, "1");
    must_eq(out.also, "2");
    must_eq(out.label, "spam");
    must_eq(out.source, "akismet");
    must_eq(out.by, "ann");
    must_eq(out.about, "{}");
    must_eq(echo_out, "bot");
    ck_assert(out.wrong && out.at_ms == 17);
    buf_release(&buf);
}
END_TEST

struct seen {
    int64_t id[8];
    enum journal_kind kind[8];
    struct span delivery[8];
    size_t nr;
    size_t most;
};

static bool see(void *context, const struct journal_entry *entry)
{
    struct seen *seen = context;
    struct record record = record_read(entry->record);
    struct event event = { 0 };

    seen->id[seen->nr] = entry->id;
    seen->kind[seen->nr] = entry->kind;
    if (entry->kind == JOURNAL_EVENT) {
        record_event(&record, &event);
        ck_assert(record_is_whole(&record));
        must_eq(event.body, "{\"a\":\"\xff\\u0000\"}");
        ck_assert_int_eq(event.received_ms, -5);
        seen->delivery[seen->nr] = arena_dup(&d.arena, event.delivery);
    }
    return ++seen->nr < seen->most;
}

static struct seen read_after(int64_t id, size_t most)
{
    struct seen seen = { .most = most };
    struct journal_reader *reader;

    must(&d, journal_reader_open(&reader, d.path, &d.err));
    must(&d, journal_read(reader, id, see, &seen, &d.err));
    journal_reader_close(reader);
    return seen;
}

/* Within a transaction. */
static void put_event(const char *delivery)
{
    struct event event = event_of(delivery);
    struct record record;
    struct buf buf;

    buf_init(&buf, 4096);
    record = record_write(&buf);
    record_event(&record, &event);
    must(&d, journal_add(journal, JOURNAL_EVENT, buf_span(&buf), &d.err));
    buf_release(&buf);
}

static void add(const char *delivery)
{
    must(&d, store_begin(store, &d.err));
    put_event(delivery);
    must(&d, store_end(store, ERROR_NONE, &d.err));
}

START_TEST(test_journal_keeps_the_order)
{
    struct seen seen;

    ck_assert_int_eq(journal_newest(journal), 0);
    must(&d, store_begin(store, &d.err));
    must(&d, journal_add(journal, JOURNAL_DECISION, SPAN_LIT("a"), &d.err));
    must(&d, journal_add(journal, JOURNAL_FEEDBACK, SPAN_LIT(""), &d.err));
    ck_assert_int_eq(journal_newest(journal), 0);
    must(&d, store_end(store, ERROR_NONE, &d.err));
    ck_assert_int_eq(journal_newest(journal), 2);
    add("e1");
    seen = read_after(0, 8);
    ck_assert_uint_eq(seen.nr, 3);
    ck_assert_int_eq(seen.kind[0], JOURNAL_DECISION);
    ck_assert_int_eq(seen.kind[1], JOURNAL_FEEDBACK);
    ck_assert_int_eq(seen.kind[2], JOURNAL_EVENT);
    must_eq(seen.delivery[2], "e1");
    seen = read_after(2, 8);
    ck_assert_uint_eq(seen.nr, 1);
    seen = read_after(0, 2);
    ck_assert_uint_eq(seen.nr, 2);
}
END_TEST

/* What was rolled back was never there, and its number is not the newest. */
START_TEST(test_journal_rolled_back)
{
    add("e0");
    must(&d, store_begin(store, &d.err));
    put_event("e1");
    ck_assert_int_eq(store_end(store, ERROR_STORE, &d.err), ERROR_STORE);
    ck_assert_int_eq(journal_newest(journal), 1);
    ck_assert_uint_eq(read_after(0, 8).nr, 1);
}
END_TEST

/* All forgotten, closed, opened: the numbers go on, the name stays. */
START_TEST(test_journal_numbers_only_grow)
{
    struct span name = arena_dup(&d.arena, journal_name(journal));
    struct seen seen;

    add("e1");
    add("e2");
    must(&d, journal_forget(journal, 2, &d.err));
    ck_assert_uint_eq(read_after(0, 8).nr, 0);
    store_close(store);
    must(&d, journal_open(&journal, d.path, &d.err));
    store = journal_store(journal);
    ck_assert(span_eq(name, journal_name(journal)) && name.len == 32);
    ck_assert_int_eq(journal_newest(journal), 2);
    add("e3");
    seen = read_after(0, 8);
    ck_assert_uint_eq(seen.nr, 1);
    ck_assert_int_eq(seen.id[0], 3);
    must(&d, store_check(store, &d.err));
    ck_assert_int_eq(journal_newest(journal), 3);
}
END_TEST

START_TEST(test_journal_leaves_strangers_alone)
{
    char path[600];
    struct journal *other;
    struct database db;

    snprintf(path, sizeof(path), "%s/other.db", d.dir);
    must(&d, database_open(&db, path, &d.err));
    must(&d, database_exec(&db, "CREATE TABLE wp_options (a)", &d.err));
    database_release(&db);
    must_fail(&d, journal_open(&other, path, &d.err),
              "is another program's file");
    must_fail(&d, journal_open(&other, d.dir, &d.err), "is a directory");
}
END_TEST

Suite *journal_suite(void)
{
    Suite *s = suite_create("journal");
    TCase *tc = tcase_create("journal");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_record_decision);
    tcase_add_test(tc, test_record_damaged);
    tcase_add_test(tc, test_record_feedback);
    tcase_add_test(tc, test_journal_keeps_the_order);
    tcase_add_test(tc, test_journal_rolled_back);
    tcase_add_test(tc, test_journal_numbers_only_grow);
    tcase_add_test(tc, test_journal_leaves_strangers_alone);
    suite_add_tcase(s, tc);
    return s;
}
