#include "server/ops.h"

/* Some kilobytes a site. */
#define METRICS_BYTES_MAX ((size_t)16 << 20)

void ops_health(void *context, struct http_request *request,
                struct http_answer *answer)
{
    (void)context;
    (void)request;
    answer->status = 200;
    answer->body = SPAN_LIT("ok\n");
}

void ops_ready(void *context, struct http_request *request,
               struct http_answer *answer)
{
    const struct ops *ops = context;
    const char *why = ops->not_ready(ops->context);

    answer->status = why ? 503 : 200;
    answer->body =
        why ? arena_printf(request->arena, "%s\n", why) : SPAN_LIT("ready\n");
}

void ops_metrics(void *context, struct http_request *request,
                 struct http_answer *answer)
{
    const struct ops *ops = context;
    struct buf out;

    buf_init(&out, METRICS_BYTES_MAX);
    meter_put_all(&out, ops->meter);
    ops->metrics(ops->context, &out);
    answer->status = 200;
    answer->type = "text/plain; version=0.0.4; charset=utf-8";
    answer->body = arena_dup(request->arena, buf_span(&out));
    buf_release(&out);
}
