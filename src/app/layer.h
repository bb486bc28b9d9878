#ifndef APP_LAYER_H
#define APP_LAYER_H

#include "app/setup.h"

/*
 * What the site has taught, put to use: its layer and thresholds, and the
 * watch over the promise.
 */

/*
 * Add the live layer of the configured site to the judge, from the open store
 * or, when none is open, from the configured one if that exists. Thresholds
 * the owner has set stay. A layer that can't be used is named in the log and
 * left out. When people's corrections show that the promise is broken,
 * nothing is marked as spam until it is learned anew; the log says so. Then
 * comes what was set on the page (preferences.h). After setup_judge; the layer
 * belongs to `setup`.
 */
enum error_code layer_open(struct setup *setup, const struct config *config,
                           struct error *err) MUST_CHECK;

/*
 * Would layer_open find something else in `store` by now: another layer made
 * live, or the promise broken, or mended?
 */
enum error_code layer_changed(const struct setup *setup, struct store *store,
                              const struct config *config, bool *changed,
                              struct error *err) MUST_CHECK;

#endif /* APP_LAYER_H */
