/*
 * The table below is the list of all settings; nothing else in the program
 * knows their names. Values go through set_value whichever way they came, so
 * that a value is right or wrong in all three alike.
 */
#include "app/config.h"

#include "app/config_file.h"
#include "app/config_value.h"
#include "base/log.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define VARIABLE_PREFIX "SLUICE_"

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
      "file that remembers every verdict",
      AT(store),
      { VALUE_TEXT, 1, 4096 } },
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
    { "site",
      "name",
      "what the store and the log call the site",
      AT(site.name),
      { VALUE_TEXT, 1, 64 } },
    { "site",
      "kind",
      "filequeue or wordpress",
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
    config->site = (struct site_options){
        .name = SPAN_LIT("default"),
        .kind = SPAN_LIT("filequeue"),
        .timeout_s = SITE_TIMEOUT_S_DEFAULT,
        .in_flight = SITE_IN_FLIGHT_DEFAULT,
        .retries = SITE_RETRIES_DEFAULT,
    };
    config->policy = (struct policy){
        .approve_below = -1,
        .spam_at = -1,
        .abuse_hold_at = -1,
        .approve = true,
    };
}

void config_release(struct config *config)
{
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
    if (config_is_secret(i))
        return error_set(err, ERROR_CONFIG, "%s: expected %.*s", origin,
                         SPAN_ARG(expected));
    return error_set(err, ERROR_CONFIG, "%s: '%.*s' is not %.*s", origin,
                     (int)span_cut(value, 0, 64).len, value.ptr,
                     SPAN_ARG(expected));
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

static enum error_code set_from_file(void *context, size_t line,
                                     struct span section, struct span name,
                                     struct span value, struct error *err)
{
    struct reading *reading = context;
    struct span origin = arena_printf(&reading->config->arena, "%s:%zu: %.*s",
                                      reading->path, line, SPAN_ARG(name));

    for (size_t i = 0; i < KEY_NR; i++) {
        if (!span_eq(section, span_str(key[i].section)) ||
            !span_eq(name, span_str(key[i].name)))
            continue;
        if (config_is_secret(i) && value.len)
            reading->has_secret = true;
        return set_value(reading->config, i, origin.ptr, value, err);
    }
    if (!has_section(section))
        return error_set(err, ERROR_CONFIG,
                         "%s:%zu: there is no section [%.*s]; [site] and "
                         "[policy] are all",
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
                                          VARIABLE_PREFIX "POLICY_" };

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

    if (config_is_secret(i))
        return error_set(err, ERROR_CONFIG,
                         "--%s: a command line can be read by everybody on "
                         "this machine; put the password into the file, or "
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
    return key[i].kind.type == VALUE_SECRET;
}

struct span config_text(struct config *config, size_t i)
{
    return value_text(&key[i].kind, field_of(config, i), &config->arena);
}
