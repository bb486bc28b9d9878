#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/span.h"

/*
 * The talk, on stderr: one line an event, key=value, for people and machines
 * alike. stdout is the product and never ours.
 *
 *     level=warn event=site_retry site=blog comment=812 status=503 wait_s=4
 *
 * `fmt` is the rest of the line after the event's name, already in key=value
 * form; wrap free text in log_quote. Ids only: never a comment's text, a mail
 * address or a key. text, features, model and policy do not log at all.
 */
void log_info(const char *event, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void log_warn(const char *event, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));
void log_error(const char *event, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

struct log_quoted {
    char text[640];
};

/*
 * `s` in double quotes, with quotes, backslashes and control characters
 * escaped; cut with "..." when it does not fit. Use as log_quote(s).text.
 */
struct log_quoted log_quote(struct span s);

#endif /* BASE_LOG_H */
