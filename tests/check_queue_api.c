#include "page/queue_api.h"

#include "support/page_server.h"

static struct page_server server;
static struct browser anna;

/* Two near copies; two of one person; one that is hostile; short ones. */
static const char held[] =
    "{\"id\":\"1\",\"text\":\"Buy the best watches in the whole wide world "
    "from us today, you will not regret it\",\"author\":\"Best Watches\","
    "\"author_email\":\"a@spam.example\"}\n"
    "{\"id\":\"2\",\"text\":\"Buy the best watches in the whole wide world "
    "from us today, you will not regret it 7731\",\"author\":\"Watches "
    "Best\"}\n"
    "{\"id\":\"3\",\"text\":\"<p>The frigate was late by two years, "
    "<b>again</b>, and nobody told us &amp; why</p><script>alert(1)"
    "</script>\",\"author\":\"<img src=x onerror=alert(1)>\","
    "\"author_email\":\"ann@post.example\",\"post_title\":\"Late\"}\n"
    "{\"id\":\"4\",\"text\":\"And here is what I had to add about the "
    "frigate, see http://ships.example/a?b=1\",\"author\":\"Ann\","
    "\"author_email\":\"Ann@post.example\"}\n"
    "{\"id\":\"5\",\"text\":\"nice post\",\"author\":\"Bo\"}\n"
    "{\"id\":\"6\",\"text\":\"nice post\",\"author\":\"Cy\"}\n";

static void setup(void)
{
    page_server_make(&server);
    page_server_hold(&server, held);
    page_server_serve(&server, NULL);
    browser_open(&anna, &server);
    browser_enter(&anna, "anna", ACCOUNT_ADMIN);
}

static void teardown(void)
{
    browser_close(&anna);
    page_server_end(&server);
    page_server_remove(&server);
}

/* The item about the comment called `id`, or NULL. */
static const struct json *item_of(const char *id)
{
    for (size_t i = 0; browser_item(&anna, i); i++)
        if (span_eq(browser_member(browser_item(&anna, i), "comment"),
                    span_str(id)))
            return browser_item(&anna, i);
    return NULL;
}

static struct span text_of(const struct json *item)
{
    const struct json *part = json_member(item, "text");
    struct span whole = SPAN_LIT("");

    for (size_t i = 0; i < json_nr(part); i++)
        whole =
            arena_printf(&server.dir.arena, "%.*s%.*s", SPAN_ARG(whole),
                         SPAN_ARG(browser_member(json_item(part, i), "text")));
    return whole;
}

START_TEST(test_queue_api_folds)
{
    const struct json *item;

    must_answer(&anna, "GET", "/queue", NULL, 200);
    ck_assert_int_eq(browser_number(anna.doc.root, "waiting"), 6);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "items")), 4);
    item = item_of("1") ? item_of("1") : item_of("2");
    ck_assert_int_eq(browser_number(item, "alike"), 1);
    item = item_of("5") ? item_of("5") : item_of("6");
    ck_assert_int_eq(browser_number(item, "alike"), 1);
    ck_assert_int_eq(browser_number(item_of("3"), "alike"), 0);
}
END_TEST

START_TEST(test_queue_api_alike)
{
    char path[64];
    const struct json *item;

    must_answer(&anna, "GET", "/queue", NULL, 200);
    item = item_of("1") ? item_of("1") : item_of("2");
    snprintf(path, sizeof(path), "/queue/%lld/alike",
             (long long)browser_number(item, "id"));
    must_answer(&anna, "GET", path, NULL, 200);
    ck_assert_uint_eq(json_nr(json_member(anna.doc.root, "items")), 1);
    ck_assert(span_starts(browser_member(browser_item(&anna, 0), "excerpt"),
                          SPAN_LIT("Buy the best")));
}
END_TEST

/* All text is text: markup was read, and what is left stands for itself. */
START_TEST(test_queue_api_text)
{
    const struct json *item;

    must_answer(&anna, "GET", "/queue", NULL, 200);
    item = item_of("3");
    must_eq(text_of(item),
            "The frigate was late by two years, again, and nobody told us & "
            "why");
    must_eq(browser_member(json_member(item, "author"), "name"),
            "<img src=x onerror=alert(1)>");
    must_eq(browser_member(json_member(item, "post"), "title"), "Late");
    ck_assert(span_find(buf_span(&anna.answer),
                        SPAN_LIT("Content-Type: application/json")) <
              anna.answer.len);
    item = item_of("4");
    must_eq(browser_member(json_item(json_member(item, "links"), 0), "host"),
            "ships.example");
}
END_TEST

