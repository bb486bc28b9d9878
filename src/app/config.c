/*
 * The table below is the list of all settings; nothing else in the program
 * knows their names. Values go through set_value whichever way they came, so
 * that a value is right or wrong in all three alike.
 */
#include "app/config.h"

#include "app/config_file.h"
#include "app/config_value.h"
#include "base/alloc.h"
#include "base/buf.h"
#include "base/log.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE_PREFIX "SLUICE_"

#define CONNECTIONS_DEFAULT 2000
#define BODY_MAX_DEFAULT ((size_t)1 << 20)
#define SLOW_S_DEFAULT 10
#define RATE_ADDRESS_DEFAULT 500
#define RATE_SITE_DEFAULT 1000

/* Of an error that lists sites. */
#define NAMES_BYTES_MAX ((size_t)400)

/* Of a site's name, which is part of a URL: [site "name"]. */
#define NAME_BYTES_MAX 40

static const struct {
    const char *section;
    const char *name;
    const char *meaning;
    size_t offset; /* in struct config */
    struct value_kind kind;
} key[] = {
#define AT(member) offsetof(struct config, member)
    { "",
      "store",
      "file that remembers every verdict, or postgresql://... for many nodes",
      AT(store),
      { VALUE_URL, 1, 4096 } },
    { "",
      "model",
      "directory of another model than the one built in",
      AT(model),
      { VALUE_TEXT, 0, 4096 } },
    { "",
      "listen",
      "address and port to serve at",
      AT(listen),
      { VALUE_ADDRESS, 0, 0 } },
    { "serve",
      "threads",
      "that answer requests; 0: one a processor",
      AT(serve.threads),
      { VALUE_COUNT, 0, 256 } },
    { "serve",
      "connections",
      "open at a time",
      AT(serve.connections),
      { VALUE_COUNT, 1, 100000 } },
    { "serve",
      "body_max",
      "bytes of one request's body",
      AT(serve.body_max),
      { VALUE_COUNT, 1024, 64 << 20 } },
    { "serve",
      "slow",
      "seconds for a request to arrive",
      AT(serve.slow_s),
      { VALUE_LONG, 1, 3600 } },
    { "serve",
      "proxies",
      "addresses whose X-Forwarded-For is believed",
      AT(serve.proxies),
      { VALUE_TEXT, 0, 2048 } },
    { "serve",
      "rate_address",
      "requests a second of one address; 0: any",
      AT(serve.rate_address),
      { VALUE_LONG, 0, 1000000 } },
    { "serve",
      "rate_site",
      "requests a second of one site; 0: any",
      AT(serve.rate_site),
      { VALUE_LONG, 0, 1000000 } },
    { "serve",
      "page",
      "no: the moderators' page is not served",
      AT(serve.page),
      { VALUE_SWITCH, 0, 0 } },
    { "serve",
      "page_over_http",
      "yes: the page is served without https to other machines, too",
      AT(serve.page_over_http),
      { VALUE_SWITCH, 0, 0 } },
    { "site",
      "name",
      "what the store and the log call the site",
      AT(site.name),
      { VALUE_TEXT, 1, 64 } },
    { "site",
      "kind",
      "filequeue, wordpress or akismet",
      AT(site.kind),
      { VALUE_TEXT, 1, 64 } },
    { "site",
      "url",
      "address of the site, or path of the queue's file",
      AT(site.url),
      { VALUE_TEXT, 0, 2048 } },
    { "site", "user", "who moderates", AT(site.user), { VALUE_TEXT, 0, 256 } },
    { "site",
      "password",
      "an application password of that user",
      AT(site.password),
      { VALUE_SECRET, 0, 256 } },
    { "site",
      "ca_file",
      "more certificates to trust",
      AT(site.ca_file),
      { VALUE_TEXT, 0, 4096 } },
    { "site",
      "timeout",
      "seconds to wait for an answer",
      AT(site.timeout_s),
      { VALUE_LONG, 1, 3600 } },
    { "site",
      "in_flight",
      "requests at a time",
      AT(site.in_flight),
      { VALUE_COUNT, 1, 64 } },
    { "site",
      "retries",
      "of a request that failed",
      AT(site.retries),
      { VALUE_COUNT, 0, 100 } },
    { "site",
      "hook_secret",
      "whsec_... that webhooks are signed with; may be there twice",
      AT(site_hook_secret),
      { VALUE_SECRETS, 0, 512 } },
    { "site",
      "key",
      "that clients of the Akismet protocol send",
      AT(site_key),
      { VALUE_SECRET, 0, 256 } },
    { "site",
      "discard",
      "yes: those clients may throw away what is certainly spam",
      AT(site_discard),
      { VALUE_SWITCH, 0, 0 } },
    { "site",
      "token",
      "bearer token of /v1/judge",
      AT(site_token),
      { VALUE_SECRET, 0, 256 } },
    { "policy",
      "promise",
      "at most so many honest comments are marked as spam; sets spam_at",
      AT(promise),
      { VALUE_ONE_IN, 2, 1000000 } },
    { "policy",
      "approve_below",
      "probability of spam to approve below",
      AT(policy.approve_below),
      { VALUE_SHARE, 0, 1 } },
    { "policy",
      "spam_at",
      "probability of spam to mark as spam at",
      AT(policy.spam_at),
      { VALUE_SHARE, 0, 1 } },
    { "policy",
      "abuse_hold_at",
      "probability of abuse to hold at",
      AT(policy.abuse_hold_at),
      { VALUE_SHARE, 0, 1 } },
    { "policy",
      "approve",
      "no: nothing is approved, only held",
      AT(policy.approve),
      { VALUE_SWITCH, 0, 0 } },
    { "policy",
      "allow_list",
      "file of whom to trust",
      AT(allow_list),
      { VALUE_TEXT, 0, 4096 } },
    { "policy",
      "deny_list",
      "file of whom not to trust",
      AT(deny_list),
      { VALUE_TEXT, 0, 4096 } },
#undef AT
};

