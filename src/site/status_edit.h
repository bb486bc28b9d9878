#ifndef SITE_STATUS_EDIT_H
#define SITE_STATUS_EDIT_H

#include "base/buf.h"
#include "base/span.h"

#include <stdbool.h>

/*
 * Append `line`, the text of a JSON object, to `out` with its member "status"
 * set to `status`, and every other byte as it was: the file is somebody
 * else's. Without such a member one is added at the end. `status` is one of
 * the plain names of site.h. False, and nothing appended, when `line` is no
 * object.
 */
bool status_edit(struct buf *out, struct span line, struct span status);

#endif /* SITE_STATUS_EDIT_H */
