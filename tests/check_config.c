#include "app/config.h"

#include <check.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const char path_template[] = "/tmp/sluice-conf-XXXXXX";

static struct config config;
static struct error err;
static char path[sizeof(path_template)];

static void setup(void)
{
    memcpy(path, path_template, sizeof(path));
    close(mkstemp(path));
    config_init(&config);
}

static void teardown(void)
{
    config_release(&config);
    unlink(path);
}

static enum error_code read_text(const char *text)
{
    FILE *file = fopen(path, "w");

    fputs(text, file);
    fclose(file);
    return config_read_file(&config, path, &err);
}

/* The index of a key by its option. */
static size_t key_at(const char *option)
{
    for (size_t i = 0; i < config_key_nr(); i++)
        if (!strcmp(config_option(i).text, option))
            return i;
    ck_abort_msg("no key %s", option);
    return 0;
}

static void check_value(const char *option, const char *want)
{
    struct span value = config_text(&config, key_at(option));

    ck_assert_msg(span_eq(value, span_str(want)), "%s is \"%.*s\"", option,
                  SPAN_ARG(value));
}

static const struct {
    const char *text;
    const char *option;
    const char *value;
} value_case[] = {
    { "", "store", "sluice.db" },
    { "", "site-kind", "filequeue" },
    { "", "site-timeout", "30" },
    { "", "policy-approve", "yes" },
    { "", "policy-spam-at", "" },
    { "store = x.db\n", "store", "x.db" },
    { "store=x.db", "store", "x.db" },
    { "  store  =  a b.db  \r\n", "store", "a b.db" },
    { "\xEF\xBB\xBFstore = x.db\n", "store", "x.db" },
    { "# a\n; b\n\nstore = x.db ; c\n", "store", "x.db" },
    { "store = a.db\nstore = b.db\n", "store", "b.db" },
    { "listen = 127.0.0.1:80\n", "listen", "127.0.0.1:80" },
    { "listen = [::1]:65535\n", "listen", "[::1]:65535" },
    { "[site]\nurl = https://a.example/?b=c#d\n", "site-url",
      "https://a.example/?b=c#d" },
    { "[site]\n\tname = blog\n\tkind = wordpress\n\tuser = ann\n", "site-kind",
      "wordpress" },
    { "[site]\nin_flight = 64\n", "site-in-flight", "64" },
    { "[site]\nretries = 0\n", "site-retries", "0" },
    { "[site]\nuser =\n", "site-user", "" },
    { "[site]\npassword = abcd efgh\n", "site-password", "***" },
    { "[policy]\napprove_below = 0.25\n", "policy-approve-below", "0.25" },
    { "[policy]\nspam_at = 1\n", "policy-spam-at", "1" },
    { "[policy]\npromise = 1/500\n", "policy-promise", "1/500" },
    { "[policy]\nabuse_hold_at = 0\n", "policy-abuse-hold-at", "0" },
    { "[policy]\napprove = OFF\n", "policy-approve", "no" },
    { "[site]\nname = x\n[policy]\ndeny_list = d\n", "policy-deny-list", "d" },
};

START_TEST(test_config_value)
{
    ck_assert_msg(!read_text(value_case[_i].text), "%s", err.text);
    check_value(value_case[_i].option, value_case[_i].value);
}
END_TEST

