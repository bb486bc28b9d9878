#ifndef APP_PREFERENCES_H
#define APP_PREFERENCES_H

#include "app/setup.h"

/*
 * What people set on the moderators' page, put to use over what configuration
 * and layer say: thresholds, and entries for the lists. After setup_judge; a
 * setting that makes no sense (any more) is named in the log and left out.
 */
enum error_code preferences_open(struct setup *setup, struct store *store,
                                 const struct config *config,
                                 struct error *err) MUST_CHECK;

#endif /* APP_PREFERENCES_H */
