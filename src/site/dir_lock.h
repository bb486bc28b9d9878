#ifndef SITE_DIR_LOCK_H
#define SITE_DIR_LOCK_H

#include "base/error.h"

/*
 * A lock (flock) on the directory that holds a file, for those who replace
 * the file: the file itself is another one after each replacement, and a lock
 * file beside it would be one more thing to explain. Ends with the process.
 *
 * Waits for the lock; `*lock` is given to dir_lock_give. ERROR_SITE_GONE when
 * the directory can't be locked.
 */
enum error_code dir_lock_take(int *lock, const char *path,
                              struct error *err) MUST_CHECK;
void dir_lock_give(int lock);

#endif /* SITE_DIR_LOCK_H */
