#include "server/address.h"

#include <check.h>
#include <string.h>

static struct arena arena;

static void setup(void)
{
    arena_init(&arena);
}

static void teardown(void)
{
    arena_release(&arena);
}

static const struct {
    const char *list;
    const char *address;
    bool has;
} list_case[] = {
    { "10.0.0.0/8", "10.255.0.1", true },
    { "10.0.0.0/8", "11.0.0.1", false },
    { "10.0.0.0/8", "::ffff:10.1.2.3", true },
    { "192.0.2.7", "192.0.2.7", true },
    { "192.0.2.7", "192.0.2.6", false },
    { "192.0.2.6/31", "192.0.2.7", true },
    { "0.0.0.0/0", "2001:db8::1", false },
    { "2001:db8::/33", "2001:db8:7fff::1", true },
    { "2001:db8::/33", "2001:db8:8000::1", false },
    { "::/0", "192.0.2.7", true },
    { " ,10.0.0.1,\t10.0.0.2 ", "10.0.0.2", true },
    { "", "10.0.0.2", false },
};

START_TEST(test_address_list)
{
    struct address_list list;
    struct address address;
    struct error err;

    ck_assert(!address_list_parse(&list, span_str(list_case[_i].list), &err));
    ck_assert(address_parse(&address, span_str(list_case[_i].address)));
    ck_assert_int_eq(address_list_has(&list, &address), list_case[_i].has);
}
END_TEST

static const char *const bad_list[] = {
    "10.0.0.0/33", "10.0.0.0/", "10", "localhost", "10.0.0.0/-1", "::/129",
};

START_TEST(test_address_list_bad)
{
    struct address_list list;
    struct error err;

    ck_assert_int_eq(address_list_parse(&list, span_str(bad_list[_i]), &err),
                     ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, bad_list[_i]));
}
END_TEST

static const struct {
    const char *peer;
    const char *forwarded;
    const char *client;
} client_case[] = {
    { "10.0.0.1", "", "10.0.0.1" },
    { "10.0.0.1", "192.0.2.1", "192.0.2.1" },
    { "10.0.0.1", "6.6.6.6, 192.0.2.1", "192.0.2.1" },
    { "10.0.0.1", "192.0.2.1, 10.0.0.2", "192.0.2.1" },
    { "10.0.0.1", "10.0.0.3 , 10.0.0.2", "10.0.0.3" },
    { "10.0.0.1", "192.0.2.1, unknown", "10.0.0.1" },
    { "10.0.0.1", "192.0.2.1, unknown, 10.0.0.2", "10.0.0.2" },
    { "10.0.0.1", "2001:db8::1", "2001:db8::1" },
    { "10.0.0.1", ",", "10.0.0.1" },
    { "203.0.113.9", "192.0.2.1", "203.0.113.9" },
};

START_TEST(test_address_client)
{
    struct address_list list;
    struct address peer;
    struct address client;
    struct error err;
    struct span text;

    ck_assert(!address_list_parse(&list, SPAN_LIT("10.0.0.0/24"), &err));
    ck_assert(address_parse(&peer, span_str(client_case[_i].peer)));
    client = address_client(&list, peer, span_str(client_case[_i].forwarded));
    text = address_text(&arena, &client);
    ck_assert_msg(span_eq(text, span_str(client_case[_i].client)), "%.*s",
                  SPAN_ARG(text));
}
END_TEST

#define NR(table) ((int)(sizeof(table) / sizeof((table)[0])))

Suite *address_suite(void)
{
    Suite *s = suite_create("address");
    TCase *tc = tcase_create("address");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_address_list, 0, NR(list_case));
    tcase_add_loop_test(tc, test_address_list_bad, 0, NR(bad_list));
    tcase_add_loop_test(tc, test_address_client, 0, NR(client_case));
    suite_add_tcase(s, tc);
    return s;
}
