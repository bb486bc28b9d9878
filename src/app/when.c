#include "app/when.h"

#include <stddef.h>
#include <string.h>
#include <time.h>

#define MS_PER_S 1000
#define WHEN_LEN_MAX 32

/* Longest time ago: a million of whatever it is. */
#define AGO_MAX 1000000

static bool parse_ago(struct span s, int64_t now_ms, int64_t *ms)
{
    static const struct {
        char letter;
        int64_t seconds;
    } unit[] = { { 'm', 60 }, { 'h', 3600 }, { 'd', 86400 } };
    long long number;

    if (!s.len || !span_to_long(span_cut(s, 0, s.len - 1), &number) ||
        number < 0 || number > AGO_MAX)
        return false;
    for (size_t i = 0; i < sizeof(unit) / sizeof(unit[0]); i++) {
        if (s.ptr[s.len - 1] != unit[i].letter)
            continue;
        *ms = now_ms - number * unit[i].seconds * MS_PER_S;
        return true;
    }
    return false;
}

bool when_parse(struct span s, int64_t now_ms, int64_t *ms)
{
    static const char *const format[] = {
        "%Y-%m-%d",        "%Y-%m-%dT%H:%M",    "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%MZ", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ",
    };
    char text[WHEN_LEN_MAX + 1];

    if (parse_ago(s, now_ms, ms))
        return true;
    if (!s.len || s.len > WHEN_LEN_MAX)
        return false;
    memcpy(text, s.ptr, s.len);
    text[s.len] = '\0';
    for (size_t i = 0; i < sizeof(format) / sizeof(format[0]); i++) {
        struct tm utc = { 0 };
        const char *end = strptime(text, format[i], &utc);

        if (!end || *end)
            continue;
        *ms = (int64_t)timegm(&utc) * MS_PER_S;
        return true;
    }
    return false;
}
