#ifndef APP_CONFIG_FILE_H
#define APP_CONFIG_FILE_H

#include "base/error.h"
#include "base/span.h"

#include <stddef.h>

/*
 * Lines of a configuration file; the only user of the INI library.
 */

/* Longest line that is read. */
#define CONFIG_LINE_MAX 4096

/*
 * Hand each "name = value" of `path` to `set`, with its section and the
 * number of its line; stop at the first that `set` refuses. ERROR_CONFIG
 * names file and line of what is neither that nor a [section], nor a comment.
 */
enum error_code
config_file_read(const char *path,
                 enum error_code (*set)(void *context, size_t line,
                                        struct span section, struct span name,
                                        struct span value, struct error *err),
                 void *context, struct error *err) MUST_CHECK;

#endif /* APP_CONFIG_FILE_H */
