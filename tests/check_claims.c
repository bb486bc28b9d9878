/*
 * A claim is kept when taking away what it points at, and judging again, moves
 * the log-odds by about what it says: asked of the built-in model about every
 * comment of the sample queue.
 */
#include "pipeline/claims.h"

#include "base/file.h"
#include "pipeline/judge.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <check.h>
#include <ctype.h>
#include <fcntl.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SAMPLE "src/site/sample_queue.ndjson"

/*
 * The tolerance: a quarter of a unit of log-odds, or a fifth of the claim.
 * What a claim can't know is that the words around a gap become neighbours,
 * that a comment without its links is shorter, or that the rest has other
 * shape.
 */
#define TOLERANCE 0.25
#define TOLERANCE_SHARE 0.2

/* Claims that say less are not worth a test. */
#define CLAIM_MIN 0.4

static struct arena arena;
static struct arena keep;
static struct model *model;

static void setup(void)
{
    struct error err;

    arena_init(&arena);
    arena_init(&keep);
    ck_assert_msg(!model_open(&model, NULL, &err), "%s", err.text);
}

static void teardown(void)
{
    model_close(model);
    arena_release(&arena);
    arena_release(&keep);
}

/* The claims about a comment; `*odds` is set to its log-odds. */
static struct reason_list claims_of(const struct comment *comment,
                                    enum model_head head, double *odds)
{
    const struct text *text = text_normalise(&arena, comment);
    struct weigher weigher = model_weigher(model, NULL, NULL);
    struct model_score score[MODEL_HEAD_NR];
    struct weighing weighing;
    struct bag bag;

    bag_fill(&arena, NULL, comment, text, &bag);
    weighing_take(&weighing, &arena, &weigher, &bag);
    model_weighed(model, &weighing, score);
    *odds = model_log_odds(model, head, score[head].margin);
    return claims_collect(
        &arena, &(struct claims_ground){ model, NULL, text, &bag, &weighing },
        head);
}

/* `s` without any `needle`, whatever its case. */
static struct span without(struct span s, struct span needle)
{
    char *out = arena_alloc(&arena, s.len + 1);
    size_t len = 0;

    for (size_t i = 0; i < s.len;) {
        struct span rest = span_cut(s, i, s.len);

        if (needle.len && span_starts_nocase(rest, needle))
            i += needle.len;
        else
            out[len++] = s.ptr[i++];
    }
    return (struct span){ out, len };
}

/* Without links: their tags, or the address itself. */
static struct span without_links(const struct comment *comment)
{
    const struct text *text = text_normalise(&arena, comment);
    struct span s = comment->text;
    char *out = arena_alloc(&arena, s.len + 1);
    size_t len = 0;
    char closing = 0;

    for (size_t i = 0; i < s.len; i++) {
        struct span rest = span_cut(s, i, s.len);

        if (span_starts_nocase(rest, SPAN_LIT("<a ")) ||
            span_starts_nocase(rest, SPAN_LIT("</a>")))
            closing = '>';
        else if (span_starts_nocase(rest, SPAN_LIT("[url")) ||
                 span_starts_nocase(rest, SPAN_LIT("[/url")))
            closing = ']';
        if (!closing)
            out[len++] = s.ptr[i];
        else if (s.ptr[i] == closing)
            closing = 0;
    }
    s = (struct span){ out, len };
    for (size_t i = 0; i < text->links.nr; i++)
        s = without(s, text->links.link[i].url);
    return s;
}

static bool among(struct span feature, const char *const *name)
{
    for (; *name; name++)
        if (span_starts(feature, span_str(*name)))
            return true;
    return false;
}

/* Take away what the reason points at; false if that can't be done here. */
static bool erase(struct comment *comment, const struct reason *reason)
{
    static const char *const links[] = { "link", "anchor", NULL };
    static const char *const site[] = { "author_url", "author_in_url", "url_",
                                        NULL };
    struct span text = comment->text;

    if (among(reason->feature, links)) {
        comment->text = without_links(comment);
        return !text_normalise(&arena, comment)->links.nr;
    }
    if (among(reason->feature, site)) {
        comment->author_url = SPAN_LIT("");
    } else if (span_starts(reason->feature, SPAN_LIT("author_"))) {
        comment->author = SPAN_LIT("");
    } else if (span_starts(reason->feature, SPAN_LIT("context"))) {
        comment->post_title = SPAN_LIT("");
        comment->post_text = SPAN_LIT("");
        comment->parent_text = SPAN_LIT("");
    } else if (span_eq(reason->feature, SPAN_LIT("word")) ||
               span_eq(reason->feature, SPAN_LIT("phrase"))) {
        comment->text = without(comment->text, reason->evidence);
        return comment->text.len < text.len && comment->text.len;
    } else {
        return false;
    }
    return true;
}

struct tally {
    size_t asked;
    size_t kept;
};

static void ask(const struct comment *comment, enum model_head head,
                struct tally *tally)
{
    struct comment less = *comment;
    double before;
    double after;
    struct reason_list claims;
    struct reason top;
    double moved;

    arena_reset(&arena);
    claims = claims_of(comment, head, &before);
    if (!claims.nr || fabs(claims.reason[0].weight) < CLAIM_MIN)
        return;
    top = claims.reason[0];
    if (!erase(&less, &top))
        return;
    (void)claims_of(&less, head, &after);
    moved = before - after;
    tally->asked++;
    tally->kept += fabs(moved - top.weight) <=
                   fmax(TOLERANCE, TOLERANCE_SHARE * fabs(top.weight));
    if (getenv("CLAIMS"))
        fprintf(stderr, "%.*s %d %.*s (%.*s): claims %+.2f, moved %+.2f\n",
                SPAN_ARG(comment->id), head, SPAN_ARG(top.feature),
                SPAN_ARG(top.evidence), top.weight, moved);
}

/* Nineteen claims in twenty are kept, and there are as many that can be asked
 * as there are comments: each has two heads to make one.
 */
START_TEST(test_claims_are_kept)
{
    int fd = open(SAMPLE, O_RDONLY | O_CLOEXEC);
    struct tally tally = { 0, 0 };
    struct comment comment;
    struct ndjson in;
    struct span line;
    struct error err;
    size_t comments = 0;

    ck_assert_int_ge(fd, 0);
    ndjson_init(&in, fd);
    while (ndjson_next(&in, &line) == NDJSON_LINE) {
        comments++;
        arena_reset(&keep);
        ck_assert(!comment_parse(&comment, &keep, line, &err));
        for (int head = 0; head < MODEL_HEAD_NR; head++)
            ask(&comment, (enum model_head)head, &tally);
    }
    ndjson_release(&in);
    close(fd);
    if (getenv("CLAIMS"))
        fprintf(stderr, "%zu of %zu\n", tally.kept, tally.asked);
    ck_assert_uint_ge(tally.asked, comments);
    ck_assert_uint_ge(20 * tally.kept, 19 * tally.asked);
}
END_TEST

Suite *claims_suite(void)
{
    Suite *s = suite_create("claims");
    TCase *tc = tcase_create("claims");

    tcase_add_checked_fixture(tc, setup, teardown);
    tcase_add_test(tc, test_claims_are_kept);
    suite_add_tcase(s, tc);
    return s;
}
