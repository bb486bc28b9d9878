#ifndef POLICY_LISTS_H
#define POLICY_LISTS_H

#include "base/arena.h"
#include "base/error.h"
#include "comment/comment.h"
#include "text/normalise.h"

#include <stdbool.h>

/*
 * Whom the site's owner trusts and whom not.
 *
 * A list file has one entry a line, '#' begins a comment:
 *
 *     email:ann@example.com
 *     email:@example.com        every address there
 *     domain:cheap-jerseys.example   a link or author URL to it, or below it
 *     ip:203.0.113.0/24         IPv4 or IPv6, with or without a prefix length
 *     author:Michael Hannah     the whole name, without case
 *     word:viagra               a whole word of the text or author, folded
 *     role:editor               a logged-in author's role
 *
 * Names and mail addresses are what a visitor types; to trust somebody for
 * good, roles and addresses of the network are the better entries.
 */
struct lists;

enum list_answer { LIST_NEITHER, LIST_ALLOW, LIST_DENY };

/*
 * Read the two files; either path may be NULL or empty. ERROR_CONFIG names
 * file and line. The caller releases.
 */
enum error_code lists_load(struct lists **lists, const char *allow_path,
                           const char *deny_path,
                           struct error *err) MUST_CHECK;

/*
 * Add entries that stand in `allow` and `deny`, one a line as in the files,
 * but read from elsewhere. ERROR_CONFIG names the line; the lists are then of
 * no use any more.
 */
enum error_code lists_add(struct lists *lists, struct span allow,
                          struct span deny, struct error *err) MUST_CHECK;
void lists_free(struct lists *lists); /* NULL is fine */

/*
 * What the lists say; deny wins over allow. `*entry` is the entry that
 * matched, pointing into `lists`.
 */
enum list_answer lists_ask(const struct lists *lists,
                           const struct comment *comment,
                           const struct text *text, struct span *entry);

#endif /* POLICY_LISTS_H */
