#ifndef APP_BATCH_H
#define APP_BATCH_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/span.h"
#include "pipeline/judge.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Some lines of a stream, and what became of them.
 *
 * Threads hand work over by the batch, for a line alone takes less time than
 * waking somebody up. A batch owns its bytes. Filled by one thread, judged by
 * another, printed by the first; never by two at a time.
 */
struct batch_line {
    size_t from; /* in `in` */
    size_t len;
    size_t number; /* of the line in the stream */
    bool too_long; /* it was not kept */
};

/* A line that could not be judged. */
struct batch_bad {
    size_t number;
    struct error err;
};

struct batch {
    struct buf in;
    struct batch_line *line;
    size_t nr;
    size_t alloc;
    struct buf out; /* verdicts, one a line, in the order of the lines */
    struct batch_bad *bad;
    size_t bad_nr;
    size_t bad_alloc;
};

void batch_init(struct batch *batch);
void batch_release(struct batch *batch);

/* Empty it; keeps memory, but not what one huge line took. */
void batch_reset(struct batch *batch);

/* Is there enough in it to be worth handing over? */
bool batch_is_full(const struct batch *batch);

/* Copy a line in; or note that line `number` was too long to be kept. */
void batch_add(struct batch *batch, struct span line, size_t number);
void batch_add_too_long(struct batch *batch, size_t number);

/* Judge all lines; fills `out` and `bad`. The juror's arena is reset for each.
 */
void batch_judge(struct batch *batch, const struct judge *judge,
                 struct juror *juror);

/*
 * One line to one verdict: appended to `out` with its LF, all of it or, when
 * there is no room, nothing. ERROR_INPUT says what is wrong with the line.
 */
enum error_code batch_judge_line(struct buf *out, const struct judge *judge,
                                 struct juror *juror, struct span line,
                                 struct error *err) MUST_CHECK;

#endif /* APP_BATCH_H */
