#include "server/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>

#define BITS 128
#define BITS_V4 32
#define MAPPED 96 /* bits before an IPv4 address in IPv6 */

static const unsigned char mapped[12] = { 0, 0, 0, 0, 0,    0,
                                          0, 0, 0, 0, 0xff, 0xff };

static struct address from_v4(const void *four)
{
    struct address address;

    memcpy(address.byte, mapped, sizeof(mapped));
    memcpy(address.byte + sizeof(mapped), four, 4);
    return address;
}

static bool is_v4(const struct address *address)
{
    return !memcmp(address->byte, mapped, sizeof(mapped));
}

bool address_parse(struct address *address, struct span text)
{
    char name[INET6_ADDRSTRLEN];
    unsigned char byte[16];

    if (!text.len || text.len >= sizeof(name) ||
        memchr(text.ptr, '\0', text.len))
        return false;
    memcpy(name, text.ptr, text.len);
    name[text.len] = '\0';
    if (inet_pton(AF_INET, name, byte) == 1) {
        *address = from_v4(byte);
        return true;
    }
    if (inet_pton(AF_INET6, name, byte) != 1)
        return false;
    memcpy(address->byte, byte, sizeof(byte));
    return true;
}

bool address_is_loopback(const struct address *address)
{
    static const unsigned char six[16] = { [15] = 1 };

    if (is_v4(address))
        return address->byte[sizeof(mapped)] == 127;
    return !memcmp(address->byte, six, sizeof(six));
}

struct address address_of(const struct sockaddr *from)
{
    struct address address = { { 0 } };

    if (from->sa_family == AF_INET)
        return from_v4(&((const struct sockaddr_in *)from)->sin_addr);
    if (from->sa_family == AF_INET6)
        memcpy(address.byte, &((const struct sockaddr_in6 *)from)->sin6_addr,
               sizeof(address.byte));
    return address;
}

struct span address_text(struct arena *arena, const struct address *address)
{
    char text[INET6_ADDRSTRLEN] = "";

    if (is_v4(address))
        inet_ntop(AF_INET, address->byte + sizeof(mapped), text, sizeof(text));
    else
        inet_ntop(AF_INET6, address->byte, text, sizeof(text));
    return arena_dup(arena, span_str(text));
}

static bool net_parse(struct address_net *net, struct span text)
{
    size_t slash = span_find_char(text, '/');
    long long bits;
    bool v4;

    if (!address_parse(&net->base, span_cut(text, 0, slash)))
        return false;
    v4 = is_v4(&net->base);
    bits = v4 ? BITS_V4 : BITS;
    if (slash < text.len &&
        (!span_to_long(span_cut(text, slash + 1, text.len), &bits) ||
         bits < 0 || bits > (v4 ? BITS_V4 : BITS)))
        return false;
    net->bits = (unsigned)bits + (v4 ? MAPPED : 0);
    return true;
}

static size_t word_len(struct span text)
{
    struct span between = SPAN_LIT(" \t\r\n,");
    size_t len = 0;

    while (len < text.len &&
           span_find_char(between, text.ptr[len]) == between.len)
        len++;
    return len;
}

enum error_code address_list_parse(struct address_list *list, struct span text,
                                   struct error *err)
{
    list->nr = 0;
    while (text.len) {
        size_t len = word_len(text);
        struct span word = span_cut(text, 0, len);

        text = span_cut(text, len ? len : 1, text.len);
        if (!len)
            continue;
        if (list->nr == ADDRESS_LIST_MAX)
            return error_set(err, ERROR_CONFIG,
                             "more than %d addresses; name networks, such as "
                             "10.0.0.0/8",
                             ADDRESS_LIST_MAX);
        if (!net_parse(&list->net[list->nr++], word))
            return error_set(err, ERROR_CONFIG,
                             "'%.*s' is neither an address nor a network such "
                             "as 10.0.0.0/8",
                             SPAN_ARG(span_cut(word, 0, 64)));
    }
    return ERROR_NONE;
}

static bool net_has(const struct address_net *net,
                    const struct address *address)
{
    size_t whole = net->bits / 8;
    unsigned rest = net->bits % 8;

    if (memcmp(net->base.byte, address->byte, whole) != 0)
        return false;
    if (!rest)
        return true;
    return (net->base.byte[whole] ^ address->byte[whole]) >> (8 - rest) == 0;
}

bool address_list_has(const struct address_list *list,
                      const struct address *address)
{
    for (size_t i = 0; i < list->nr; i++)
        if (net_has(&list->net[i], address))
            return true;
    return false;
}

/* The last entry of a list of them, which is made shorter by it. */
static struct span last_entry(struct span *list)
{
    size_t at = list->len;
    struct span entry;

    while (at && list->ptr[at - 1] != ',')
        at--;
    entry = span_trim(span_cut(*list, at, list->len));
    *list = span_cut(*list, 0, at ? at - 1 : 0);
    return entry;
}

struct address address_client(const struct address_list *trusted,
                              struct address peer, struct span forwarded)
{
    while (forwarded.len && address_list_has(trusted, &peer))
        if (!address_parse(&peer, last_entry(&forwarded)))
            break;
    return peer;
}
