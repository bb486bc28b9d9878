#ifndef TEXT_LINK_H
#define TEXT_LINK_H

#include "base/arena.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Links in a comment, each reduced to the host it leads to.
 *
 * Spam dresses one host in many ways ("HTTP://Shop.Example:80/", "//shop.
 * example./", "hxxp://shop[.]example", "shop dot com"). Features and policy
 * compare hosts, so the undressing happens here, once, and nowhere else.
 *
 * Spans point into the text given in or into the arena; nothing is freed one
 * by one. Pure: no I/O, no clock, no state between calls.
 */
enum link_how {
    LINK_BARE,      /* written out in the text: https://..., www..., or a
                       host and a path ("t.me/xyz") */
    LINK_HTML,      /* <a href>; and what a tag loads: <img src>, <iframe> */
    LINK_BBCODE,    /* [url], [url=], [link=], [img] */
    LINK_DISGUISED, /* hxxp, [.], (dot), "shop dot com" */
    LINK_MENTION,   /* a host and no more: "booking.com". Honest people name
                       sites and frameworks ("asp.net") so; weigh it less */
};

struct link {
    struct span url;    /* as written */
    struct span host;   /* lower case, no port, no final dot; in the arena */
    struct span domain; /* the registrable part of the host (Public Suffix
                           List), or the host itself */
    struct span anchor; /* the words that are clicked; empty for a bare one */
    enum link_how how;
};

struct link_list {
    struct link *link;
    size_t nr;
    size_t alloc;
    size_t nr_more; /* links beyond LINK_NR_MAX, which were not kept */
};

#define LINK_NR_MAX 512

/*
 * Find the links written out in `plain`, valid UTF-8 (bare, disguised and
 * mentioned ones), in order of appearance, and append them to `list`. Mail
 * addresses are none. Host names without a scheme count when they end in a
 * public suffix; with no path behind them either, only if that suffix is not
 * also a word at the end of a sentence ("shop.com" does, "end.The" and
 * "so.it is" do not). A link that is in `list` from the very same bytes (the
 * text of an [url]...[/url]) is not appended again. Linear in the bytes.
 */
void link_find(struct arena *arena, struct span plain, struct link_list *list);

/*
 * Append the link to `url`; one that names no host ("/about", "mailto:...")
 * is dropped, and so is what is beyond LINK_NR_MAX, which is counted.
 */
void link_add(struct arena *arena, struct link_list *list, struct span url,
              struct span anchor, enum link_how how);

/*
 * Reduce `url`, valid UTF-8, to its host. Returns false, and leaves `*host`
 * alone, when `url` names no host ("mailto:a@example.com", "/about"). A
 * `url` without a scheme has one if it ends in a public suffix ("www.
 * example.com/x", but not "about.html"). Punycode stays punycode.
 */
bool link_host(struct arena *arena, struct span url, struct span *host);

/* The registrable domain of `host` (libpsl); the host itself if it has none.
 */
struct span link_domain(struct span host);

#endif /* TEXT_LINK_H */
