#include "model/manifest.h"

#include <stddef.h>
#include <string.h>

enum value_type { VALUE_INTEGER, VALUE_REAL };

static const struct {
    const char *key;
    enum value_type type;
    size_t offset;
} value[] = {
    { "features", VALUE_INTEGER, offsetof(struct manifest, features) },
    { "hash_bits", VALUE_INTEGER, offsetof(struct manifest, hash_bits) },
    { "seed", VALUE_INTEGER, offsetof(struct manifest, seed) },
    { "spam.slope", VALUE_REAL, offsetof(struct manifest, spam.slope) },
    { "spam.offset", VALUE_REAL, offsetof(struct manifest, spam.offset) },
    { "abuse.slope", VALUE_REAL, offsetof(struct manifest, abuse.slope) },
    { "abuse.offset", VALUE_REAL, offsetof(struct manifest, abuse.offset) },
    { "approve_below", VALUE_REAL,
      offsetof(struct manifest, thresholds.approve_below) },
    { "spam_at", VALUE_REAL, offsetof(struct manifest, thresholds.spam_at) },
    { "abuse_hold_at", VALUE_REAL,
      offsetof(struct manifest, thresholds.abuse_hold_at) },
    { "known_below", VALUE_REAL, offsetof(struct manifest, known_below) },
    { "memory.twin", VALUE_REAL, offsetof(struct manifest, memory[0]) },
    { "memory.often", VALUE_REAL, offsetof(struct manifest, memory[1]) },
    { "memory.crowd", VALUE_REAL, offsetof(struct manifest, memory[2]) },
    { "memory.email", VALUE_REAL, offsetof(struct manifest, memory[3]) },
    { "memory.mail_domain", VALUE_REAL, offsetof(struct manifest, memory[4]) },
    { "memory.ip", VALUE_REAL, offsetof(struct manifest, memory[5]) },
    { "memory.net", VALUE_REAL, offsetof(struct manifest, memory[6]) },
    { "memory.host", VALUE_REAL, offsetof(struct manifest, memory[7]) },
    { "memory.domain", VALUE_REAL, offsetof(struct manifest, memory[8]) },
    { "memory.author", VALUE_REAL, offsetof(struct manifest, memory[9]) },
};

#define VALUE_NR (sizeof(value) / sizeof(value[0]))

/* Bits of `seen`: of the table's keys, and of the one that is none of them. */
#define SEEN_WEIGHTS (1U << VALUE_NR)
#define SEEN_ALL ((SEEN_WEIGHTS << 1) - 1)

/* The first `size - 1` bytes of `s`, all of which must fit. */
static bool copy_text(char *out, size_t size, struct span s)
{
    if (s.len >= size)
        return false;
    memcpy(out, s.ptr, s.len);
    out[s.len] = '\0';
    return true;
}

/* The next word of `*text`, taken off it, as a number. */
static bool next_number(struct span *text, double *number)
{
    size_t end = span_find_char(*text, ' ');
    struct span word = span_cut(*text, 0, end);

    *text = span_trim(span_cut(*text, end, text->len));
    return span_to_double(word, number);
}

/* Each stricter than the one before, or there is no choosing among them. */
static bool read_promise(struct manifest *manifest, struct span text)
{
    struct model_promise *promise = &manifest->promise[manifest->promise_nr];

    if (manifest->promise_nr == MANIFEST_PROMISES_MAX ||
        !next_number(&text, &promise->one_in) ||
        !next_number(&text, &promise->spam_at) ||
        !next_number(&text, &promise->recall) || text.len)
        return false;
    if (manifest->promise_nr && promise->one_in <= promise[-1].one_in)
        return false;
    manifest->promise_nr++;
    return true;
}

