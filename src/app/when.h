#ifndef APP_WHEN_H
#define APP_WHEN_H

#include "base/span.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Times as people type them: "2026-11-25", "2026-11-25T08:30",
 * "2026-11-25T08:30:00Z", all UTC; or "7d", "12h", "30m" before `now_ms`.
 * False, and `*ms` left alone, for anything else.
 */
bool when_parse(struct span s, int64_t now_ms, int64_t *ms);

#endif /* APP_WHEN_H */
