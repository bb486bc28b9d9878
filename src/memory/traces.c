#include "memory/traces.h"

#include "memory/mix.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>

#define NET4_BYTES 3
#define NET6_BYTES 6

static void put(struct traces *traces, enum trace_kind kind, struct span key,
                struct span name)
{
    if (!key.len || traces->nr == TRACES_MAX)
        return;
    traces->trace[traces->nr++] = (struct trace){
        kind,
        mix_bytes(mix_step(MIX_SEED, (uint64_t)kind + 1), key),
        name,
    };
}

static struct span lower(struct arena *arena, struct span s)
{
    struct span out = arena_dup(arena, s);
    char *byte = (char *)out.ptr;

    for (size_t i = 0; i < out.len; i++)
        if (byte[i] >= 'A' && byte[i] <= 'Z')
            byte[i] = (char)(byte[i] - 'A' + 'a');
    return out;
}

static void put_mail(struct traces *traces, struct arena *arena,
                     const struct comment *comment, const struct text *text)
{
    struct span email = lower(arena, span_trim(comment->author_email));
    size_t at = span_find_char(email, '@');

    if (at && at < email.len)
        put(traces, TRACE_EMAIL, email, email);
    put(traces, TRACE_MAIL_DOMAIN, text->email_domain, text->email_domain);
}

static void put_address(struct traces *traces, struct arena *arena,
                        struct span ip)
{
    char text[INET6_ADDRSTRLEN];
    unsigned char bytes[sizeof(struct in6_addr)];
    size_t net = NET4_BYTES;
    size_t all = sizeof(struct in_addr);

    if (!ip.len || ip.len >= sizeof(text))
        return;
    snprintf(text, sizeof(text), "%.*s", SPAN_ARG(ip));
    if (inet_pton(AF_INET, text, bytes) != 1) {
        if (inet_pton(AF_INET6, text, bytes) != 1)
            return;
        net = NET6_BYTES;
        all = sizeof(struct in6_addr);
    }
    put(traces, TRACE_IP, (struct span){ (const char *)bytes, all }, ip);
    put(traces, TRACE_NET, (struct span){ (const char *)bytes, net },
        arena_printf(arena, "%.*s/%zu", SPAN_ARG(ip), net * 8));
}

static void put_link(struct traces *traces, const struct link *link)
{
    for (size_t i = 0; i < traces->nr; i++)
        if (traces->trace[i].kind == TRACE_HOST &&
            span_eq(traces->trace[i].name, link->host))
            return;
    put(traces, TRACE_HOST, link->host, link->host);
    put(traces, TRACE_DOMAIN, link->domain, link->domain);
}

static uint64_t whole(struct span s)
{
    return s.len ? mix_bytes(MIX_SEED, s) : 0;
}

void traces_find(struct traces *traces, struct arena *arena,
                 const struct comment *comment, const struct text *text)
{
    const struct link_list *links = &text->links;

    traces->nr = 0;
    put_mail(traces, arena, comment, text);
    put_address(traces, arena, span_trim(comment->author_ip));
    if (text->author_link.host.len)
        put_link(traces, &text->author_link);
    /* What is only mentioned ("asp.net") leads nowhere. */
    for (size_t i = 0; i < links->nr && i < TRACES_HOSTS_MAX; i++)
        if (links->link[i].how != LINK_MENTION)
            put_link(traces, &links->link[i]);
    put(traces, TRACE_AUTHOR, text->author.folded, text->author.plain);
    traces->sketched = sketch_make(&traces->sketch, &text->body.words);
    traces->id = whole(comment->id);
    traces->author = whole(text->author.folded);
}
