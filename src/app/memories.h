#ifndef APP_MEMORIES_H
#define APP_MEMORIES_H

#include "app/setup.h"

/*
 * Give the judge a memory, of the configured site's labels in the open store
 * or, when none is open, in the configured one if that exists. It belongs to
 * `setup`. A label that can't be read is counted in the log and left out.
 * After setup_judge.
 */
enum error_code memories_open(struct setup *setup, const struct config *config,
                              struct error *err) MUST_CHECK;

/* The newest labels that are remembered. */
#define MEMORIES_MOST 50000

#endif /* APP_MEMORIES_H */
