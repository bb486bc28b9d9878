/* Lines of a stream: numbered, without ends, and together no more. */
#include "wire/ndjson.h"

#include "fuzz.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static int file_of(const uint8_t *data, size_t size)
{
    int fd = memfd_create("fuzz", MFD_CLOEXEC);

    assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
    assert(lseek(fd, 0, SEEK_SET) == 0);
    return fd;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    int fd = file_of(data, size);
    struct ndjson in;
    struct span line;
    size_t number = 0;
    size_t len = 0;

    ndjson_init(&in, fd);
    while (ndjson_next(&in, &line) == NDJSON_LINE) {
        assert(line.len && !memchr(line.ptr, '\n', line.len));
        assert(in.number > number);
        number = in.number;
        len += line.len;
    }
    assert(len <= size);
    ndjson_release(&in);
    close(fd);
    return 0;
}
