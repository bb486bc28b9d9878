#include "site/dir_lock.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

enum error_code dir_lock_take(int *lock, const char *path, struct error *err)
{
    enum error_code rc = ERROR_NONE;
    char *copy = realpath(path, NULL);
    const char *dir;

    if (!copy)
        copy = xstrdup(path);
    dir = dirname(copy);
    *lock = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*lock < 0 || TEMP_FAILURE_RETRY(flock(*lock, LOCK_EX)))
        rc = error_set(err, ERROR_SITE_GONE, "%s: can't be locked: %s", dir,
                       strerror(errno));
    if (rc && *lock >= 0)
        close(*lock);
    free(copy);
    return rc;
}

void dir_lock_give(int lock)
{
    close(lock);
}
