#include "memory/memory.h"

#include "base/alloc.h"
#include "memory/repute.h"
#include "memory/twins.h"

#include <math.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#define AUTHOR_BITS 64

struct memory {
    struct repute *repute;
    struct twins *twins;
    double spam; /* weights of all labels */
    double ham;
    int64_t now_ms;
    pthread_mutex_t lock;
};

/* What each kind of trace is recalled as. */
static const enum recall_kind recall_of[] = {
    [TRACE_EMAIL] = RECALL_EMAIL,   [TRACE_MAIL_DOMAIN] = RECALL_MAIL_DOMAIN,
    [TRACE_IP] = RECALL_IP,         [TRACE_NET] = RECALL_NET,
    [TRACE_HOST] = RECALL_HOST,     [TRACE_DOMAIN] = RECALL_DOMAIN,
    [TRACE_AUTHOR] = RECALL_AUTHOR,
};

struct memory *memory_new(void)
{
    struct memory *memory = xcalloc(1, sizeof(*memory));

    memory->repute = repute_new();
    memory->twins = twins_new();
    pthread_mutex_init(&memory->lock, NULL);
    return memory;
}

void memory_free(struct memory *memory)
{
    if (!memory)
        return;
    repute_free(memory->repute);
    twins_free(memory->twins);
    pthread_mutex_destroy(&memory->lock);
    free(memory);
}

struct span recall_name(enum recall_kind kind)
{
    static const char *const name[RECALL_NR] = {
        [RECALL_TWIN] = "seen_before",
        [RECALL_OFTEN] = "seen_often",
        [RECALL_CROWD] = "seen_from_many",
        [RECALL_EMAIL] = "known_email",
        [RECALL_MAIL_DOMAIN] = "known_mail_domain",
        [RECALL_IP] = "known_ip",
        [RECALL_NET] = "known_net",
        [RECALL_HOST] = "known_host",
        [RECALL_DOMAIN] = "known_domain",
        [RECALL_AUTHOR] = "known_author",
    };

    return span_str(name[kind]);
}

static void pass_time(struct memory *memory, int64_t at_ms)
{
    if (at_ms > memory->now_ms)
        memory->now_ms = at_ms;
}

void memory_learn(struct memory *memory, const struct traces *traces,
                  bool spam, double weight, int64_t at_ms)
{
    pthread_mutex_lock(&memory->lock);
    pass_time(memory, at_ms);
    if (!at_ms)
        at_ms = memory->now_ms;
    *(spam ? &memory->spam : &memory->ham) += weight;
    for (size_t i = 0; i < traces->nr; i++)
        evidence_add(repute_get(memory->repute, traces->trace[i].key), spam,
                     weight, at_ms);
    if (traces->sketched)
        evidence_add(&twins_get(memory->twins, &traces->sketch)->evidence,
                     spam, weight, at_ms);
    pthread_mutex_unlock(&memory->lock);
}

static double lately(const struct twin *twin, int64_t now_ms)
{
    return twin->lately * evidence_shrink(twin->seen_ms, now_ms, TWIN_HALF_MS);
}

void memory_see(struct memory *memory, const struct traces *traces,
                int64_t at_ms)
{
    struct twin *twin;

    if (!traces->sketched)
        return;
    pthread_mutex_lock(&memory->lock);
    pass_time(memory, at_ms);
    twin = twins_get(memory->twins, &traces->sketch);
    /* A comment that is edited is judged again, and is its own twin. */
    if (!traces->id || twin->latest != traces->id) {
        double before = lately(twin, memory->now_ms);

        if (before < 0.5)
            twin->authors = 0;
        twin->lately = before + 1;
        twin->seen_ms = memory->now_ms;
        twin->authors |= 1ULL << traces->author % AUTHOR_BITS;
        twin->latest = traces->id;
    }
    pthread_mutex_unlock(&memory->lock);
}

/* Of all labels, the share that is spam; never quite none, never all. */
static double spam_share(const struct memory *memory)
{
    return (memory->spam + 1) / (memory->spam + memory->ham + 2);
}

static void recall_evidence(const struct memory *memory,
                            const struct evidence *evidence, struct span name,
                            enum recall_kind kind, struct recall *recall)
{
    double value =
        evidence_log_odds(evidence, spam_share(memory), memory->now_ms);

    if (recall->labels[kind] > 0 && recall->value[kind] >= value)
        return;
    recall->value[kind] = value;
    recall->name[kind] = name;
    recall->labels[kind] = (double)evidence->spam + (double)evidence->ham;
}

static bool is_wide(enum trace_kind kind)
{
    return kind == TRACE_MAIL_DOMAIN || kind == TRACE_NET ||
           kind == TRACE_DOMAIN;
}

static void recall_traces(const struct memory *memory,
                          const struct traces *traces, struct recall *recall)
{
    bool known = false; /* the one before, of which this may be the domain */

    for (size_t i = 0; i < traces->nr; i++) {
        const struct trace *trace = &traces->trace[i];
        const struct evidence *evidence =
            repute_find(memory->repute, trace->key);
        bool narrower_spoke = known && is_wide(trace->kind) &&
                              traces->trace[i - 1].kind + 1 == trace->kind;

        known = evidence != NULL;
        if (evidence && !narrower_spoke)
            recall_evidence(memory, evidence, trace->name,
                            recall_of[trace->kind], recall);
    }
}

static void recall_twin(struct memory *memory, const struct traces *traces,
                        struct recall *recall)
{
    const struct twin *twin = twins_find(memory->twins, &traces->sketch);
    bool own;
    double times;
    double names;

    if (!twin)
        return;
    if (twin->evidence.spam + twin->evidence.ham > 0)
        recall_evidence(memory, &twin->evidence, SPAN_LIT(""), RECALL_TWIN,
                        recall);
    own = traces->id && twin->latest == traces->id;
    times = lately(twin, memory->now_ms) - own;
    names = __builtin_popcountll(twin->authors &
                                 ~(1ULL << traces->author % AUTHOR_BITS));
    if (times <= 0 || names == 0)
        return;
    recall->value[RECALL_OFTEN] = log1p(times);
    recall->labels[RECALL_OFTEN] = times;
    recall->value[RECALL_CROWD] = log1p(names);
    recall->labels[RECALL_CROWD] = names;
}

void memory_recall(struct memory *memory, const struct traces *traces,
                   struct recall *recall)
{
    memset(recall, 0, sizeof(*recall));
    pthread_mutex_lock(&memory->lock);
    recall_traces(memory, traces, recall);
    if (traces->sketched)
        recall_twin(memory, traces, recall);
    pthread_mutex_unlock(&memory->lock);
}