#define KEY_NR (sizeof(key) / sizeof(key[0]))

/* A site with a section of its own. */
struct config_named {
    struct config *values;
    bool set[KEY_NR]; /* in that section */
    bool filled;      /* the rest is as in the main part */
};

static void *field_of(struct config *config, size_t i)
{
    return (char *)config + key[i].offset;
}

void config_init(struct config *config)
{
    memset(config, 0, sizeof(*config));
    arena_init(&config->arena);
    config->store = SPAN_LIT("sluice.db");
    config->listen = SPAN_LIT("127.0.0.1:8080");
    config->serve = (struct config_serve){
        .connections = CONNECTIONS_DEFAULT,
        .body_max = BODY_MAX_DEFAULT,
        .slow_s = SLOW_S_DEFAULT,
        .rate_address = RATE_ADDRESS_DEFAULT,
        .rate_site = RATE_SITE_DEFAULT,
        .page = true,
    };
    config->site = (struct site_options){
        .name = SPAN_LIT("default"),
        .kind = SPAN_LIT("filequeue"),
        .timeout_s = SITE_TIMEOUT_S_DEFAULT,
        .in_flight = SITE_IN_FLIGHT_DEFAULT,
        .retries = SITE_RETRIES_DEFAULT,
    };
    config->promise = -1;
    config->policy = (struct policy){
        .approve_below = -1,
        .spam_at = -1,
        .abuse_hold_at = -1,
        .approve = true,
    };
}

void config_release(struct config *config)
{
    for (size_t i = 0; i < config->named_nr; i++) {
        config_release(config->named[i].values);
        free(config->named[i].values);
    }
    free(config->named);
    arena_release(&config->arena);
}

/* `origin` is the place to name: "sluice.conf:7", "SLUICE_STORE". */
static enum error_code set_value(struct config *config, size_t i,
                                 const char *origin, struct span value,
                                 struct error *err)
{
    struct span expected;

    if (value_set(&key[i].kind, field_of(config, i), &config->arena, value))
        return ERROR_NONE;
    expected = value_expected(&key[i].kind, &config->arena);
    if (value_hides(&key[i].kind, value))
        return error_set(err, ERROR_CONFIG, "%s: expected %.*s", origin,
                         SPAN_ARG(expected));
    return error_set(err, ERROR_CONFIG, "%s: '%.*s' is not %.*s", origin,
                     (int)span_cut(value, 0, 64).len, value.ptr,
                     SPAN_ARG(expected));
}

/* The name in `site "name"`; false if it is none that we take. */
static bool name_of(struct span section, struct span *name)
{
    struct span marks = SPAN_LIT("._-");

    if (!span_starts(section, SPAN_LIT("site \"")) || section.len < 8 ||
        !span_ends(section, SPAN_LIT("\"")))
        return false;
    *name = span_cut(section, 6, section.len - 1);
    for (size_t i = 0; i < name->len; i++)
        if (!isalnum((unsigned char)name->ptr[i]) &&
            span_find_char(marks, name->ptr[i]) == marks.len)
            return false;
    return name->len <= NAME_BYTES_MAX;
}

static struct config_named *named_find(struct config *config, struct span name)
{
    struct config_named *named = config->named;

    for (size_t i = 0; i < config->named_nr; i++)
        if (span_eq(named[i].values->site.name, name))
            return &named[i];
    named =
        xgrow(named, config->named_nr, &config->named_alloc, sizeof(*named));
    config->named = named;
    named += config->named_nr++;
    *named = (struct config_named){ .values = xcalloc(1, sizeof(*config)) };
    config_init(named->values);
    named->values->site.name = arena_dup(&named->values->arena, name);
    return named;
}

