#include "app/config_file.h"

#include <errno.h>
#include <ini.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

struct reading {
    FILE *file;
    const char *path;
    size_t line; /* the one being read */
    enum error_code (*set)(void *context, size_t line, struct span section,
                           struct span name, struct span value,
                           struct error *err);
    void *context;
    struct error *err;
    enum error_code rc; /* of the first fault; nothing after it counts */
};

static void skip_rest(FILE *file)
{
    int c;

    do
        c = getc(file);
    while (c != EOF && c != '\n');
}

/*
 * One line for the library, without the white space it begins with: people
 * indent keys, and the library takes an indented line for more of the last.
 */
static char *next_line(char *line, int size, void *stream)
{
    struct reading *reading = stream;
    size_t len;

    if (reading->rc || !fgets(line, size, reading->file))
        return NULL;
    reading->line++;
    len = strlen(line);
    if (len + 1 == (size_t)size && line[len - 1] != '\n') {
        skip_rest(reading->file);
        reading->rc = error_set(reading->err, ERROR_CONFIG,
                                "%s:%zu: longer than %d bytes", reading->path,
                                reading->line, size - 2);
        return NULL;
    }
    memmove(line, line + strspn(line, " \t"), len + 1 - strspn(line, " \t"));
    return line;
}

static int take_value(void *user, const char *section, const char *name,
                      const char *value)
{
    struct reading *reading = user;

    if (!reading->rc)
        reading->rc =
            reading->set(reading->context, reading->line, span_str(section),
                         span_str(name), span_str(value), reading->err);
    return !reading->rc;
}

enum error_code
config_file_read(const char *path,
                 enum error_code (*set)(void *context, size_t line,
                                        struct span section, struct span name,
                                        struct span value, struct error *err),
                 void *context, struct error *err)
{
    struct reading reading = { NULL, path, 0, set, context, err, ERROR_NONE };
    int fault;

    reading.file = fopen(path, "r");
    if (!reading.file)
        return error_set(err, ERROR_CONFIG, "%s: can't be opened: %s", path,
                         strerror(errno));
    /* The library keeps its settings in variables of its own. */
    ini_max_line = CONFIG_LINE_MAX;
    ini_stop_on_first_error = true;
    fault = ini_parse_stream(next_line, &reading, take_value, &reading);
    if (!reading.rc && ferror(reading.file))
        reading.rc = error_set(err, ERROR_CONFIG, "%s: reading failed: %s",
                               path, strerror(errno));
    if (!reading.rc && fault > 0)
        reading.rc = error_set(err, ERROR_CONFIG,
                               "%s:%d: neither [section] nor name = value",
                               path, fault);
    fclose(reading.file);
    return reading.rc;
}
