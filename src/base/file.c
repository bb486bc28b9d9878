#include "base/file.h"

#include "base/alloc.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#define MODE_DEFAULT 0644

static enum error_code failed(struct error *err, const char *path,
                              const char *what)
{
    return error_set(err, ERROR_INPUT, "%s: %s: %s", path, what,
                     strerror(errno));
}

static bool write_all(int fd, struct span data)
{
    while (data.len) {
        ssize_t put = write(fd, data.ptr, data.len);

        if (put < 0 && errno == EINTR)
            continue;
        if (put < 0)
            return false;
        data = span_cut(data, (size_t)put, data.len);
    }
    return fsync(fd) == 0;
}

/* A rename is durable only once the directory that holds it is. */
static void sync_directory(const char *path)
{
    char *copy = xstrdup(path);
    int fd = open(dirname(copy), O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd >= 0) {
        (void)fsync(fd);
        close(fd);
    }
    free(copy);
}

static char *beside(const char *path)
{
    size_t size = strlen(path) + sizeof(".XXXXXX");
    char *name = xmalloc(size);

    snprintf(name, size, "%s.XXXXXX", path);
    return name;
}

enum error_code file_replace(const char *path, struct span data,
                             struct error *err)
{
    char *name = beside(path);
    int fd = mkstemp(name);
    enum error_code rc = ERROR_NONE;
    struct stat old;
    bool wrote;

    if (fd < 0) {
        rc = failed(err, path, "can't be written");
        goto out;
    }
    (void)fchmod(fd, stat(path, &old) ? MODE_DEFAULT : old.st_mode);
    wrote = write_all(fd, data);
    if (close(fd) || !wrote || rename(name, path)) {
        rc = failed(err, path, "can't be written");
        unlink(name);
        goto out;
    }
    sync_directory(path);
out:
    free(name);
    return rc;
}

enum error_code file_map(struct span *data, const char *path,
                         struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum error_code rc = ERROR_NONE;
    struct stat st;
    void *ptr;

    if (fd < 0)
        return failed(err, path, "can't be opened");
    if (fstat(fd, &st)) {
        rc = failed(err, path, "can't be read");
        goto out;
    }
    *data = SPAN_LIT("");
    if (!st.st_size)
        goto out;
    ptr = mmap(NULL, (size_t)st.st_size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (ptr == MAP_FAILED)
        rc = failed(err, path, "can't be mapped");
    else
        *data = (struct span){ ptr, (size_t)st.st_size };
out:
    close(fd);
    return rc;
}

void file_unmap(struct span data)
{
    if (data.len)
        munmap((void *)data.ptr, data.len);
}