static const struct {
    const char *text;
    const char *error; /* what follows the path */
} error_case[] = {
    { "stor = x\n", ":1: stor: no such key in the top part" },
    { "\n\n[site]\nurl = x\npasswort = y\n",
      ":5: passwort: no such key in [site]" },
    { "[side]\nurl = x\n", ":2: there is no section [side]" },
    { "[site \"a\"]\nname = x\n", ":2: name: no such key of a site" },
    { "[site \"a\"]\nstore = x\n", ":2: store: no such key of a site" },
    { "[site \"a b\"]\nurl = x\n", ":2: there is no section" },
    { "[site \"\"]\nurl = x\n", ":2: there is no section" },
    { "[site \"a\"]\ntimeout = x\n", ":2: timeout: 'x' is not" },
    { "store\n", ":1: neither [section] nor name = value" },
    { "store = x\n[site\nname = y\n",
      ":2: neither [section] nor name = value" },
    { "store =\n", ":1: store: '' is not 1 to 4096 bytes" },
    { "store = a\tb\n", ":1: store: 'a\tb' is not 1 to 4096 bytes" },
    { "[site]\ntimeout = soon\n",
      ":2: timeout: 'soon' is not a whole number from 1 to 3600" },
    { "[site]\ntimeout = 0\n", ":2: timeout: '0' is not a whole number" },
    { "[site]\ntimeout = 10s\n", ":2: timeout: '10s' is not" },
    { "[site]\nretries = -1\n", ":2: retries: '-1' is not" },
    { "[site]\nin_flight = 99999999999999999999\n", ":2: in_flight: " },
    { "[policy]\nspam_at = 1.5\n",
      ":2: spam_at: '1.5' is not a number from 0 to 1" },
    { "[policy]\nspam_at = nan\n", ":2: spam_at: 'nan' is not" },
    { "[policy]\nspam_at = 90%\n", ":2: spam_at: '90%' is not" },
    { "[policy]\npromise = 1/1\n", ":2: promise: '1/1' is not 1/N, with N" },
    { "[policy]\npromise = 1/2x\n", ":2: promise: '1/2x' is not 1/N" },
    { "[policy]\npromise = 0.005\n", ":2: promise: '0.005' is not 1/N" },
    { "[policy]\napprove = maybe\n", ":2: approve: 'maybe' is not yes or no" },
    { "listen = 8080\n", ":1: listen: '8080' is not host:port" },
    { "listen = :8080\n", ":1: listen: " },
    { "listen = a:0\n", ":1: listen: " },
    { "listen = a:65536\n", ":1: listen: " },
    { "listen = ::1:80\n", ":1: listen: " },
};

START_TEST(test_config_error)
{
    struct span text;

    ck_assert_int_eq(read_text(error_case[_i].text), ERROR_CONFIG);
    ck_assert_int_eq(err.code, ERROR_CONFIG);
    text = span_str(err.text);
    ck_assert(span_starts(text, span_str(path)));
    text = span_cut(text, strlen(path), text.len);
    ck_assert_msg(span_starts(text, span_str(error_case[_i].error)), "%s",
                  err.text);
}
END_TEST

/* A wrong password is not repeated where others can read it. */
/* A store's URL, as it may be shown. */
static const struct {
    const char *url;
    const char *shown;
} store_case[] = {
    { "store.db", "store.db" },
    { "a:b@c.db", "a:b@c.db" },
    { "postgresql:///sluice", "postgresql:///sluice" },
    { "postgresql://ann@host/db", "postgresql://ann@host/db" },
    { "postgresql://ann:x@host/db", "postgresql://ann:***@host/db" },
    { "postgresql://ann:x@y/z@host/db?a=b@c",
      "postgresql://ann:***@host/db?a=b@c" },
    { "postgresql:///db?password=x&host=h",
      "postgresql:///db?password=***&host=h" },
    { "postgresql://ann:x@/db?password=y",
      "postgresql://ann:***@/db?password=***" },
};

START_TEST(test_config_store_shown)
{
    struct span shown = span_str(store_case[_i].shown);
    bool hides = !span_eq(shown, span_str(store_case[_i].url));
    char line[128];

    snprintf(line, sizeof(line), "store = %s\n", store_case[_i].url);
    ck_assert(!read_text(line));
    ck_assert(span_eq(config_text(&config, key_at("store")), shown));
    ck_assert_int_eq(config_hides(&config, key_at("store")), hides);
    /* Where all can read it, no password is taken. */
    ck_assert_int_eq(
        config_set_option(&config, key_at("store"), store_case[_i].url, &err),
        hides ? ERROR_CONFIG : ERROR_NONE);
}
END_TEST

START_TEST(test_config_secret_in_error)
{
    char text[600];

    snprintf(text, sizeof(text), "[site]\npassword = geheim%0300d\n", 0);
    ck_assert_int_eq(read_text(text), ERROR_CONFIG);
    ck_assert_ptr_null(strstr(err.text, "geheim"));
}
END_TEST

START_TEST(test_config_long_line)
{
    static char text[10000];

    memset(text, 'x', sizeof(text) - 1);
    memcpy(text, "store = a\nstore = ", 18);
    memcpy(text + sizeof(text) - 20, "\nmodel = m\n", 12);
    ck_assert_int_eq(read_text(text), ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, ":2: longer than"));
}
END_TEST

