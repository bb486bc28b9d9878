/*
 * Within a block of n-grams of unit length the head adds up dot products. Let
 * a block give D in all and a group of its entries D' with squared length S';
 * without the group the block gives (D - D') / sqrt(1 - S'). So what a group
 * claims takes two sums and no second scoring.
 */
#include "pipeline/claims.h"

#include <math.h>
#include <stdint.h>

/* Log-odds too small to name. */
#define CLAIM_SMALL 0.05

/* Words that phrases grow from, and the words of one at most. */
#define SEEDS_MAX 8
#define PHRASE_WORDS_MAX 6

/* A neighbour joins a phrase if its part is this share of the first one's. */
#define JOIN_SHARE 0.2

/* A single short word speaks for a comment only by being ordinary. */
#define ORDINARY_BYTES 4

/* Less than this of a block left over is rounding. */
#define SQUARE_SMALL 1e-4

#define KINDS_NAMED_MAX 2

enum thing { THING_LINKS, THING_AUTHOR, THING_SITE, THING_POST, THING_NR };

/* What a group of entries adds, in log-odds: by block, and named features. */
struct sum {
    double dot[SCALE_BLOCK_NR];
    double square[SCALE_BLOCK_NR];
    double named;
};

/* The named feature that says most about a thing. */
struct lead {
    uint32_t slot;
    double part;
};

struct claiming {
    struct arena *arena;
    const struct claims_ground *ground;
    enum model_head head;
    double slope; /* log-odds of a unit of margin */
    struct sum thing[THING_NR];
    struct lead lead[THING_NR];
    double *part; /* of each word of the text, its pairs left out */
    struct reason_list list;
};

/* What has to be there for a named feature to be; 0: the text as a whole. */
static unsigned things_of(uint32_t slot, enum feature_family family)
{
    switch (slot) {
    case FEATURE_context_anchor:
        return 1U << THING_LINKS | 1U << THING_POST;
    case FEATURE_url_in_body:
        return 1U << THING_LINKS | 1U << THING_SITE;
    case FEATURE_author_in_url:
        return 1U << THING_AUTHOR | 1U << THING_SITE;
    case FEATURE_anchor_is_author:
        return 1U << THING_LINKS | 1U << THING_AUTHOR;
    case FEATURE_url_deep:
        return 1U << THING_SITE;
    case FEATURE_contact_phone:
    case FEATURE_contact_email:
    case FEATURE_contact_handle:
        return 0;
    default:
        break;
    }
    if (family == FAMILY_LINK || family == FAMILY_ANCHOR)
        return 1U << THING_LINKS;
    if (family == FAMILY_AUTHOR_CUE)
        return 1U << THING_AUTHOR;
    return family == FAMILY_CONTEXT ? 1U << THING_POST : 0;
}

/* Is `x` told before `y`? */
static bool is_heavier(const struct reason *x, const struct reason *y)
{
    double wx = fabs(x->weight);
    double wy = fabs(y->weight);
    int order;

    if (wx != wy)
        return wx > wy;
    order = span_cmp(x->feature, y->feature);
    return (order ? order : span_cmp(x->evidence, y->evidence)) < 0;
}

/* In its place in the list, which is short. */
static void put(struct claiming *claiming, struct span feature, double weight,
                struct span evidence)
{
    struct reason made = { feature, weight, evidence };
    struct reason *reason = claiming->list.reason;
    size_t at = claiming->list.nr;

    if (fabs(weight) < CLAIM_SMALL)
        return;
    claiming->list.nr++;
    for (; at && is_heavier(&made, &reason[at - 1]); at--)
        reason[at] = reason[at - 1];
    reason[at] = made;
}

static void add_named(struct claiming *claiming,
                      const struct vector_entry *entry, double part)
{
    unsigned things =
        things_of(entry->slot, (enum feature_family)entry->family);

    for (int i = 0; i < THING_NR; i++) {
        if (!(things >> i & 1))
            continue;
        claiming->thing[i].named += part;
        /* Where two things share it, it is told of the first. */
        if (fabs(part) > fabs(claiming->lead[i].part) &&
            !(things & ((1U << i) - 1)))
            claiming->lead[i] = (struct lead){ entry->slot, part };
    }
    if (!things)
        put(claiming, feature_name(entry), part,
            feature_evidence(claiming->arena, claiming->ground->text, entry));
}

static void add_all_named(struct claiming *claiming)
{
    const struct claims_ground *ground = claiming->ground;

    for (uint32_t slot = 0; slot < FEATURE_DENSE_NR; slot++) {
        struct vector_entry entry = {
            .slot = slot,
            .value = ground->bag->named[slot] * SCALE_NAMED,
            .word = slot,
            .family = (uint8_t)bag_family(slot),
        };
        double part;

        if (entry.value == 0)
            continue;
        part = model_part(ground->model, claiming->head, &entry);
        if (ground->site && claiming->head == MODEL_SPAM)
            part += site_model_part(ground->site, &entry);
        add_named(claiming, &entry, part);
    }
}

