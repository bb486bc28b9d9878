/*
 * Within a block of n-grams of unit length the head adds up dot products. Let
 * a block give D in all and a group of its entries D' with squared length S';
 * without the group the block gives (D - D') / sqrt(1 - S'). So what a group
 * claims takes two sums and no second scoring.
 */
#include "pipeline/claims.h"

#include "model/scale.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

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

/* What a group of entries adds: by block, and named features. */
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

/* Of words and pairs only two blocks matter. */
struct word_sum {
    double dot[2];
    double square[2];
};

struct claiming {
    struct arena *arena;
    const struct model *model;
    enum model_head head;
    const struct text *text;
    struct sum all;
    struct sum thing[THING_NR];
    struct lead lead[THING_NR];
    struct word_sum *word; /* words and the characters in them */
    struct word_sum *pair; /* by its first word */
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

static void put(struct claiming *claiming, struct span feature, double weight,
                struct span evidence)
{
    if (fabs(weight) < CLAIM_SMALL)
        return;
    claiming->list.reason[claiming->list.nr++] =
        (struct reason){ feature, weight, evidence };
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
            feature_evidence(claiming->arena, claiming->text, entry));
}

static void add_to_thing(struct sum *sum, enum scale_block block, double part,
                         double square)
{
    sum->dot[block] += part;
    sum->square[block] += square;
}

static void add_hashed(struct claiming *claiming,
                       const struct vector_entry *entry, double part)
{
    enum scale_block block = scale_block((enum feature_family)entry->family);
    double square = (double)entry->value * (double)entry->value;
    struct word_sum *words =
        entry->family == FAMILY_PAIR ? claiming->pair : claiming->word;

    add_to_thing(&claiming->all, block, part, square);
    switch (block) {
    case SCALE_AUTHOR:
        add_to_thing(&claiming->thing[THING_AUTHOR], block, part, square);
        return;
    case SCALE_URL:
        add_to_thing(&claiming->thing[THING_SITE], block, part, square);
        return;
    case SCALE_CLICK:
        add_to_thing(&claiming->thing[THING_LINKS], block, part, square);
        return;
    default:
        words[entry->word].dot[block == SCALE_CHARS] += part;
        words[entry->word].square[block == SCALE_CHARS] += square;
    }
}

static double claim_of(const struct claiming *claiming, const struct sum *sum)
{
    double claim = sum->named;

    for (int block = 0; block < SCALE_BLOCK_NR; block++) {
        double dot = claiming->all.dot[block];
        double left = claiming->all.square[block] - sum->square[block];

        if (sum->square[block] <= 0)
            continue;
        claim += dot;
        if (left > SQUARE_SMALL)
            claim -= (dot - sum->dot[block]) *
                     sqrt(claiming->all.square[block] / left);
    }
    return claim;
}

