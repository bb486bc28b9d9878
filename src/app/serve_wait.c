#include "app/serve_wait.h"

#include "app/notify.h"
#include "base/log.h"
#include "server/http_server.h"
#include "server/ops.h"
#include "store/store.h"

/* What callers are told to wait. */
#define LATER_S 5

static const char *not_ready(void *context)
{
    (void)context;
    return "the store can't be reached";
}

static void later(void *context, struct http_request *request,
                  struct http_answer *answer)
{
    (void)context;
    http_answer_later(answer, request->arena, 503, "store", LATER_S);
}

/* HEAD is GET's. */
static const struct http_route route[] = {
    { "GET", "/healthz", ops_health, NULL, METER_OPS, 0, true },
    { "GET", "/readyz", ops_ready, &(struct ops){ .not_ready = not_ready },
      METER_OPS, 0, true },
    { "GET", "/*", later, NULL, METER_OTHER, 0, false },
    { "POST", "/*", later, NULL, METER_OTHER, 0, false },
    { "PUT", "/*", later, NULL, METER_OTHER, 0, false },
    { "PATCH", "/*", later, NULL, METER_OTHER, 0, false },
    { "DELETE", "/*", later, NULL, METER_OTHER, 0, false },
    { 0 },
};

static enum error_code listen_now(struct http_server **server,
                                  const struct config *config,
                                  struct error *err)
{
    const struct http_server_options options = {
        .listen = config->listen,
        .proxies = config->serve.proxies,
        .threads = 1,
        .connections = config->serve.connections,
        .body_max = config->serve.body_max,
        .rate = config->serve.rate_address,
        .route = route,
    };

    return http_server_start(server, &options, err);
}

/* True: a signal came that is to end us. */
static bool rest(const sigset_t *signals, time_t s)
{
    const struct timespec wait = { s, 0 };
    int number = sigtimedwait(signals, NULL, &wait);

    return number > 0 && number != SIGHUP;
}

enum error_code serve_wait(const struct config *config,
                           const sigset_t *signals, const struct error *why,
                           bool *told, struct error *err)
{
    struct http_server *server = NULL;
    enum error_code rc = listen_now(&server, config, err);
    time_t wait_s = SERVE_WAIT_S;

    if (rc)
        return rc;
    log_warn("store_away", "error=%s hint=%s",
             log_quote(span_str(why->text)).text,
             log_quote(SPAN_LIT("it is waited for")).text);
    notify("READY=1\nSTATUS=waiting for the store");
    do {
        *told = rest(signals, wait_s);
        wait_s = wait_s * 2 < SERVE_WAIT_MAX_S ? wait_s * 2 : SERVE_WAIT_MAX_S;
    } while (!*told && store_is_away(config->store.ptr));
    http_server_stop(server);
    return ERROR_NONE;
}