/* By the mail address, however it is written. */
START_TEST(test_queue_api_earlier)
{
    const struct json *earlier;

    must_answer(&anna, "GET", "/queue", NULL, 200);
    earlier = json_member(item_of("4"), "earlier");
    ck_assert_int_eq(browser_number(earlier, "nr"), 1);
    ck_assert_int_eq(browser_number(earlier, "held"), 1);
    must_eq(browser_member(json_item(json_member(earlier, "newest"), 0),
                           "comment"),
            "3");
    earlier = json_member(item_of("3"), "earlier");
    ck_assert_int_eq(browser_number(earlier, "nr"), 0);
}
END_TEST

/* Page by page everything comes once, also when the last one is decided. */
static void walk(bool decide)
{
    char path[64] = "/queue?limit=1";
    unsigned long long seen = 0;
    size_t nr = 0;

    for (;;) {
        char next[32];
        int64_t id;

        must_answer(&anna, "GET", path, NULL, 200);
        if (!browser_item(&anna, 0))
            break;
        id = browser_number(browser_item(&anna, 0), "id");
        ck_assert_msg(!(seen & 1ULL << id), "%lld twice", (long long)id);
        seen |= 1ULL << id;
        nr++;
        snprintf(next, sizeof(next), "%.*s",
                 SPAN_ARG(browser_text(&anna, "next")));
        if (!*next)
            break;
        snprintf(path, sizeof(path), "/queue?limit=1&after=%s", next);
        if (decide) {
            char body[128];

            snprintf(body, sizeof(body),
                     "{\"id\":\"walk-%08zu\",\"action\":\"spam\","
                     "\"decisions\":[%lld]}",
                     nr, (long long)id);
            must_answer(&anna, "POST", "/actions", body, 200);
        }
    }
    /* A copy whose like was decided is a head of its own. */
    ck_assert_uint_ge(nr, 4);
}

START_TEST(test_queue_api_pages)
{
    walk(_i == 1);
}
END_TEST

/* What is held once more comes last, and waits still. */
START_TEST(test_queue_api_later)
{
    char body[128];
    int64_t id;
    size_t nr;

    must_answer(&anna, "GET", "/queue", NULL, 200);
    id = browser_number(browser_item(&anna, 0), "id");
    snprintf(body, sizeof(body),
             "{\"id\":\"for-later\",\"action\":\"hold\",\"decisions\":"
             "[%lld]}",
             (long long)id);
    must_answer(&anna, "POST", "/actions", body, 200);
    must_answer(&anna, "GET", "/queue", NULL, 200);
    ck_assert_int_eq(browser_number(anna.doc.root, "waiting"), 6);
    nr = json_nr(json_member(anna.doc.root, "items"));
    ck_assert_int_eq(browser_number(browser_item(&anna, nr - 1), "id"), id);
}
END_TEST

START_TEST(test_queue_api_site)
{
    must_answer(&anna, "GET", "/queue?site=other", NULL, 200);
    ck_assert_int_eq(browser_number(anna.doc.root, "waiting"), 0);
    must_answer(&anna, "GET", "/queue?site=default", NULL, 200);
    ck_assert_int_eq(browser_number(anna.doc.root, "waiting"), 6);
}
END_TEST

Suite *queue_api_suite(void)
{
    Suite *s = suite_create("queue_api");
    TCase *tc = tcase_create("queue");

    tcase_set_timeout(tc, 120);
    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_queue_api_folds);
    tcase_add_test(tc, test_queue_api_alike);
    tcase_add_test(tc, test_queue_api_text);
    tcase_add_test(tc, test_queue_api_earlier);
    tcase_add_loop_test(tc, test_queue_api_pages, 0, 2);
    tcase_add_test(tc, test_queue_api_later);
    tcase_add_test(tc, test_queue_api_site);
    suite_add_tcase(s, tc);
    return s;
}