/* "3 links to shop.example", "5 links to shop.example and others". */
static struct span links_in_words(const struct claiming *claiming)
{
    const struct link_list *links = &claiming->text->links;
    size_t nr = links->nr + claiming->text->links_more;
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

static double part_of(const struct claiming *claiming, size_t i)
{
    return claiming->word[i].dot[0] + claiming->word[i].dot[1];
}

static void add_word(struct sum *sum, const struct word_sum *word)
{
    sum->dot[SCALE_WORDS] += word->dot[0];
    sum->dot[SCALE_CHARS] += word->dot[1];
    sum->square[SCALE_WORDS] += word->square[0];
    sum->square[SCALE_CHARS] += word->square[1];
}

/* Words `from` to `to`, `to` not included, and the pairs they are in. */
static void put_phrase(struct claiming *claiming, size_t from, size_t to)
{
    const struct word *word = claiming->text->body.words.word;
    const char *begin = word[from].text.ptr;
    const char *end = word[to - 1].text.ptr + word[to - 1].text.len;
    struct span evidence = { begin, (size_t)(end - begin) };
    struct sum sum = { .named = 0 };

    if (to - from == 1 && evidence.len <= ORDINARY_BYTES &&
        part_of(claiming, from) < 0)
        return;
    for (size_t i = from; i < to; i++)
        add_word(&sum, &claiming->word[i]);
    for (size_t i = from ? from - 1 : 0; i < to; i++)
        add_word(&sum, &claiming->pair[i]);
    put(claiming, to - from > 1 ? SPAN_LIT("phrase") : SPAN_LIT("word"),
        claim_of(claiming, &sum), evidence);
}

/* The heaviest word that is in no phrase yet; `nr` when none is left. */
static size_t next_seed(const struct claiming *claiming, const bool *taken,
                        size_t nr)
{
    size_t best = nr;

    for (size_t i = 0; i < nr; i++)
        if (!taken[i] && (best == nr || fabs(part_of(claiming, i)) >
                                            fabs(part_of(claiming, best))))
            best = i;
    return best;
}

static bool joins(const struct claiming *claiming, const bool *taken, size_t i,
                  double seed)
{
    return !taken[i] && part_of(claiming, i) / seed >= JOIN_SHARE;
}

static void put_phrases(struct claiming *claiming)
{
    size_t nr = claiming->text->body.words.nr;
    bool *taken = arena_zalloc(claiming->arena, nr + 1, sizeof(*taken));

    for (size_t n = 0; n < SEEDS_MAX; n++) {
        size_t from = next_seed(claiming, taken, nr);
        size_t to = from + 1;
        double seed;

        if (from == nr || fabs(part_of(claiming, from)) < CLAIM_SMALL)
            return;
        seed = part_of(claiming, from);
        while (to < nr && to - from < PHRASE_WORDS_MAX &&
               joins(claiming, taken, to, seed))
            to++;
        while (from && to - from < PHRASE_WORDS_MAX &&
               joins(claiming, taken, from - 1, seed))
            from--;
        for (size_t i = from; i < to; i++)
            taken[i] = true;
        put_phrase(claiming, from, to);
    }
}

static int heavier(const void *a, const void *b)
{
    const struct reason *x = a;
    const struct reason *y = b;
    double wx = fabs(x->weight);
    double wy = fabs(y->weight);
    int order;

    if (wx != wy)
        return wx < wy ? 1 : -1;
    order = span_cmp(x->feature, y->feature);
    return order ? order : span_cmp(x->evidence, y->evidence);
}

static struct claiming begin(struct arena *arena, const struct model *model,
                             enum model_head head, const struct text *text)
{
    size_t words = text->body.words.nr + 1;
    size_t most = FEATURE_DENSE_NR + THING_NR + SEEDS_MAX;
    struct claiming claiming = {
        .arena = arena,
        .model = model,
        .head = head,
        .text = text,
        .word = arena_zalloc(arena, words, sizeof(struct word_sum)),
        .pair = arena_zalloc(arena, words, sizeof(struct word_sum)),
    };

    claiming.list.reason =
        arena_alloc(arena, most * sizeof(*claiming.list.reason));
    return claiming;
}

struct reason_list
claims_collect(struct arena *arena, const struct model *model,
               const struct site_model *site, enum model_head head,
               const struct text *text, const struct vector *vector)
{
    struct claiming claiming = begin(arena, model, head, text);

    for (size_t i = 0; i < vector->nr; i++) {
        const struct vector_entry *entry = &vector->entry[i];
        double part = model_part(model, head, entry);

        if (site && head == MODEL_SPAM)
            part += site_model_part(site, entry);
        if (entry->slot < FEATURE_DENSE_NR)
            add_named(&claiming, entry, part);
        else
            add_hashed(&claiming, entry, part);
    }
    put_thing(&claiming, THING_LINKS, "links", links_in_words(&claiming));
    put_thing(&claiming, THING_AUTHOR, "author_name", text->author.plain);
    put_thing(&claiming, THING_SITE, "author_url", text->author_link.host);
    put_thing(&claiming, THING_POST, "context", SPAN_LIT(""));
    put_phrases(&claiming);
    qsort(claiming.list.reason, claiming.list.nr,
          sizeof(*claiming.list.reason), heavier);
    return claiming.list;
}

/* The word of the text that adds most to the margin of a kind. */
static struct span best_word(const struct model *model, enum model_kind kind,
                             struct arena *arena, const struct text *text,
                             const struct vector *vector)
{
    size_t nr = text->body.words.nr;
    double *part = arena_zalloc(arena, nr + 1, sizeof(*part));
    size_t best = 0;

    for (size_t i = 0; i < vector->nr; i++) {
        const struct vector_entry *entry = &vector->entry[i];

        if (entry->slot >= FEATURE_DENSE_NR && entry->family <= FAMILY_CHAR)
            part[entry->word] += model_kind_part(model, kind, entry);
    }
    for (size_t i = 1; i < nr; i++)
        if (part[i] > part[best])
            best = i;
    return nr && part[best] > 0 ? text->body.words.word[best].text
                                : SPAN_LIT("");
}

void claims_name_kinds(struct verdict *verdict, const struct model *model,
                       struct arena *arena, const struct text *text,
                       const struct vector *vector)
{
    size_t named = 0;

    for (int i = 0; i < MODEL_KIND_NR && named < KINDS_NAMED_MAX; i++) {
        enum model_kind kind = (enum model_kind)i;

        if (verdict->nr == VERDICT_REASONS_MAX ||
            model_kind_margin(model, kind, vector) < 0)
            continue;
        verdict->reason[verdict->nr++] = (struct reason){
            model_kind_name(kind),
            0,
            best_word(model, kind, arena, text, vector),
        };
        named++;
    }
}