static bool read_value(struct manifest *manifest, struct span key,
                       struct span text, unsigned *seen)
{
    if (span_eq(key, SPAN_LIT("source")))
        return true;
    if (span_eq(key, SPAN_LIT("promise")))
        return read_promise(manifest, text);
    if (span_eq(key, SPAN_LIT("weights"))) {
        *seen |= SEEN_WEIGHTS;
        return copy_text(manifest->weights.hex, sizeof(manifest->weights.hex),
                         text);
    }
    for (size_t i = 0; i < VALUE_NR; i++) {
        void *at = (char *)manifest + value[i].offset;

        if (!span_eq(key, span_str(value[i].key)))
            continue;
        *seen |= 1U << i;
        return value[i].type == VALUE_INTEGER ? span_to_long(text, at)
                                              : span_to_double(text, at);
    }
    return false;
}

/* Take the first line off `*text`. */
static struct span next_line(struct span *text)
{
    size_t end = span_find_char(*text, '\n');
    struct span line = span_cut(*text, 0, end);

    *text = span_cut(*text, end + 1, text->len);
    return line;
}

static enum error_code parse_lines(struct manifest *manifest, const char *path,
                                   struct span text, struct error *err)
{
    unsigned seen = 0;

    for (size_t number = 2; text.len; number++) {
        struct span line = span_trim(next_line(&text));
        size_t equals = span_find_char(line, '=');
        struct span key = span_trim(span_cut(line, 0, equals));
        struct span rest = span_trim(span_cut(line, equals + 1, line.len));

        if (!line.len || line.ptr[0] == '#')
            continue;
        if (!read_value(manifest, key, rest, &seen))
            return error_set(err, ERROR_MODEL, "%s:%zu: can't use '%.*s'",
                             path, number, SPAN_ARG(line));
    }
    if (seen != SEEN_ALL)
        return error_set(err, ERROR_MODEL,
                         "%s: incomplete; run 'make model' or restore it",
                         path);
    return ERROR_NONE;
}

static void id_of(char id[MANIFEST_ID_LEN + 1], struct span rest)
{
    struct digest digest = digest_of(rest);

    memcpy(id, digest.hex, MANIFEST_ID_LEN);
    id[MANIFEST_ID_LEN] = '\0';
}

enum error_code manifest_parse(struct manifest *manifest, const char *path,
                               struct span text, struct error *err)
{
    struct span line = next_line(&text);
    char id[MANIFEST_ID_LEN + 1];

    memset(manifest, 0, sizeof(*manifest));
    if (!span_starts(line, SPAN_LIT("id = ")) ||
        !copy_text(manifest->id, sizeof(manifest->id),
                   span_cut(line, sizeof("id = ") - 1, line.len)))
        return error_set(err, ERROR_MODEL,
                         "%s: no model's manifest; run 'make model'", path);
    id_of(id, text);
    if (strcmp(id, manifest->id) != 0)
        return error_set(err, ERROR_MODEL,
                         "%s: damaged or changed by hand; run 'make model' or "
                         "restore it",
                         path);
    return parse_lines(manifest, path, text, err);
}

static void put_value(const struct manifest *manifest, struct buf *out,
                      size_t i)
{
    const void *at = (const char *)manifest + value[i].offset;

    if (value[i].type == VALUE_INTEGER)
        buf_addf(out, "%s = %lld\n", value[i].key, *(const long long *)at);
    else
        buf_addf(out, "%s = %.9g\n", value[i].key, *(const double *)at);
}

void manifest_write(struct manifest *manifest, struct buf *out,
                    struct span sources)
{
    struct buf rest;

    buf_init(&rest, MANIFEST_BYTES_MAX);
    for (size_t i = 0; i < VALUE_NR; i++)
        put_value(manifest, &rest, i);
    for (size_t i = 0; i < manifest->promise_nr; i++)
        buf_addf(&rest, "promise = %.9g %.9g %.4f\n",
                 manifest->promise[i].one_in, manifest->promise[i].spam_at,
                 manifest->promise[i].recall);
    buf_addf(&rest, "weights = %s\n", manifest->weights.hex);
    buf_add(&rest, sources);
    id_of(manifest->id, buf_span(&rest));
    buf_addf(out, "id = %s\n", manifest->id);
    buf_add(out, buf_span(&rest));
    buf_release(&rest);
}
