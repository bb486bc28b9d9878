#ifndef STORE_SEARCH_H
#define STORE_SEARCH_H

#include "store/store.h"

/*
 * Judgements by all that is known of them, the newest first. Like those of
 * account.h, these functions are for a store as store_open gives it.
 *
 * Words are found whole, without case and accents (SQLite's FTS5), or by their
 * beginning where that has SEARCH_PREFIX_MIN bytes and a '*' after it; no
 * other character of them is an operator.
 */
#define SEARCH_PREFIX_MIN 5

struct search {
    struct span words;  /* in text, author or hosts */
    struct span author; /* words of the name */
    struct span host;   /* "shop.example", of a link or web site */
    bool has_kind;
    enum verdict_kind kind;
    struct span reason; /* feature of one */
    struct span site;
    struct span model;
    int64_t since_ms; /* 0: any */
    int64_t until_ms; /* 0: any */
    bool corrected;   /* only what a person said otherwise of */
    int64_t before;   /* only numbers below; 0: all */
    size_t limit;
};

/* The judgements that all of `search` fits, in the arena. */
enum error_code search_find(struct store *store, struct arena *arena,
                            const struct search *search,
                            struct decision_list *list,
                            struct error *err) MUST_CHECK;

/* What there is to ask for. */
enum search_facet { SEARCH_MODELS, SEARCH_REASONS };

/* Hand each value of a facet to `each`; the span lives during the call. */
enum error_code search_facet_each(struct store *store, enum search_facet facet,
                                  void (*each)(void *context,
                                               struct span value),
                                  void *context, struct error *err) MUST_CHECK;

#endif /* STORE_SEARCH_H */
