#ifndef BASE_LATE_H
#define BASE_LATE_H

/*
 * Libraries that are opened when one of their functions is first called.
 *
 * Loading libcurl, libmicrohttpd, ICU and libxml2, and what they pull in, took
 * nine tenths of the start of a program that then judged plain text with none
 * of them. So the program is linked with stubs in their place: late.sh lists
 * what is called, as `late_list.s`, and late.S makes a stub of each. Whoever
 * calls curl_easy_init() calls it as ever, by the prototype in libcurl's own
 * header; the first call opens the library and binds the function, and later
 * ones cost one jump. Safe from any thread.
 *
 * Only for machines that late.S knows (see Makefile); elsewhere the linker
 * binds these libraries like any other.
 */
struct late_function {
    void *address; /* where the stub jumps: first, to what calls late_bind */
    const char *name;
    const char *library; /* "libcurl.so.4" */
    const char *package; /* of Debian, "libcurl4" */
};

/*
 * For the stubs alone. Opens the library, finds the function, and has the
 * stub jump there from now on; returns its address. A library that is not
 * there ends the program with a line that names the package, as it would have
 * ended at its start.
 */
void *late_bind(struct late_function *function);

/*
 * Bind all of them now: for who works for long, and should rather end at the
 * start than in the middle of it.
 */
void late_bind_all(void);

#endif /* BASE_LATE_H */
