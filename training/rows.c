#include "rows.h"

#include "base/alloc.h"
#include "base/buf.h"
#include "model/model.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define LIST_BYTES_MAX ((size_t)1 << 20)

void rows_init(struct row_list *rows)
{
    memset(rows, 0, sizeof(*rows));
    arena_init(&rows->arena);
}

void rows_release(struct row_list *rows)
{
    free(rows->row);
    arena_release(&rows->arena);
    memset(rows, 0, sizeof(*rows));
}

uint64_t rows_lot(uint64_t seed, struct span id)
{
    uint64_t hash = seed * 0x9E3779B97F4A7C15ULL + 1;

    for (size_t i = 0; i < id.len; i++)
        hash = (hash ^ (unsigned char)id.ptr[i]) * 0x100000001B3ULL;
    hash ^= hash >> 30;
    hash *= 0xBF58476D1CE4E5B9ULL;
    hash ^= hash >> 27;
    hash *= 0x94D049BB133111EBULL;
    return hash ^ (hash >> 31);
}

static bool read_label(struct row *row, const struct json *value)
{
    struct span label;

    if (!json_text(json_member(value, "label"), &label))
        return false;
    if (span_eq(label, SPAN_LIT("ham")))
        row->label = LABEL_HAM;
    else if (span_eq(label, SPAN_LIT("spam")))
        row->label = LABEL_SPAM;
    else if (span_eq(label, SPAN_LIT("abuse")))
        row->label = LABEL_ABUSE;
    else
        return false;
    return true;
}

/* Columns of votes, and how many of them make a yes. */
static const struct {
    const char *column;
    enum model_kind kind;
    double yes;
} kind_column[] = {
    { "threat", MODEL_THREAT, 1 },
    { "insult", MODEL_INSULT, 1 },
    { "obscene", MODEL_OBSCENE, 1 },
    { "identity_hate", MODEL_IDENTITY, 1 },
    { "homophobia", MODEL_IDENTITY, 2 },
    { "racism", MODEL_IDENTITY, 2 },
    { "misogyny", MODEL_IDENTITY, 2 },
    { "xenophobia", MODEL_IDENTITY, 2 },
};

/* Columns of one word, which answers for some kinds. */
static const struct {
    const char *column;
    const char *word;
    struct row_kinds kinds;
} kind_word[] = {
    { "type",
      "threateninglanguage",
      { 1 << MODEL_THREAT, 1 << MODEL_THREAT } },
    { "type", "derogation", { 1 << MODEL_THREAT, 0 } },
    { "type", "dehumanizinglanguage", { 1 << MODEL_THREAT, 0 } },
    { "fine", "INSULT", { 1 << MODEL_INSULT, 1 << MODEL_INSULT } },
    { "fine", "PROFANITY", { 1 << MODEL_OBSCENE, 1 << MODEL_OBSCENE } },
};

static void read_votes(struct row_kinds *kinds, const struct json *scores)
{
    for (size_t i = 0; i < sizeof(kind_column) / sizeof(kind_column[0]); i++) {
        uint8_t bit = (uint8_t)(1U << kind_column[i].kind);
        double votes;

        if (!json_double(json_member(scores, kind_column[i].column), &votes))
            continue;
        kinds->asked |= bit;
        if (votes >= kind_column[i].yes)
            kinds->found |= bit;
    }
}

static void read_kinds(struct row_kinds *kinds, const struct json *scores)
{
    read_votes(kinds, scores);
    for (size_t i = 0; i < sizeof(kind_word) / sizeof(kind_word[0]); i++) {
        struct span word;

        if (!json_text(json_member(scores, kind_word[i].column), &word) ||
            !span_eq(word, span_str(kind_word[i].word)))
            continue;
        kinds->asked |= kind_word[i].kinds.asked;
        kinds->found |= kind_word[i].kinds.found;
    }
}

static enum error_code read_row(struct row_list *rows, struct span line,
                                int source, struct error *err)
{
    struct row row = { .source = source };
    struct json_doc doc;
    enum error_code rc = json_parse(&doc, line, err);

    if (rc)
        return rc;
    rc = comment_from_json(&row.comment, &rows->arena, doc.root, err);
    if (rc)
        goto out;
    if (!read_label(&row, doc.root)) {
        rc = error_set(err, ERROR_INPUT, "label is not ham, spam or abuse");
        goto out;
    }
    read_kinds(&row.kinds, json_member(doc.root, "scores"));
    if (json_text(json_member(doc.root, "group"), &row.group))
        row.group = arena_dup(&rows->arena, row.group);
    rows->row = xgrow(rows->row, rows->nr, &rows->alloc, sizeof(row));
    rows->row[rows->nr++] = row;
out:
    json_release(&doc);
    return rc;
}