START_TEST(test_config_garbage)
{
    char text[4096];
    FILE *file;

    srand(7);
    for (int round = 0; round < 200; round++) {
        for (size_t i = 0; i < sizeof(text); i++)
            text[i] = (char)rand();
        file = fopen(path, "w");
        fwrite(text, 1, sizeof(text), file);
        fclose(file);
        ck_assert_int_eq(config_read_file(&config, path, &err), ERROR_CONFIG);
    }
}
END_TEST

START_TEST(test_config_missing)
{
    ck_assert_int_eq(config_read_file(&config, "/nowhere/x.conf", &err),
                     ERROR_CONFIG);
    ck_assert_int_eq(config_read_file(&config, "/tmp", &err), ERROR_CONFIG);
    ck_assert_int_eq(chdir("/"), 0);
    ck_assert_int_eq(config_read_file(&config, NULL, &err), ERROR_NONE);
}
END_TEST

START_TEST(test_config_precedence)
{
    char *environment[] = { "PATH=/bin",
                            "SLUICE_STORE=env.db",
                            "SLUICE_SITE_NAME=env",
                            "SLUICE_SITE_USER=",
                            "SLUICE=unrelated",
                            "SLUICE_PORT=unrelated",
                            NULL };

    ck_assert(!read_text("store = file.db\nmodel = file\n[site]\n"
                         "name = file\nuser = file\n"));
    ck_assert(!config_read_environment(&config, environment, &err));
    ck_assert(
        !config_set_option(&config, key_at("site-name"), "option", &err));
    check_value("listen", "127.0.0.1:8080");
    check_value("model", "file");
    check_value("store", "env.db");
    check_value("site-name", "option");
    check_value("site-user", "file");
}
END_TEST

START_TEST(test_config_environment_error)
{
    char *environment[] = { "SLUICE_SITE_TIMEOUT=never", NULL };

    ck_assert_int_eq(config_read_environment(&config, environment, &err),
                     ERROR_CONFIG);
    ck_assert(span_starts(span_str(err.text),
                          SPAN_LIT("SLUICE_SITE_TIMEOUT: 'never' is not")));
}
END_TEST

START_TEST(test_config_option_error)
{
    ck_assert_int_eq(
        config_set_option(&config, key_at("policy-approve"), "perhaps", &err),
        ERROR_CONFIG);
    ck_assert(span_starts(span_str(err.text),
                          SPAN_LIT("--policy-approve: 'perhaps' is not")));
    ck_assert_int_eq(
        config_set_option(&config, key_at("site-password"), "geheim", &err),
        ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "SLUICE_SITE_PASSWORD"));
    ck_assert_ptr_null(strstr(err.text, "geheim"));
}
END_TEST

/* One table, three names, all different. */
START_TEST(test_config_names)
{
    ck_assert_str_eq(config_variable(key_at("site-ca-file")).text,
                     "SLUICE_SITE_CA_FILE");
    ck_assert_str_eq(config_variable(key_at("store")).text, "SLUICE_STORE");
    for (size_t i = 0; i < config_key_nr(); i++)
        for (size_t j = 0; j < i; j++)
            ck_assert_str_ne(config_option(i).text, config_option(j).text);
}
END_TEST

static const char several[] =
    "[site]\nuser = common\ntimeout = 7\nurl = x\n"
    "[policy]\nspam_at = 0.7\napprove_below = 0.2\n"
    "[site \"blog\"]\nurl = a\nhook_secret = old\nhook_secret = new\n"
    "spam_at = 0.9\n"
    "[site \"news\"]\nuser = ann\nkey = k\n"
    "[site \"blog\"]\ntoken = t\n";

