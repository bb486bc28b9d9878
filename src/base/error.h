#ifndef BASE_ERROR_H
#define BASE_ERROR_H

/* A result that must not be dropped on the floor. */
#define MUST_CHECK __attribute__((warn_unused_result))

/*
 * How every function that can fail says so.
 *
 * The code is for the caller, who branches on it; the text is for the person
 * reading the log. A function reports once, where it knows most, and the
 * callers above only pass the code up. On success `err` is left untouched, so
 * several calls may share one.
 *
 * The text names what was wrong, where (the file, line or URL), and what to
 * do about it. It never holds a comment's text, a mail address or a password.
 */
enum error_code {
    ERROR_NONE = 0,
    ERROR_INPUT,     /* a comment, file or request we refuse; no retry */
    ERROR_CONFIG,    /* the configuration or command line is wrong */
    ERROR_MODEL,     /* models/ is damaged, or made for another version */
    ERROR_STORE,     /* the database refused */
    ERROR_SITE,      /* the site answered, and will not have it */
    ERROR_SITE_GONE, /* no answer from the site; the verdict waits */
};

struct error {
    enum error_code code;
    char text[512];
};

/* Fill `err` and return `code`, so that a failure is one statement. */
enum error_code error_set(struct error *err, enum error_code code,
                          const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

#endif /* BASE_ERROR_H */
