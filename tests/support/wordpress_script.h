#ifndef TESTS_SUPPORT_WORDPRESS_SCRIPT_H
#define TESTS_SUPPORT_WORDPRESS_SCRIPT_H

#include "site/site.h"
#include "support/fault_server.h"

#include <stdbool.h>

/*
 * WordPress as a script of answers (fault_server). What a real one does is
 * tested against a real one, in tests/e2e; here is what it does rarely.
 */
#define SCRIPT_MAX 8

/* The REST root without a home page that names it. */
#define ROOT                                                                  \
    {                                                                         \
        "GET /wp-json/ ", 200, NULL, "{\"namespaces\":[\"wp/v2\"]}", 0, 0     \
    }

#define CAPABLE                                                               \
    "{\"id\":2,\"capabilities\":{\"moderate_comments\":true,"                 \
    "\"edit_posts\":true,\"edit_others_posts\":true,"                         \
    "\"edit_published_posts\":true}}"

/* Whom the login belongs to. */
#define ME "/users/me?context=edit"

/* An error as WordPress tells it. */
#define CODE(code) "{\"code\":\"" code "\"}"

/* A held comment, with further members. */
#define ROW(id, more)                                                         \
    "{\"id\":" id ",\"post\":9,\"parent\":0,\"author_name\":\"A\","           \
    "\"author_ip\":\"192.0.2.1\",\"author_user_agent\":\"M \\\"x\\\"\","      \
    "\"content\":{\"raw\":\"t" id "\"},\"status\":\"hold\","                  \
    "\"type\":\"comment\"" more "}"

/* Answers in a table's row, whose rest is empty. */
size_t script_nr(const struct fault_answer answer[SCRIPT_MAX]);

/*
 * A site at `url`: user "editor", password "se cret", two requests at a time,
 * one retry.
 */
struct site_options script_options(const char *url, const volatile bool *stop);

/* Start a server with the script and open it as a site. */
struct fault_server *script_start(struct site **site,
                                  const struct fault_answer *answer, size_t nr,
                                  const volatile bool *stop);

#endif /* TESTS_SUPPORT_WORDPRESS_SCRIPT_H */
