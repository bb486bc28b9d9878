#ifndef BASE_BUF_H
#define BASE_BUF_H

#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Bytes that grow up to a ceiling.
 *
 * Whatever a stranger can make grow has a named limit: a buf is born with
 * its own. What would pass it is dropped whole and `full` is set, once and
 * for all until buf_reset; the writer checks at the end, not at every add.
 * A NUL always follows the bytes, as a courtesy to C strings.
 */
struct buf {
    char *ptr;
    size_t len;
    size_t alloc;
    size_t max;
    bool full;
};

void buf_init(struct buf *buf, size_t max);
void buf_release(struct buf *buf);

/* Empty it, keep the memory. */
void buf_reset(struct buf *buf);

void buf_add(struct buf *buf, struct span s);
void buf_add_char(struct buf *buf, char c);
void buf_addf(struct buf *buf, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

/* Make room for `len` more bytes; false, and `full`, past the ceiling. */
bool buf_reserve(struct buf *buf, size_t len);

/* The bytes; valid until the next add. */
struct span buf_span(const struct buf *buf);

/*
 * Append the whole of the file `path`. ERROR_INPUT names the file when it
 * can't be read or is larger than the ceiling.
 */
enum error_code buf_read_file(struct buf *buf, const char *path,
                              struct error *err) MUST_CHECK;

#endif /* BASE_BUF_H */
