#ifndef WIRE_COMMENT_JSON_H
#define WIRE_COMMENT_JSON_H

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "comment/comment.h"
#include "comment/verdict.h"
#include "wire/json.h"

/*
 * Comments and verdicts as they cross the border.
 *
 * In: an object with the keys of struct comment; numbers are taken where text
 * is expected (ids), null and booleans mean empty, unknown keys are ignored. A
 * WordPress REST comment is accepted as it comes: content.raw or else
 * content.rendered is the text, unless there is a text; author_name, date_gmt,
 * author_user_agent and link stand for ours and win over them; a numeric
 * `author` is a user's number and no name.
 *
 * Out: {"id":…,"verdict":…,"p_spam":…,"p_abuse":…,"reasons":[{"feature":…,
 * "weight":…,"evidence":…}],"model":…}, probabilities with six digits.
 */

/* Bytes of an id: a longer one would come back cut, and name nobody. */
#define COMMENT_ID_MAX 256

/*
 * Fill `comment` from `value`; its spans are copies in the arena. ERROR_INPUT
 * when `value` is not an object, has neither text nor author, an id too long,
 * or an array or object for a field; the text says which. The comment is then
 * safe to look into, but fields may be missing.
 */
enum error_code comment_from_json(struct comment *comment, struct arena *arena,
                                  const struct json *value,
                                  struct error *err) MUST_CHECK;

/* Parse one line and fill `comment` from it. */
enum error_code comment_parse(struct comment *comment, struct arena *arena,
                              struct span line, struct error *err) MUST_CHECK;

/*
 * Append the comment as one object, without LF: the reverse of
 * comment_from_json. Fields that are empty are left out.
 */
void comment_put_json(struct buf *out, const struct comment *comment);

/* Append the verdict on comment `id` as one line, with its LF. */
void verdict_put_json(struct buf *out, struct span id,
                      const struct verdict *verdict);

/* Append only the array of reasons; for the store. */
void reasons_put_json(struct buf *out, const struct verdict *verdict);

/*
 * The reverse of reasons_put_json: fills reason and nr; spans in the arena.
 * What can't be read gives no reasons.
 */
void reasons_from_json(struct verdict *verdict, struct arena *arena,
                       struct span text);

#endif /* WIRE_COMMENT_JSON_H */
