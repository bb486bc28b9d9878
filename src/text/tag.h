#ifndef TEXT_TAG_H
#define TEXT_TAG_H

#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * Which '<' of a comment begins markup, and which is only a sign.
 *
 * Stricter than HTML 5, where an open '<' may swallow the rest of the text: a
 * tag has a name that HTML knows, ends before the next one begins, and closes
 * its quotes. Comments, <script> and <style> must end somewhere.
 */
enum tag_kind {
    TAG_NONE,   /* text */
    TAG_OPEN,   /* <b class="x">, <br/> */
    TAG_CLOSE,  /* </b> */
    TAG_HIDDEN, /* <!-- ... -->, <script> ... </script> as a whole */
};

/* What a reader sees of an element. */
enum tag_shape {
    TAG_INLINE,
    TAG_BLOCK, /* begins and ends on a line of its own */
    TAG_BREAK, /* <br> */
};

struct tag {
    enum tag_kind kind;
    struct span name; /* as written; empty for a comment */
    size_t end;       /* behind its '>' */
};

/*
 * What is known not to follow any more, so that looking for it again and
 * again does not cost the square of a text. Zeroed before the first tag_read.
 */
struct tag_reader {
    struct span text;
    bool no_close[5];
};

/* Read what begins at `at`, where the text has a '<'. */
struct tag tag_read(struct tag_reader *reader, size_t at);

/* The shape of element `name`, a C string in lower case. */
enum tag_shape tag_shape(const char *name);

#endif /* TEXT_TAG_H */
