#ifndef APP_CONFIG_H
#define APP_CONFIG_H

#include "base/arena.h"
#include "base/error.h"
#include "base/span.h"
#include "policy/policy.h"
#include "site/site.h"

#include <stdbool.h>
#include <stddef.h>

/* How `sluice serve` treats those who call. */
struct config_serve {
    struct span proxies; /* whose X-Forwarded-For is believed */
    size_t threads;      /* 0: one a processor */
    size_t connections;  /* open at a time */
    size_t body_max;     /* bytes */
    long slow_s;         /* for a request to arrive */
    long rate_address;   /* requests a second of one address; 0: any */
    long rate_site;      /* and of one site */
    bool page;           /* the moderators' page at / */
    bool page_over_http; /* also to who can be overheard */
};

/*
 * What the site's owner has set.
 *
 * One table of keys drives three ways of setting each: a line of a file in
 * the manner of git's ("[site]", then "url = https://..."), an environment
 * variable (SLUICE_SITE_URL), and an option (--site-url). An option beats the
 * environment, that the file, and that the default. A key nobody knows, or a
 * value that makes no sense, is ERROR_CONFIG naming file and line, variable
 * or option: a setting with a typo in it must not pass for the default.
 *
 * Several sites each have a section [site "name"], which may hold all keys of
 * [site] and [policy]; what it leaves out is as in those two. A site's own
 * section beats everything else.
 *
 * Every span here is followed by a NUL, and lives as long as the config.
 */
struct config_named;

struct config {
    struct arena arena;
    struct span store;
    struct span model;  /* directory; empty: the one built in */
    struct span listen; /* host:port */
    struct config_serve serve;
    struct site_options site;
    struct span site_key;         /* of the Akismet protocol */
    bool site_discard;            /* its clients may throw spam away */
    struct span site_hook_secret; /* several, separated by spaces */
    struct span site_token;       /* of /v1/judge */
    struct policy policy;         /* thresholds below 0: the model's own */
    double promise; /* 200 for "1/200"; below 0: the model's own */
    struct span allow_list;
    struct span deny_list;
    bool insecure; /* a file that everybody can read holds the password */
    struct config_named *named; /* sites with a section of their own */
    size_t named_nr;
    size_t named_alloc;
};

/* Read from the working directory when no other is named. */
#define CONFIG_FILE "sluice.conf"

void config_init(struct config *config); /* the defaults */
void config_release(struct config *config);

/*
 * Read the file; NULL is CONFIG_FILE, which need not exist. Sections and keys
 * may be indented, ';' and '#' begin a comment line, " ;" one after a value.
 */
enum error_code config_read_file(struct config *config, const char *path,
                                 struct error *err) MUST_CHECK;

/* Read `environment`, which is as environ is. */
enum error_code config_read_environment(struct config *config,
                                        char *const *environment,
                                        struct error *err) MUST_CHECK;

/* How many sites there are: those with a section of their own, or one. */
size_t config_site_nr(const struct config *config);

/*
 * The settings of site `i`, as if it were the only one: site.name is its
 * name. They live as long as `config`, which must not be set any more.
 */
const struct config *config_site(struct config *config, size_t i);

/*
 * For what is about one site: where sites have sections of their own, the
 * settings become those of the one that site.name (--site-name) names, or of
 * the only one there is. ERROR_CONFIG lists them when it is not clear which.
 */
enum error_code config_choose(struct config *config,
                              struct error *err) MUST_CHECK;

size_t config_key_nr(void);

/* Room for the name of any key's option or variable. */
struct config_name {
    char text[64];
};

/* The name of key `i` as an option, without its dashes: "site-url". */
struct config_name config_option(size_t i);

/* Its name in the environment: "SLUICE_SITE_URL". */
struct config_name config_variable(size_t i);

/* What it is for, in a few words. */
const char *config_meaning(size_t i);

/*
 * Set key `i` from an option. The password is refused: a command line is
 * there for everybody on the machine to read.
 */
enum error_code config_set_option(struct config *config, size_t i,
                                  const char *value,
                                  struct error *err) MUST_CHECK;

/* Is its value not to be shown? */
bool config_is_secret(size_t i);

/* Must its value, as it is, not be shown? config_text has stars for it. */
bool config_hides(const struct config *config, size_t i);

/* The value of key `i` as text, in the arena; of the password only stars. */
struct span config_text(struct config *config, size_t i);

/* The section and name of key `i` as in the file; section may be empty. */
struct span config_section(size_t i);
struct span config_name(size_t i);

#endif /* APP_CONFIG_H */
