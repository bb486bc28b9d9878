#ifndef PAGE_PUT_H
#define PAGE_PUT_H

#include "base/buf.h"

#include <stdint.h>

/*
 * JSON objects and arrays, written as they are thought of: the commas come by
 * themselves. `name` is NULL for an item of an array and for the whole.
 *
 *     put_open(out, NULL, '{');
 *     put_text(out, "author", name);
 *     put_open(out, "reasons", '[');
 *     put_close(out, ']');
 *     put_close(out, '}');
 */
void put_open(struct buf *out, const char *name, char bracket);
void put_close(struct buf *out, char bracket);
void put_text(struct buf *out, const char *name, struct span text);
void put_int(struct buf *out, const char *name, int64_t number);
void put_real(struct buf *out, const char *name, double number);
void put_bool(struct buf *out, const char *name, bool truth);
void put_null(struct buf *out, const char *name);

#endif /* PAGE_PUT_H */
