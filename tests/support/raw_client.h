#ifndef SUPPORT_RAW_CLIENT_H
#define SUPPORT_RAW_CLIENT_H

#include "base/buf.h"
#include "base/span.h"

#include <arpa/inet.h>
#include <check.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/*
 * A client that sends the bytes it is told to, right or wrong, and shows what
 * comes back until the other end closes or a whole answer is there.
 */
#define RAW_ANSWER_MAX ((size_t)4 << 20)
#define RAW_WAIT_S 20

/* A port nobody listens at, in this moment. */
static inline int raw_free_port(void)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    socklen_t len = sizeof(at);
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    ck_assert_int_eq(bind(fd, (struct sockaddr *)&at, len), 0);
    ck_assert_int_eq(getsockname(fd, (struct sockaddr *)&at, &len), 0);
    close(fd);
    return ntohs(at.sin_port);
}

static inline int raw_connect(int port)
{
    struct sockaddr_in at = { .sin_family = AF_INET,
                              .sin_port = htons((unsigned short)port),
                              .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct timeval wait = { RAW_WAIT_S, 0 };
    int fd = socket(AF_INET, SOCK_STREAM, 0);

    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &wait, sizeof(wait));
    ck_assert_int_eq(connect(fd, (struct sockaddr *)&at, sizeof(at)), 0);
    return fd;
}

static inline void raw_send(int fd, struct span bytes)
{
    while (bytes.len) {
        ssize_t sent = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);

        if (sent <= 0)
            return;
        bytes = span_cut(bytes, (size_t)sent, bytes.len);
    }
}

/* The length of head and body, or 0 while it is not all there. */
static inline size_t raw_whole(struct span answer)
{
    size_t head = span_find(answer, SPAN_LIT("\r\n\r\n"));
    struct span lines = span_cut(answer, 0, head);
    struct span name = SPAN_LIT("\r\ncontent-length: ");
    size_t at = span_find_nocase(lines, name);
    long long len = 0;
    struct span number;

    if (head == answer.len)
        return 0;
    if (at < lines.len) {
        number = span_cut(lines, at + name.len, lines.len);
        ck_assert(span_to_long(
            span_cut(number, 0, span_find_char(number, '\r')), &len));
    }
    head += 4 + (size_t)len;
    return head <= answer.len ? head : 0;
}

/* One answer, or less if the other end closes before. */
static inline void raw_receive(int fd, struct buf *answer)
{
    char part[4096];

    buf_reset(answer);
    while (!raw_whole(buf_span(answer))) {
        ssize_t got = recv(fd, part, sizeof(part), 0);

        if (got <= 0)
            return;
        buf_add(answer, (struct span){ part, (size_t)got });
    }
}

/* The status of an answer, 0 if it is none. */
static inline int raw_status(const struct buf *answer)
{
    struct span line = span_cut(buf_span(answer), 0, 12);
    long long status;

    if (!span_starts(line, SPAN_LIT("HTTP/1.")) ||
        !span_to_long(span_cut(line, 9, 12), &status))
        return 0;
    return (int)status;
}

/* Send one request on a connection of its own. */
static inline int raw_ask(int port, struct span request, struct buf *answer)
{
    int fd = raw_connect(port);

    raw_send(fd, request);
    raw_receive(fd, answer);
    close(fd);
    return raw_status(answer);
}

#endif /* SUPPORT_RAW_CLIENT_H */