/* What tells one site from another has no common value. */
static bool is_own(size_t i)
{
    static const char *const own[] = { "name", "url", "key", "hook_secret",
                                       "token" };

    if (!span_eq(config_section(i), SPAN_LIT("site")))
        return false;
    for (size_t j = 0; j < sizeof(own) / sizeof(own[0]); j++)
        if (span_eq(config_name(i), span_str(own[j])))
            return true;
    return false;
}

size_t config_site_nr(const struct config *config)
{
    return config->named_nr ? config->named_nr : 1;
}

const struct config *config_site(struct config *config, size_t i)
{
    struct config_named *named;

    if (!config->named_nr)
        return config;
    named = &config->named[i];
    for (size_t j = 0; j < KEY_NR && !named->filled; j++)
        if (!named->set[j] && !is_own(j))
            value_copy(&key[j].kind, field_of(named->values, j),
                       field_of(config, j));
    named->filled = true;
    return named->values;
}

static enum error_code which_site(struct config *config, struct error *err)
{
    struct buf names;

    buf_init(&names, NAMES_BYTES_MAX);
    for (size_t i = 0; i < config->named_nr; i++)
        buf_addf(&names, " %.*s",
                 SPAN_ARG(config->named[i].values->site.name));
    (void)error_set(err, ERROR_CONFIG,
                    "which site? --site-name names one of:%.*s",
                    SPAN_ARG(buf_span(&names)));
    buf_release(&names);
    return ERROR_CONFIG;
}

enum error_code config_choose(struct config *config, struct error *err)
{
    const struct config *chosen = NULL;

    if (!config->named_nr)
        return ERROR_NONE;
    for (size_t i = 0; i < config->named_nr; i++)
        if (config->named_nr == 1 ||
            span_eq(config->named[i].values->site.name, config->site.name))
            chosen = config_site(config, i);
    if (!chosen)
        return which_site(config, err);
    for (size_t i = 0; i < KEY_NR; i++)
        value_copy(&key[i].kind, field_of(config, i),
                   (const char *)chosen + key[i].offset);
    return ERROR_NONE;
}

struct reading {
    struct config *config;
    const char *path;
    bool has_secret;
};

static bool has_section(struct span section)
{
    for (size_t i = 0; i < KEY_NR; i++)
        if (span_eq(section, span_str(key[i].section)))
            return true;
    return false;
}

/* A key of a site's own section: any of [site] and [policy], but a name. */
static enum error_code set_named(struct reading *reading, const char *origin,
                                 struct span site, struct span name,
                                 struct span value, struct error *err)
{
    struct config_named *named = named_find(reading->config, site);

    for (size_t i = 0; i < KEY_NR; i++) {
        if (!span_eq(name, config_name(i)) ||
            span_eq(name, SPAN_LIT("name")) ||
            (!span_eq(config_section(i), SPAN_LIT("site")) &&
             !span_eq(config_section(i), SPAN_LIT("policy"))))
            continue;
        if (value_hides(&key[i].kind, value))
            reading->has_secret = true;
        named->set[i] = true;
        return set_value(named->values, i, origin, value, err);
    }
    return error_set(err, ERROR_CONFIG,
                     "%s: no such key of a site; those of [site] and [policy] "
                     "are, but for 'name'",
                     origin);
}

static enum error_code set_from_file(void *context, size_t line,
                                     struct span section, struct span name,
                                     struct span value, struct error *err)
{
    struct reading *reading = context;
    struct span origin = arena_printf(&reading->config->arena, "%s:%zu: %.*s",
                                      reading->path, line, SPAN_ARG(name));
    struct span site;

    if (name_of(section, &site))
        return set_named(reading, origin.ptr, site, name, value, err);
    for (size_t i = 0; i < KEY_NR; i++) {
        if (!span_eq(section, span_str(key[i].section)) ||
            !span_eq(name, span_str(key[i].name)))
            continue;
        if (value_hides(&key[i].kind, value))
            reading->has_secret = true;
        return set_value(reading->config, i, origin.ptr, value, err);
    }
    if (!has_section(section))
        return error_set(err, ERROR_CONFIG,
                         "%s:%zu: there is no section [%.*s]; [site], [site "
                         "\"name\"], [policy] and [serve] are all, a name "
                         "being up to 40 letters, digits, '.', '_' and '-'",
                         reading->path, line, SPAN_ARG(section));
    return error_set(err, ERROR_CONFIG,
                     "%.*s: no such key in %s%.*s%s; 'sluice config' lists "
                     "them",
                     SPAN_ARG(origin), section.len ? "[" : "the top",
                     SPAN_ARG(section), section.len ? "]" : " part");
}

