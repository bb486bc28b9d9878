#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/error.h"
#include "base/span.h"

/*
 * Files that are either the old one or the new one, never half of each.
 */

/*
 * Replace `path` by `data`: written beside it, synced, renamed over it, and
 * the directory synced, so that after a crash the file is whole. Keeps the
 * old file's permissions. ERROR_INPUT names the file.
 */
enum error_code file_replace(const char *path, struct span data,
                             struct error *err) MUST_CHECK;

/*
 * Map `path` for reading; `*data` stays valid until file_unmap. An empty file
 * is the empty span. ERROR_INPUT names the file.
 */
enum error_code file_map(struct span *data, const char *path,
                         struct error *err) MUST_CHECK;

void file_unmap(struct span data);

#endif /* BASE_FILE_H */