/* What n-grams of a block add to the log-odds. */
static double dot_of(const struct claiming *claiming, enum scale_block block,
                     const struct weighing_sum *sum)
{
    double odds = claiming->slope * sum->head[claiming->head];

    if (claiming->head == MODEL_SPAM)
        odds += sum->layer;
    return odds * claiming->ground->weighing->unit[block];
}

/* Their part of the block's squared length. */
static double square_of(const struct claiming *claiming,
                        enum scale_block block, const struct weighing_sum *sum)
{
    double unit = claiming->ground->weighing->unit[block];

    return sum->square * unit * unit;
}

static void add_to(const struct claiming *claiming, struct sum *sum,
                   enum scale_block block, const struct weighing_sum *more)
{
    sum->dot[block] += dot_of(claiming, block, more);
    sum->square[block] += square_of(claiming, block, more);
}

/* What is in a block of its own is of one thing. */
static void add_blocks(struct claiming *claiming)
{
    static const struct {
        enum thing thing;
        enum scale_block block;
    } own[] = {
        { THING_AUTHOR, SCALE_AUTHOR },
        { THING_SITE, SCALE_URL },
        { THING_LINKS, SCALE_CLICK },
    };

    for (size_t i = 0; i < sizeof(own) / sizeof(own[0]); i++)
        add_to(claiming, &claiming->thing[own[i].thing], own[i].block,
               &claiming->ground->weighing->block[own[i].block]);
}

static double claim_of(const struct claiming *claiming, const struct sum *sum)
{
    const struct weighing *weighing = claiming->ground->weighing;
    double claim = sum->named;

    for (int i = 0; i < SCALE_BLOCK_NR; i++) {
        enum scale_block block = (enum scale_block)i;
        double dot;
        double left = 1 - sum->square[block];

        if (sum->square[block] <= 0)
            continue;
        dot = dot_of(claiming, block, &weighing->block[block]);
        claim += dot;
        if (left > SQUARE_SMALL)
            claim -= (dot - sum->dot[block]) / sqrt(left);
    }
    return claim;
}

/* "3 links to shop.example", "5 links to shop.example and others". */
static struct span links_in_words(const struct claiming *claiming)
{
    const struct link_list *links = &claiming->ground->text->links;
    size_t nr = links->nr + claiming->ground->text->links_more;
    bool others = false;

    if (!links->nr)
        return SPAN_LIT("");
    for (size_t i = 1; i < links->nr && !others; i++)
        others = !span_eq(links->link[i].host, links->link[0].host);
    return arena_printf(claiming->arena, "%zu link%s to %.*s%s", nr,
                        nr == 1 ? "" : "s", SPAN_ARG(links->link[0].host),
                        others ? " and others" : "");
}

/* A named feature that says more than that the thing is there. */
static bool tells(const struct lead *lead, double claim)
{
    return lead->part * claim > 0 && lead->slot != FEATURE_link_any &&
           lead->slot != FEATURE_link_many &&
           lead->slot != FEATURE_link_html &&
           fabs(lead->part) >= fabs(claim) / 3;
}

static void put_thing(struct claiming *claiming, enum thing thing,
                      const char *plain, struct span evidence)
{
    double claim = claim_of(claiming, &claiming->thing[thing]);
    const struct lead *lead = &claiming->lead[thing];
    struct vector_entry entry = { .slot = lead->slot };

    /* That it says nothing about the article is in nobody's favour. */
    if (claim < 0 && tells(lead, claim) && lead->slot == FEATURE_context_none)
        return;
    put(claiming, tells(lead, claim) ? feature_name(&entry) : span_str(plain),
        claim, evidence);
}

/* Words `from` to `to`, `to` not included, and the pairs they are in. */
static void put_phrase(struct claiming *claiming, size_t from, size_t to)
{
    const struct word *word = claiming->ground->text->body.words.word;
    const struct weighing_word *weighed = claiming->ground->weighing->word;
    const char *begin = word[from].text.ptr;
    const char *end = word[to - 1].text.ptr + word[to - 1].text.len;
    struct span evidence = { begin, (size_t)(end - begin) };
    struct weighing_sum words = { .square = 0 };
    struct weighing_sum characters = { .square = 0 };
    struct sum sum = { .named = 0 };

    if (to - from == 1 && evidence.len <= ORDINARY_BYTES &&
        claiming->part[from] < 0)
        return;
    for (size_t i = from; i < to; i++) {
        weighing_add(&words, &weighed[i].word);
        weighing_add(&characters, &weighed[i].characters);
    }
    for (size_t i = from ? from - 1 : 0; i < to; i++)
        weighing_add(&words, &weighed[i].pair);
    add_to(claiming, &sum, SCALE_WORDS, &words);
    add_to(claiming, &sum, SCALE_CHARS, &characters);
    put(claiming, to - from > 1 ? SPAN_LIT("phrase") : SPAN_LIT("word"),
        claim_of(claiming, &sum), evidence);
}

