/* sluice migrate-store: from one machine to many, or back. */
#include "app/command.h"
#include "app/config_value.h"
#include "app/setup.h"
#include "store/copy.h"
#include "store/intake.h"

#include <stdio.h>

static void on_table(void *context, const struct copy_table *table)
{
    size_t *compared = context;

    if (!table->rows && !*compared && table->copied)
        printf("%-10s %10zu copied\n", table->name, table->copied);
    if (table->rows) {
        printf("%-10s %10zu the same in both\n", table->name, table->rows);
        *compared += table->rows;
    }
    fflush(stdout);
}

/* Others on this machine can read a command line. */
static enum error_code no_password(const char *url, struct error *err)
{
    const struct value_kind kind = { VALUE_URL, 1, 4096 };

    if (!value_hides(&kind, span_str(url)))
        return ERROR_NONE;
    return error_set(err, ERROR_CONFIG,
                     "a command line can be read by everybody on this "
                     "machine; put the password into PGPASSWORD or ~/.pgpass");
}

static enum error_code open_both(const struct call *call, struct store **from,
                                 struct store **to, struct error *err)
{
    struct config config = { .store = span_str(call->operand[0]) };
    enum error_code rc = no_password(call->operand[0], err);

    if (!rc)
        rc = no_password(call->operand[1], err);
    if (!rc && !setup_store_exists(&config))
        rc = error_set(err, ERROR_STORE, "%.256s: there is no store here",
                       call->operand[0]);
    if (!rc)
        rc = intake_empty(call->operand[0], err);
    if (!rc)
        rc = store_open(from, call->operand[0], err);
    return rc ? rc : store_open(to, call->operand[1], err);
}

static enum exit_code run_migrate_store(struct call *call)
{
    struct store *from = NULL;
    struct store *to = NULL;
    size_t compared = 0;
    struct error err;
    enum error_code rc = open_both(call, &from, &to, &err);

    if (!rc)
        rc = copy_all(from, to, on_table, &compared, &err);
    store_close(to);
    store_close(from);
    if (rc)
        return call_failed(call, &err);
    printf("%zu rows, all the same in both; set store to the new one\n",
           compared);
    return EXIT_DONE;
}

const struct command command_migrate_store = {
    .name = "migrate-store",
    .operands = "FROM TO",
    .summary = "copy everything from one store to another, and compare",
    .help =
        "Copy all that the store FROM remembers to TO, which is new: from "
        "a file to a\nPostgreSQL server, or back. Called again after an "
        "interruption, it goes on where\nit was. In the end every table is "
        "counted and its checksums are compared. No\nsluice may be "
        "running with either meanwhile.\n\n"
        "  sluice migrate-store sluice.db "
        "postgresql://sluice@db.example/sluice\n",
    .operands_min = 2,
    .operands_max = 2,
    .run = run_migrate_store,
};
