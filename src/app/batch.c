#include "app/batch.h"

#include "base/alloc.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <stdlib.h>
#include <string.h>

/* Enough work to be worth a change of threads, and little to wait for. */
#define FULL_BYTES ((size_t)64 << 10)
#define FULL_LINES 256

/* Memory kept from one filling to the next. */
#define KEPT_BYTES ((size_t)512 << 10)

/* A verdict is a few hundred bytes; its evidence comes from the comment. */
#define OUT_BYTES_MAX (2 * (NDJSON_LINE_MAX + FULL_BYTES))

void batch_init(struct batch *batch)
{
    memset(batch, 0, sizeof(*batch));
    buf_init(&batch->in, NDJSON_LINE_MAX + FULL_BYTES);
    buf_init(&batch->out, OUT_BYTES_MAX);
}

void batch_release(struct batch *batch)
{
    buf_release(&batch->in);
    buf_release(&batch->out);
    free(batch->line);
    free(batch->bad);
    batch_init(batch);
}

static void empty(struct buf *buf)
{
    if (buf->alloc > KEPT_BYTES)
        buf_release(buf);
    buf_reset(buf);
}

void batch_reset(struct batch *batch)
{
    empty(&batch->in);
    empty(&batch->out);
    batch->nr = 0;
    batch->bad_nr = 0;
}

bool batch_is_full(const struct batch *batch)
{
    return batch->in.len >= FULL_BYTES || batch->nr >= FULL_LINES;
}

static void add(struct batch *batch, struct batch_line line)
{
    batch->line =
        xgrow(batch->line, batch->nr, &batch->alloc, sizeof(*batch->line));
    batch->line[batch->nr++] = line;
}

void batch_add(struct batch *batch, struct span line, size_t number)
{
    add(batch, (struct batch_line){ batch->in.len, line.len, number, false });
    buf_add(&batch->in, line);
}

void batch_add_too_long(struct batch *batch, size_t number)
{
    add(batch, (struct batch_line){ batch->in.len, 0, number, true });
}

enum error_code batch_judge_line(struct buf *out, const struct judge *judge,
                                 struct juror *juror, struct span line,
                                 struct error *err)
{
    size_t before = out->len;
    struct comment comment;
    struct verdict verdict;
    enum error_code rc;

    arena_reset(&juror->arena);
    rc = comment_parse(&comment, &juror->arena, line, err);
    if (rc)
        return rc;
    judge_comment(judge, juror, &comment, &verdict, NULL);
    verdict_put_json(out, comment.id, &verdict);
    if (!out->full)
        return ERROR_NONE;
    out->len = before;
    out->full = false;
    return error_set(err, ERROR_INPUT, "its verdict is too long to print");
}

static void add_bad(struct batch *batch, size_t number,
                    const struct error *err)
{
    batch->bad = xgrow(batch->bad, batch->bad_nr, &batch->bad_alloc,
                       sizeof(*batch->bad));
    batch->bad[batch->bad_nr++] = (struct batch_bad){ number, *err };
}

void batch_judge(struct batch *batch, const struct judge *judge,
                 struct juror *juror)
{
    for (size_t i = 0; i < batch->nr; i++) {
        const struct batch_line *line = &batch->line[i];
        struct span text =
            span_cut(buf_span(&batch->in), line->from, line->from + line->len);
        enum error_code rc;
        struct error err;

        if (line->too_long)
            rc = error_set(&err, ERROR_INPUT, "longer than a comment can be");
        else
            rc = batch_judge_line(&batch->out, judge, juror, text, &err);
        if (rc)
            add_bad(batch, line->number, &err);
    }
}
