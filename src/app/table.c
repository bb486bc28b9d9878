#include "app/table.h"

#include "base/buf.h"

#include <assert.h>

/* One row: generous for marks and for the widest screen. */
#define ROW_BYTES_MAX ((size_t)64 << 10)

void table_init(struct table *table, FILE *out, const struct column *column,
                size_t nr)
{
    size_t used = nr ? nr - 1 : 0; /* the gaps */
    size_t shares = 0;

    assert(nr <= TABLE_COLUMNS_MAX);
    screen_init(&table->screen, out);
    table->column = column;
    table->nr = nr;
    table->begun = false;
    for (size_t i = 0; i < nr; i++) {
        used += column[i].width;
        shares += column[i].share;
    }
    for (size_t i = 0; i < nr; i++) {
        table->width[i] = column[i].width;
        if (shares && table->screen.width > used)
            table->width[i] +=
                (table->screen.width - used) * column[i].share / shares;
    }
}

static void put_cells(const struct table *table, const struct span *cell,
                      enum colour colour, struct buf *row)
{
    const struct screen *screen = &table->screen;

    for (size_t i = 0; i < table->nr; i++) {
        bool last = i + 1 == table->nr;

        if (i)
            buf_add_char(row, ' ');
        else
            buf_add(row, span_str(screen_colour(screen, colour)));
        if (last && !table->column[i].right)
            screen_put(row, cell[i], table->width[i]);
        else
            screen_pad(row, cell[i], table->width[i], table->column[i].right);
        if (!i && colour != COLOUR_NONE)
            buf_add(row, span_str(screen_plain(screen)));
    }
    buf_add_char(row, '\n');
}

static void print_row(const struct table *table, const struct span *cell,
                      enum colour colour)
{
    struct buf row;

    buf_init(&row, ROW_BYTES_MAX);
    put_cells(table, cell, colour, &row);
    fwrite(row.ptr, 1, row.len, table->screen.out);
    buf_release(&row);
}

static void print_titles(const struct table *table)
{
    struct span title[TABLE_COLUMNS_MAX];

    for (size_t i = 0; i < table->nr; i++)
        title[i] = span_str(table->column[i].title);
    print_row(table, title, COLOUR_NONE);
}

void table_row(struct table *table, const struct span *cell,
               enum colour colour)
{
    if (!table->begun)
        print_titles(table);
    table->begun = true;
    print_row(table, cell, colour);
}