static bool open_to_all(const char *path)
{
    struct stat status;

    return stat(path, &status) == 0 && (status.st_mode & S_IROTH);
}

enum error_code config_read_file(struct config *config, const char *path,
                                 struct error *err)
{
    struct reading reading = { config, path ? path : CONFIG_FILE, false };
    enum error_code rc;

    if (!path && access(CONFIG_FILE, F_OK) != 0)
        return ERROR_NONE;
    rc = config_file_read(reading.path, set_from_file, &reading, err);
    if (reading.has_secret && open_to_all(reading.path))
        config->insecure = true;
    return rc;
}

/* "site", "ca_file" to "SLUICE_SITE_CA_FILE", or with '-' and small. */
static struct config_name join_name(const char *prefix, size_t i,
                                    char separator, int (*letter)(int))
{
    struct config_name name;
    const char *section = key[i].section;

    snprintf(name.text, sizeof(name.text), "%s%s%s%s", prefix, section,
             *section ? "_" : "", key[i].name);
    for (char *c = name.text + strlen(prefix); *c; c++)
        *c = *c == '_' ? separator : (char)letter((unsigned char)*c);
    return name;
}

struct config_name config_option(size_t i)
{
    return join_name("", i, '-', tolower);
}

struct config_name config_variable(size_t i)
{
    return join_name(VARIABLE_PREFIX, i, '_', toupper);
}

/*
 * Other programs may well have variables that begin with SLUICE_, but none
 * that goes on with one of our sections.
 */
static void warn_of_unknown(struct span name)
{
    static const char *const prefix[] = { VARIABLE_PREFIX "SITE_",
                                          VARIABLE_PREFIX "POLICY_",
                                          VARIABLE_PREFIX "SERVE_" };

    for (size_t i = 0; i < sizeof(prefix) / sizeof(prefix[0]); i++)
        if (span_starts(name, span_str(prefix[i])))
            log_warn("unknown_variable", "name=%s", log_quote(name).text);
}

static enum error_code set_from_variable(struct config *config,
                                         struct span name, struct span value,
                                         struct error *err)
{
    for (size_t i = 0; i < KEY_NR; i++) {
        struct config_name variable = config_variable(i);

        if (!span_eq(name, span_str(variable.text)))
            continue;
        /* An empty variable is how a shell unsets one for a command. */
        if (value.len && key[i].kind.type == VALUE_SECRETS)
            *(struct span *)field_of(config, i) = SPAN_LIT("");
        return value.len ? set_value(config, i, variable.text, value, err)
                         : ERROR_NONE;
    }
    warn_of_unknown(name);
    return ERROR_NONE;
}

enum error_code config_read_environment(struct config *config,
                                        char *const *environment,
                                        struct error *err)
{
    for (; *environment; environment++) {
        struct span line = span_str(*environment);
        size_t equals = span_find_char(line, '=');
        enum error_code rc;

        if (!span_starts(line, SPAN_LIT(VARIABLE_PREFIX)))
            continue;
        rc = set_from_variable(config, span_cut(line, 0, equals),
                               span_cut(line, equals + 1, line.len), err);
        if (rc)
            return rc;
    }
    return ERROR_NONE;
}

enum error_code config_set_option(struct config *config, size_t i,
                                  const char *value, struct error *err)
{
    struct config_name option = config_option(i);
    struct span origin;

    if (config_is_secret(i) || value_hides(&key[i].kind, span_str(value)))
        return error_set(err, ERROR_CONFIG,
                         "--%s: a command line can be read by everybody on "
                         "this machine; put it into the file, or "
                         "into %s",
                         option.text, config_variable(i).text);
    origin = arena_printf(&config->arena, "--%s", option.text);
    return set_value(config, i, origin.ptr, span_str(value), err);
}

size_t config_key_nr(void)
{
    return KEY_NR;
}

const char *config_meaning(size_t i)
{
    return key[i].meaning;
}

struct span config_section(size_t i)
{
    return span_str(key[i].section);
}

struct span config_name(size_t i)
{
    return span_str(key[i].name);
}

bool config_is_secret(size_t i)
{
    return key[i].kind.type == VALUE_SECRET ||
           key[i].kind.type == VALUE_SECRETS;
}

bool config_hides(const struct config *config, size_t i)
{
    /* What is hidden is text. */
    return config_is_secret(i) ||
           (key[i].kind.type == VALUE_URL &&
            value_hides(
                &key[i].kind,
                *(const struct span *)((const char *)config + key[i].offset)));
}

struct span config_text(struct config *config, size_t i)
{
    return value_text(&key[i].kind, field_of(config, i), &config->arena);
}
