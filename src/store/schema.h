#ifndef STORE_SCHEMA_H
#define STORE_SCHEMA_H

#include "store/database.h"

/*
 * The tables, and how a store of an older version becomes one of this.
 *
 * A mark says that a database is ours, and counts the migrations it has seen
 * (database_mark_read). Migrations are only ever added: a store in the
 * field has run the old ones already.
 */

/*
 * Is this file a sluice store that we understand, or empty and to become
 * one? ERROR_STORE says what it is instead. Changes nothing in the file.
 */
enum error_code schema_recognise(struct database *db,
                                 struct error *err) MUST_CHECK;

/*
 * Run the migrations that the store lacks, each in its own transaction.
 * Several processes may do so at once; the first does the work.
 */
enum error_code schema_migrate(struct database *db,
                               struct error *err) MUST_CHECK;

#endif /* STORE_SCHEMA_H */
