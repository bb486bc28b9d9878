#include "store/intake.h"

#include "base/alloc.h"
#include "base/log.h"
#include "store/carrier.h"
#include "store/parcel.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define SUFFIX "-intake"
#define URL_PREFIX "sqlite:"

/* Who is answered at once waits so long for room. */
#define FULL_MS 1000

struct intake {
    struct writer *writer;   /* the store's */
    struct writer *keeper;   /* the journal's; before a server, its own */
    struct journal *journal; /* NULL: none */
    struct carrier *carrier; /* likewise */
    struct parcel_pool pool;
    struct intake_listener listener;
};

/* The journal's path, beside the store that `url` names. */
static char *path_beside(const char *url)
{
    struct span path = span_str(url);
    size_t size = path.len + sizeof(SUFFIX);
    char *made = xmalloc(size);

    if (span_starts(path, SPAN_LIT(URL_PREFIX)))
        path = span_cut(path, strlen(URL_PREFIX), path.len);
    snprintf(made, size, "%.*s" SUFFIX, SPAN_ARG(path));
    return made;
}

static enum error_code begin_journal(struct intake *intake, struct error *err)
{
    char *path = path_beside(writer_url(intake->writer));
    enum error_code rc = journal_open(&intake->journal, path, err);

    if (!rc)
        rc = writer_start_on(&intake->keeper, journal_store(intake->journal),
                             err);
    if (!rc)
        rc = carrier_start(&intake->carrier,
                           &(struct carrier_way){
                               .path = path,
                               .journal = intake->journal,
                               .keeper = intake->keeper,
                               .writer = intake->writer,
                               .listener = &intake->listener,
                           },
                           err);
    free(path);
    return rc;
}

enum error_code intake_start(struct intake **intake, struct writer *writer,
                             const struct intake_listener *listener,
                             struct error *err)
{
    struct intake *made = xcalloc(1, sizeof(*made));
    const char *url = writer_url(writer);
    enum error_code rc;

    made->writer = writer;
    made->listener = *listener;
    parcel_pool_init(&made->pool);
    rc = store_is_server(span_str(url)) ? writer_start(&made->keeper, url, err)
                                        : begin_journal(made, err);
    if (rc)
        (void)intake_stop(made, 0);
    else
        *intake = made;
    return rc;
}

size_t intake_depth(struct intake *intake)
{
    return intake->carrier ? carrier_depth(intake->carrier) : 0;
}

static bool is_full(struct intake *intake)
{
    return intake_depth(intake) >= (size_t)INTAKE_MAX;
}

static void taken(struct writer_job *job, enum error_code rc,
                  const struct error *err)
{
    struct parcel *parcel = (struct parcel *)job;

    if (!rc)
        carrier_tell(&parcel->intake->listener, &parcel->load);
    if (parcel->done)
        parcel->done(parcel->context, rc, err);
    else if (rc)
        log_error("not_remembered", "error=%s",
                  log_quote(span_str(err->text)).text);
    parcel_give_back(parcel);
}

static struct writer_job *address(struct intake *intake, struct parcel *parcel)
{
    parcel->intake = intake;
    parcel->journal = intake->journal;
    parcel->job.done = taken;
    return &parcel->job;
}

bool intake_event(struct intake *intake, const struct event *event,
                  void (*done)(void *context, enum error_code rc,
                               const struct error *err),
                  void *context)
{
    struct parcel *parcel;
    struct error err;
    enum error_code rc = event_check(event, &err);

    if (rc) {
        done(context, rc, &err);
        return true;
    }
    if (is_full(intake))
        return false;
    parcel = parcel_event(&intake->pool, event);
    parcel->done = done;
    parcel->context = context;
    if (writer_submit(intake->keeper, address(intake, parcel)))
        return true;
    parcel_give_back(parcel);
    return false;
}

static void remember(struct intake *intake, struct parcel *parcel)
{
    if (is_full(intake))
        carrier_wait(intake->carrier, FULL_MS);
    writer_submit_wait(intake->keeper, address(intake, parcel));
}

void intake_decision(struct intake *intake, const struct decision *decision)
{
    remember(intake, parcel_decision(&intake->pool, decision));
}

void intake_feedback(struct intake *intake, const struct feedback *feedback,
                     struct span echo_by)
{
    remember(intake, parcel_feedback(&intake->pool, feedback, echo_by));
}

static enum error_code nothing(void *context, struct store *store,
                               struct error *err)
{
    (void)context;
    (void)store;
    (void)err;
    return ERROR_NONE;
}

size_t intake_stop(struct intake *intake, int64_t ms)
{
    size_t left = 0;
    struct error err;

    if (!intake)
        return 0;
    /* When this is done all that was handed in is on the disk. */
    if (intake->keeper && writer_call(intake->keeper, nothing, NULL, &err))
        log_error("intake_fails", "error=%s",
                  log_quote(span_str(err.text)).text);
    if (intake->carrier)
        left = carrier_stop(intake->carrier, ms);
    writer_stop(intake->keeper);
    if (intake->journal)
        store_close(journal_store(intake->journal));
    parcel_pool_release(&intake->pool);
    free(intake);
    return left;
}

static void nothing_came(void *context, struct span site)
{
    (void)context;
    (void)site;
}

static void nothing_said(void *context, const struct feedback *feedback)
{
    (void)context;
    (void)feedback;
}

static enum error_code empty_it(const char *url, struct error *err)
{
    const struct intake_listener listener = { NULL, nothing_came,
                                              nothing_said };
    struct writer *writer;
    struct intake *intake;
    size_t left = 0;
    enum error_code rc = writer_start(&writer, url, err);

    if (rc)
        return rc;
    rc = intake_start(&intake, writer, &listener, err);
    if (!rc)
        left = intake_stop(intake, INT32_MAX);
    writer_stop(writer);
    if (!rc && left)
        rc = error_set(err, ERROR_STORE,
                       "%.256s%s: %zu entries can't be carried over; start "
                       "'sluice serve' and see its log",
                       url, SUFFIX, left);
    return rc;
}

enum error_code intake_empty(const char *url, struct error *err)
{
    char *path = path_beside(url);
    bool any = !store_is_server(span_str(url)) && !access(path, F_OK);

    free(path);
    return any ? empty_it(url, err) : ERROR_NONE;
}