/* Words that can be named, in their order. */
struct seed_list {
    uint32_t *word;
    size_t nr;
};

static struct seed_list find_seeds(struct arena *arena, const double *part,
                                   size_t nr)
{
    struct seed_list seeds = { arena_alloc(arena, nr * sizeof(*seeds.word)),
                               0 };

    /* Written always, kept if it is one: a guess would be wrong too often. */
    for (size_t i = 0; i < nr; i++) {
        seeds.word[seeds.nr] = (uint32_t)i;
        seeds.nr += !(fabs(part[i]) < CLAIM_SMALL);
    }
    return seeds;
}

/* The heaviest word that is left; `nr` when none is that can be named. */
static size_t next_seed(const struct seed_list *seeds, const double *part,
                        size_t nr)
{
    double most = 0;
    size_t best = nr;

    for (size_t i = 0; i < seeds->nr; i++) {
        double weight = fabs(part[seeds->word[i]]);

        if (weight > most) {
            most = weight;
            best = seeds->word[i];
        }
    }
    return best;
}

/* Takes the parts of words that are in a phrase away. */
static void put_phrases(struct claiming *claiming)
{
    size_t nr = claiming->ground->text->body.words.nr;
    double *part = claiming->part;
    struct seed_list seeds = find_seeds(claiming->arena, part, nr);

    for (size_t n = 0; n < SEEDS_MAX; n++) {
        size_t from = next_seed(&seeds, part, nr);
        size_t to = from + 1;
        double seed;

        if (from == nr)
            return;
        seed = part[from];
        while (to < nr && to - from < PHRASE_WORDS_MAX &&
               part[to] / seed >= JOIN_SHARE)
            to++;
        while (from && to - from < PHRASE_WORDS_MAX &&
               part[from - 1] / seed >= JOIN_SHARE)
            from--;
        put_phrase(claiming, from, to);
        for (size_t i = from; i < to; i++)
            part[i] = 0;
    }
}

/* What each word adds, with the characters in it. */
static void weigh_words(struct claiming *claiming)
{
    const struct weighing_word *weighed = claiming->ground->weighing->word;
    size_t nr = claiming->ground->text->body.words.nr;

    claiming->part =
        arena_alloc(claiming->arena, nr * sizeof(*claiming->part));
    for (size_t i = 0; i < nr; i++)
        claiming->part[i] =
            dot_of(claiming, SCALE_WORDS, &weighed[i].word) +
            dot_of(claiming, SCALE_CHARS, &weighed[i].characters);
}

struct reason_list claims_collect(struct arena *arena,
                                  const struct claims_ground *ground,
                                  enum model_head head)
{
    const struct text *text = ground->text;
    size_t most = FEATURE_DENSE_NR + THING_NR + SEEDS_MAX;
    struct claiming claiming = {
        .arena = arena,
        .ground = ground,
        .head = head,
        .slope = model_slope(ground->model, head),
        .list = { .reason = arena_alloc(arena, most * sizeof(struct reason)) },
    };

    add_all_named(&claiming);
    add_blocks(&claiming);
    weigh_words(&claiming);
    put_thing(&claiming, THING_LINKS, "links", links_in_words(&claiming));
    put_thing(&claiming, THING_AUTHOR, "author_name", text->author.plain);
    put_thing(&claiming, THING_SITE, "author_url", text->author_link.host);
    put_thing(&claiming, THING_POST, "context", SPAN_LIT(""));
    put_phrases(&claiming);
    return claiming.list;
}

/* The word of the text that adds most to the margin of a kind. */
static struct span best_word(const struct text *text,
                             const struct weighing_kinds *kinds,
                             enum model_kind kind)
{
    size_t nr = text->body.words.nr;
    size_t best = 0;

    for (size_t i = 1; i < nr; i++)
        if (kinds->word[i][kind] > kinds->word[best][kind])
            best = i;
    return nr && kinds->word[best][kind] > 0 ? text->body.words.word[best].text
                                             : SPAN_LIT("");
}

void claims_name_kinds(struct verdict *verdict, const struct text *text,
                       const struct weighing_kinds *kinds)
{
    size_t named = 0;

    for (int i = 0; i < MODEL_KIND_NR && named < KINDS_NAMED_MAX; i++) {
        enum model_kind kind = (enum model_kind)i;

        if (verdict->nr == VERDICT_REASONS_MAX || kinds->margin[kind] < 0)
            continue;
        verdict->reason[verdict->nr++] = (struct reason){
            model_kind_name(kind),
            0,
            best_word(text, kinds, kind),
        };
        named++;
    }
}