/* What makes two rows the same: text and author, not date or address. */
static struct digest text_digest(const struct comment *comment)
{
    const struct span field[] = { comment->text, comment->author };

    return digest_of_fields(field, 2);
}

struct seen {
    struct digest digest;
    size_t row;
};

static int by_digest(const void *a, const void *b)
{
    const struct seen *x = a;
    const struct seen *y = b;
    int order = strcmp(x->digest.hex, y->digest.hex);

    if (order)
        return order;
    return (x->row > y->row) - (x->row < y->row);
}

/* Leave out repeated texts among the rows from `first` on. */
static void drop_repeats(struct row_list *rows, size_t first)
{
    size_t nr = rows->nr - first;
    struct seen *seen = xcalloc(nr, sizeof(*seen));
    bool *drop = xcalloc(nr, sizeof(*drop));
    size_t kept = first;

    for (size_t i = 0; i < nr; i++)
        seen[i] =
            (struct seen){ text_digest(&rows->row[first + i].comment), i };
    qsort(seen, nr, sizeof(*seen), by_digest);
    for (size_t i = 1; i < nr; i++)
        drop[seen[i].row] =
            !strcmp(seen[i].digest.hex, seen[i - 1].digest.hex);
    for (size_t i = 0; i < nr; i++)
        if (!drop[i])
            rows->row[kept++] = rows->row[first + i];
    rows->nr = kept;
    free(seen);
    free(drop);
}

enum error_code rows_read(struct row_list *rows, const char *path, int source,
                          struct error *err)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    enum error_code rc = ERROR_NONE;
    size_t first = rows->nr;
    struct error cause;
    struct ndjson in;
    struct span line;

    if (fd < 0)
        return error_set(err, ERROR_INPUT, "%s: can't be opened: %s", path,
                         strerror(errno));
    ndjson_init(&in, fd);
    while (!rc && ndjson_next(&in, &line) == NDJSON_LINE)
        rc = read_row(rows, line, source, &cause);
    if (rc)
        rc = error_set(err, ERROR_INPUT, "%s:%zu: %s", path, in.number,
                       cause.text);
    ndjson_release(&in);
    close(fd);
    drop_repeats(rows, first);
    return rc;
}

struct lot {
    uint64_t lot;
    size_t row;
};

static int by_lot(const void *a, const void *b)
{
    const struct lot *x = a;
    const struct lot *y = b;

    if (x->lot != y->lot)
        return x->lot < y->lot ? -1 : 1;
    return (x->row > y->row) - (x->row < y->row);
}

void rows_thin(struct row_list *rows, int source, size_t max_ham,
               size_t max_positive, uint64_t seed)
{
    struct lot *lot = xcalloc(rows->nr, sizeof(*lot));
    bool *drop = xcalloc(rows->nr, sizeof(*drop));
    size_t left[] = { max_ham, max_positive };
    size_t kept = 0;

    for (size_t i = 0; i < rows->nr; i++)
        lot[i] = (struct lot){ rows_lot(seed, rows->row[i].comment.id), i };
    qsort(lot, rows->nr, sizeof(*lot), by_lot);
    for (size_t i = 0; i < rows->nr; i++) {
        const struct row *row = &rows->row[lot[i].row];
        size_t *room = &left[row->label != LABEL_HAM];

        if (row->source != source)
            continue;
        drop[lot[i].row] = !*room;
        *room -= *room > 0;
    }
    for (size_t i = 0; i < rows->nr; i++)
        if (!drop[i])
            rows->row[kept++] = rows->row[i];
    rows->nr = kept;
    free(lot);
    free(drop);
}

static bool is_listed(struct span list, struct span id)
{
    while (list.len) {
        size_t end = span_find_char(list, '\n');

        if (span_eq(span_cut(list, 0, end), id))
            return true;
        list = span_cut(list, end + 1, list.len);
    }
    return false;
}

enum error_code rows_leave_out(struct row_list *rows, const char *path,
                               struct error *err)
{
    size_t kept = 0;
    struct buf list;
    enum error_code rc;

    buf_init(&list, LIST_BYTES_MAX);
    rc = buf_read_file(&list, path, err);
    for (size_t i = 0; !rc && i < rows->nr; i++)
        if (!is_listed(buf_span(&list), rows->row[i].comment.id))
            rows->row[kept++] = rows->row[i];
    if (!rc)
        rows->nr = kept;
    buf_release(&list);
    return rc;
}
