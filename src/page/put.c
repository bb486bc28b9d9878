#include "page/put.h"

#include "wire/json.h"

#include <inttypes.h>

/* A comma, unless this is the first; and the name. */
static void put_name(struct buf *out, const char *name)
{
    char last = out->len ? out->ptr[out->len - 1] : '[';

    if (last != '[' && last != '{')
        buf_add_char(out, ',');
    if (!name)
        return;
    json_put_text(out, span_str(name));
    buf_add_char(out, ':');
}

void put_open(struct buf *out, const char *name, char bracket)
{
    put_name(out, name);
    buf_add_char(out, bracket);
}

void put_close(struct buf *out, char bracket)
{
    buf_add_char(out, bracket);
}

void put_text(struct buf *out, const char *name, struct span text)
{
    put_name(out, name);
    json_put_text(out, text);
}

void put_int(struct buf *out, const char *name, int64_t number)
{
    put_name(out, name);
    buf_addf(out, "%" PRId64, number);
}

void put_real(struct buf *out, const char *name, double number)
{
    put_name(out, name);
    json_put_real(out, number);
}

void put_bool(struct buf *out, const char *name, bool truth)
{
    put_name(out, name);
    buf_add(out, truth ? SPAN_LIT("true") : SPAN_LIT("false"));
}

void put_null(struct buf *out, const char *name)
{
    put_name(out, name);
    buf_add(out, SPAN_LIT("null"));
}
