#ifndef WIRE_REAL_H
#define WIRE_REAL_H

#include <stddef.h>

/* Room for any number with six significant digits, and a NUL. */
#define REAL_BYTES_MAX 32

/*
 * Write `number`, which is finite, to `out` of REAL_BYTES_MAX as printf's
 * "%.6g" does in the C locale, whatever the locale is; returns the length.
 *
 * A verdict has eight numbers, and printf takes a microsecond for each two.
 * Most are between a ten-thousandth and a million: those take a
 * multiplication, whose error is far too small to show unless the seventh
 * digit is on the edge. Then, and for all others, printf is asked.
 */
size_t real_put(char *out, double number);

#endif /* WIRE_REAL_H */
