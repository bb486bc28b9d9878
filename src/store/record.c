#include "store/record.h"

#include <string.h>

#define VERSION 1
#define NUMBER_BYTES 8

static void take(struct record *record, void *to, size_t len)
{
    if (record->bad || record->in.len < len) {
        record->bad = true;
        memset(to, 0, len);
        return;
    }
    memcpy(to, record->in.ptr, len);
    record->in = span_cut(record->in, len, record->in.len);
}

static void code_int(struct record *record, int64_t *value)
{
    unsigned char byte[NUMBER_BYTES];
    uint64_t bits = (uint64_t)*value;

    if (!record->out) {
        take(record, byte, sizeof(byte));
        bits = 0;
        for (size_t i = NUMBER_BYTES; i-- > 0;)
            bits = bits << 8 | byte[i];
        *value = (int64_t)bits;
        return;
    }
    for (size_t i = 0; i < NUMBER_BYTES; i++)
        byte[i] = (unsigned char)(bits >> 8 * i);
    buf_add(record->out, (struct span){ (const char *)byte, sizeof(byte) });
}

static void code_double(struct record *record, double *value)
{
    int64_t bits;

    memcpy(&bits, value, sizeof(bits));
    code_int(record, &bits);
    memcpy(value, &bits, sizeof(bits));
}

static void code_bool(struct record *record, bool *value)
{
    int64_t number = *value;

    code_int(record, &number);
    *value = number != 0;
}

static void code_span(struct record *record, struct span *value)
{
    int64_t len = (int64_t)value->len;

    code_int(record, &len);
    if (record->out) {
        buf_add(record->out, *value);
        return;
    }
    if (len < 0 || (size_t)len > record->in.len)
        record->bad = true;
    *value = record->bad ? SPAN_LIT("") : span_cut(record->in, 0, (size_t)len);
    record->in = span_cut(record->in, value->len, record->in.len);
}

/* One of the numbers below `nr`. */
static int code_choice(struct record *record, int value, int nr)
{
    int64_t number = value;

    code_int(record, &number);
    if (number < 0 || number >= nr) {
        record->bad = true;
        return 0;
    }
    return (int)number;
}

static void code_version(struct record *record)
{
    char version = VERSION;

    if (record->out)
        buf_add_char(record->out, version);
    else
        take(record, &version, 1);
    record->bad = version != VERSION;
}

struct record record_write(struct buf *out)
{
    struct record record = { .out = out };

    code_version(&record);
    return record;
}

struct record record_read(struct span in)
{
    struct record record = { .in = in };

    code_version(&record);
    return record;
}

void record_event(struct record *record, struct event *event)
{
    code_span(record, &event->site);
    code_span(record, &event->delivery);
    code_span(record, &event->kind);
    code_span(record, &event->body);
    code_int(record, &event->received_ms);
}

static void code_digest(struct record *record, struct digest *digest)
{
    struct span hex = { digest->hex, strnlen(digest->hex, DIGEST_HEX_LEN) };

    code_span(record, &hex);
    if (record->out)
        return;
    record->bad = record->bad || hex.len > DIGEST_HEX_LEN;
    memset(digest, 0, sizeof(*digest));
    if (!record->bad)
        memcpy(digest->hex, hex.ptr, hex.len);
}

static void code_verdict(struct record *record, struct verdict *verdict)
{
    verdict->kind = (enum verdict_kind)code_choice(record, (int)verdict->kind,
                                                   VERDICT_SPAM + 1);
    code_double(record, &verdict->p_spam);
    code_double(record, &verdict->p_abuse);
    code_span(record, &verdict->model);
    verdict->nr =
        (size_t)code_choice(record, (int)verdict->nr, VERDICT_REASONS_MAX + 1);
    for (size_t i = 0; i < verdict->nr; i++) {
        code_span(record, &verdict->reason[i].feature);
        code_double(record, &verdict->reason[i].weight);
        code_span(record, &verdict->reason[i].evidence);
    }
}

void record_decision(struct record *record, struct decision *decision)
{
    int64_t campaign = (int64_t)decision->campaign;

    code_int(record, &decision->run);
    code_int(record, &decision->at_ms);
    code_span(record, &decision->site);
    code_span(record, &decision->comment);
    code_digest(record, &decision->digest);
    code_span(record, &decision->was);
    code_span(record, &decision->author);
    code_span(record, &decision->excerpt);
    code_span(record, &decision->person);
    code_span(record, &decision->by);
    code_int(record, &campaign);
    decision->campaign = (uint64_t)campaign;
    code_span(record, &decision->content.host);
    code_span(record, &decision->content.author);
    code_span(record, &decision->content.text);
    code_span(record, &decision->content.comment);
    code_verdict(record, &decision->verdict);
    decision->state = (enum decision_state)code_choice(
        record, (int)decision->state, DECISION_ANSWERED + 1);
    code_span(record, &decision->detail);
}

void record_feedback(struct record *record, struct feedback *feedback,
                     struct span *echo_by)
{
    code_span(record, &feedback->site);
    code_span(record, &feedback->comment);
    code_span(record, &feedback->also);
    code_span(record, &feedback->label);
    code_span(record, &feedback->source);
    code_span(record, &feedback->by);
    code_bool(record, &feedback->wrong);
    code_int(record, &feedback->at_ms);
    code_span(record, &feedback->about);
    code_span(record, echo_by);
}

bool record_is_whole(const struct record *record)
{
    return !record->bad && !record->in.len;
}
