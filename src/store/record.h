#ifndef STORE_RECORD_H
#define STORE_RECORD_H

#include "base/buf.h"
#include "store/event.h"

/*
 * What is to be stored, as bytes, and back: for the journal. Numbers have
 * eight bytes, little end first; texts, their length before them. The first
 * byte is the version of all this: bytes of another one are not understood.
 *
 * One function for each struct goes both ways, so that reading can't part
 * from writing.
 */
struct record {
    struct buf *out; /* written to; NULL: read from `in` */
    struct span in;
    bool bad; /* `in` is not what it should be; all else is zero then */
};

/* Begin to write to `out`, or to read `in`. */
struct record record_write(struct buf *out);
struct record record_read(struct span in);

/* Texts that are read point into `in`. */
void record_event(struct record *record, struct event *event);
void record_decision(struct record *record, struct decision *decision);
void record_feedback(struct record *record, struct feedback *feedback,
                     struct span *echo_by);

/* Was all of it there, and nothing else? */
bool record_is_whole(const struct record *record);

#endif /* STORE_RECORD_H */
