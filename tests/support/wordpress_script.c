#include "support/wordpress_script.h"

#include <check.h>

size_t script_nr(const struct fault_answer answer[SCRIPT_MAX])
{
    size_t nr = 0;

    while (nr < SCRIPT_MAX && answer[nr].status)
        nr++;
    return nr;
}

struct site_options script_options(const char *url, const volatile bool *stop)
{
    return (struct site_options){
        .name = SPAN_LIT("blog"),
        .kind = SPAN_LIT("wordpress"),
        .url = span_str(url),
        .user = SPAN_LIT("editor"),
        .password = SPAN_LIT("se cret"),
        .timeout_s = 1,
        .in_flight = 2,
        .retries = 1,
        .stop = stop,
    };
}

struct fault_server *script_start(struct site **site,
                                  const struct fault_answer *answer, size_t nr,
                                  const volatile bool *stop)
{
    struct fault_server *server = fault_server_start(answer, nr);
    struct site_options options =
        script_options(fault_server_url(server), stop);
    struct error err;

    ck_assert(!site_open(site, &options, &err));
    return server;
}
