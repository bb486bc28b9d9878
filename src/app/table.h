#ifndef APP_TABLE_H
#define APP_TABLE_H

#include "app/screen.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Rows in columns, printed as they come.
 *
 * The width of a column is fixed by the first row's time, for rows to appear
 * while others are still to be judged; columns with a share divide what the
 * others leave. Cells may hold any bytes; see screen.h.
 */
struct column {
    const char *title;
    size_t width; /* columns of the screen, at least */
    size_t share; /* of what is left over; 0: none */
    bool right;   /* numbers */
};

#define TABLE_COLUMNS_MAX 12

struct table {
    struct screen screen;
    const struct column *column; /* borrowed */
    size_t nr;
    size_t width[TABLE_COLUMNS_MAX];
    bool begun; /* the titles are printed */
};

void table_init(struct table *table, FILE *out, const struct column *column,
                size_t nr);

/*
 * Print a row of `nr` cells; the first one in `colour`. The first row brings
 * the titles with it.
 */
void table_row(struct table *table, const struct span *cell,
               enum colour colour);

#endif /* APP_TABLE_H */