/* A site's own section wins; the rest is as in the common ones. */
START_TEST(test_config_sites)
{
    const struct config *blog;
    const struct config *news;

    ck_assert_msg(!read_text(several), "%s", err.text);
    ck_assert(
        !config_set_option(&config, key_at("policy-spam-at"), "0.6", &err));
    ck_assert_uint_eq(config_site_nr(&config), 2);
    blog = config_site(&config, 0);
    news = config_site(&config, 1);
    ck_assert(span_eq(blog->site.name, SPAN_LIT("blog")));
    ck_assert(span_eq(blog->site.url, SPAN_LIT("a")));
    ck_assert(span_eq(blog->site.user, SPAN_LIT("common")));
    ck_assert(span_eq(blog->site_hook_secret, SPAN_LIT("new old")));
    ck_assert(span_eq(blog->site_token, SPAN_LIT("t")));
    ck_assert_int_eq(blog->site.timeout_s, 7);
    ck_assert_double_eq(blog->policy.spam_at, 0.9);
    ck_assert_double_eq(blog->policy.approve_below, 0.2);
    ck_assert(span_eq(news->site.user, SPAN_LIT("ann")));
    ck_assert(span_eq(news->site_key, SPAN_LIT("k")));
    ck_assert_uint_eq(news->site.url.len, 0);
    ck_assert_uint_eq(news->site_hook_secret.len, 0);
    ck_assert_double_eq(news->policy.spam_at, 0.6);
}
END_TEST

START_TEST(test_config_one_site)
{
    ck_assert(!read_text("[site]\nname = me\nurl = a\n"));
    ck_assert_uint_eq(config_site_nr(&config), 1);
    ck_assert_ptr_eq(config_site(&config, 0), &config);
    ck_assert(!config_choose(&config, &err));
    ck_assert(span_eq(config.site.name, SPAN_LIT("me")));
}
END_TEST

START_TEST(test_config_choose)
{
    ck_assert(!read_text(several));
    ck_assert_int_eq(config_choose(&config, &err), ERROR_CONFIG);
    ck_assert_ptr_nonnull(strstr(err.text, "blog news"));
    ck_assert(!config_set_option(&config, key_at("site-name"), "news", &err));
    ck_assert(!config_choose(&config, &err));
    ck_assert(span_eq(config.site.user, SPAN_LIT("ann")));
    ck_assert(span_eq(config.site.name, SPAN_LIT("news")));
}
END_TEST

/* A variable replaces what the file has; it does not add to it. */
START_TEST(test_config_secrets_replaced)
{
    char *environment[] = { "SLUICE_SITE_HOOK_SECRET=c", NULL };

    ck_assert(!read_text("[site]\nhook_secret = a\nhook_secret = b\n"));
    ck_assert(span_eq(config.site_hook_secret, SPAN_LIT("b a")));
    ck_assert(!config_read_environment(&config, environment, &err));
    ck_assert(span_eq(config.site_hook_secret, SPAN_LIT("c")));
}
END_TEST

START_TEST(test_config_insecure)
{
    ck_assert(!read_text("[site]\npassword = x\n"));
    ck_assert_int_eq(chmod(path, 0600), 0);
    ck_assert(!config_read_file(&config, path, &err));
    ck_assert(!config.insecure);
    ck_assert_int_eq(chmod(path, 0644), 0);
    ck_assert(!config_read_file(&config, path, &err));
    ck_assert(config.insecure);
}
END_TEST

Suite *config_suite(void)
{
    Suite *s = suite_create("config");
    TCase *tc = tcase_create("config");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_loop_test(tc, test_config_value, 0,
                        sizeof(value_case) / sizeof(value_case[0]));
    tcase_add_loop_test(tc, test_config_error, 0,
                        sizeof(error_case) / sizeof(error_case[0]));
    tcase_add_loop_test(tc, test_config_store_shown, 0,
                        sizeof(store_case) / sizeof(store_case[0]));
    tcase_add_test(tc, test_config_secret_in_error);
    tcase_add_test(tc, test_config_long_line);
    tcase_add_test(tc, test_config_garbage);
    tcase_add_test(tc, test_config_missing);
    tcase_add_test(tc, test_config_precedence);
    tcase_add_test(tc, test_config_environment_error);
    tcase_add_test(tc, test_config_option_error);
    tcase_add_test(tc, test_config_names);
    tcase_add_test(tc, test_config_sites);
    tcase_add_test(tc, test_config_one_site);
    tcase_add_test(tc, test_config_choose);
    tcase_add_test(tc, test_config_secrets_replaced);
    tcase_add_test(tc, test_config_insecure);
    suite_add_tcase(s, tc);
    return s;
}
