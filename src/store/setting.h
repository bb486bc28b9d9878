#ifndef STORE_SETTING_H
#define STORE_SETTING_H

#include "store/store.h"

/*
 * What people set on the page for a site, over what the configuration says:
 * names and values as text. Like those of account.h, these functions are for a
 * store as store_open gives it.
 */
#define SETTING_APPROVE_BELOW "approve_below"
#define SETTING_SPAM_AT "spam_at"
#define SETTING_ABUSE_HOLD_AT "abuse_hold_at"
#define SETTING_ALLOW "allow" /* list entries, one a line */
#define SETTING_DENY "deny"

/* The value, in the arena; empty when it was not set. */
enum error_code setting_get(struct store *store, struct arena *arena,
                            struct span site, const char *name,
                            struct span *value, struct error *err) MUST_CHECK;

/* Set it; an empty value takes it back. */
enum error_code setting_put(struct store *store, struct span site,
                            const char *name, struct span value,
                            struct error *err) MUST_CHECK;

#endif /* STORE_SETTING_H */
