/* sluice judge: comments in, verdicts out, one a line, in constant memory. */
#include "app/batch.h"
#include "app/command.h"
#include "app/crew.h"
#include "app/judged.h"
#include "app/layer.h"
#include "app/setup.h"
#include "base/log.h"
#include "wire/comment_json.h"
#include "wire/ndjson.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

/* A verdict is a few hundred bytes; its evidence comes from the comment. */
#define LINE_BYTES_MAX ((size_t)16 << 20)

struct judging {
    struct setup setup;
    struct ndjson in;
    struct juror juror;
    struct judged judged;
    struct crew *crew; /* NULL: this thread does it all */
    bool as_table;
    size_t bad; /* lines */
    struct buf line;
};

static void bad_line(struct judging *judging, size_t number, const char *what)
{
    judging->bad++;
    log_error("bad_line", "line=%zu error=%s", number,
              log_quote(span_str(what)).text);
}

static void print(struct span text)
{
    fwrite(text.ptr, 1, text.len, stdout);
}

static enum error_code print_row(struct judging *judging, struct span line,
                                 struct error *err)
{
    struct comment comment;
    struct verdict verdict;
    enum error_code rc;

    arena_reset(&judging->juror.arena);
    rc = comment_parse(&comment, &judging->juror.arena, line, err);
    if (rc)
        return rc;
    judge_comment(&judging->setup.judge, &judging->juror, &comment, &verdict,
                  NULL);
    judged_print(&judging->judged, &comment, &verdict);
    return ERROR_NONE;
}

static enum error_code print_verdict(struct judging *judging, struct span line,
                                     struct error *err)
{
    enum error_code rc;

    buf_reset(&judging->line);
    rc = batch_judge_line(&judging->line, &judging->setup.judge,
                          &judging->juror, line, err);
    print(buf_span(&judging->line));
    return rc;
}

/* Print the oldest batch under way; false when there is none. */
static bool print_batch(struct judging *judging)
{
    const struct batch *batch = crew_take(judging->crew);

    if (!batch)
        return false;
    print(buf_span(&batch->out));
    for (size_t i = 0; i < batch->bad_nr; i++)
        bad_line(judging, batch->bad[i].number, batch->bad[i].err.text);
    crew_give_back(judging->crew);
    return true;
}

/* Hand over what is there, be it little, and print all that is under way. */
static void drain(struct judging *judging)
{
    const struct batch *batch = crew_next(judging->crew);

    if (batch && batch->nr)
        crew_hand(judging->crew);
    while (print_batch(judging))
        continue;
}

static void take_line(struct judging *judging, enum ndjson_event event,
                      struct span line)
{
    struct batch *batch;

    batch = crew_next(judging->crew);
    if (!batch) {
        (void)print_batch(judging);
        batch = crew_next(judging->crew);
    }
    if (event == NDJSON_TOO_LONG)
        batch_add_too_long(batch, judging->in.number);
    else
        batch_add(batch, line, judging->in.number);
    if (batch_is_full(batch))
        crew_hand(judging->crew);
}

static void judge_line(struct judging *judging, enum ndjson_event event,
                       struct span line)
{
    enum error_code rc;
    struct error err;

    if (judging->crew) {
        take_line(judging, event, line);
        return;
    }
    if (event == NDJSON_TOO_LONG)
        rc = error_set(&err, ERROR_INPUT, "longer than a comment can be");
    else if (judging->as_table)
        rc = print_row(judging, line, &err);
    else
        rc = print_verdict(judging, line, &err);
    if (rc)
        bad_line(judging, judging->in.number, err.text);
}

/* False when reading failed, or nobody takes the output any more. */
static bool judge_all(struct judging *judging)
{
    struct span line;

    for (;;) {
        enum ndjson_event event;

        if (ndjson_would_wait(&judging->in)) {
            if (judging->crew)
                drain(judging);
            fflush(stdout);
        }
        event = ndjson_next(&judging->in, &line);
        if (event == NDJSON_END || ferror(stdout))
            return event == NDJSON_END;
        if (event == NDJSON_FAILED) {
            log_error("reading_failed", "line=%zu error=%s",
                      judging->in.number + 1,
                      log_quote(span_str(strerror(errno))).text);
            return false;
        }
        judge_line(judging, event, line);
    }
}

static enum exit_code judge_file(struct judging *judging, int fd)
{
    bool whole;

    ndjson_init(&judging->in, fd);
    juror_init(&judging->juror);
    buf_init(&judging->line, LINE_BYTES_MAX);
    judged_init(&judging->judged, stdout);
    whole = judge_all(judging);
    if (judging->crew)
        drain(judging);
    judged_release(&judging->judged);
    buf_release(&judging->line);
    juror_release(&judging->juror);
    ndjson_release(&judging->in);
    return whole && !judging->bad ? EXIT_DONE : EXIT_SOME_FAILED;
}

/* A crew for more than one job; a table is printed by one. */
static enum error_code start_crew(struct judging *judging, struct call *call,
                                  struct error *err)
{
    long long jobs = 1;

    if (call_has(call, "jobs") &&
        (!span_to_long(call_value(call, "jobs"), &jobs) || jobs < 1 ||
         jobs > CREW_THREADS_MAX))
        return error_set(err, ERROR_CONFIG,
                         "--jobs: a number from 1 to %d expected, not '%.*s'",
                         CREW_THREADS_MAX, SPAN_ARG(call_value(call, "jobs")));
    if (jobs == 1 || judging->as_table)
        return ERROR_NONE;
    return crew_start(&judging->crew, &judging->setup.judge, (size_t)jobs,
                      err);
}

static enum exit_code run_judge(struct call *call)
{
    struct judging judging = { .as_table = call_has(call, "table") };
    const char *path = call->operand_nr ? call->operand[0] : "-";
    enum exit_code code;
    struct error err;
    int fd = STDIN_FILENO;

    setup_init(&judging.setup);
    if (setup_judge(&judging.setup, &call->config, &err) ||
        layer_open(&judging.setup, &call->config, &err) ||
        start_crew(&judging, call, &err)) {
        code = call_failed(call, &err);
        goto out;
    }
    if (strcmp(path, "-") != 0)
        fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0) {
        (void)error_set(&err, ERROR_INPUT, "%s: can't be opened: %s", path,
                        strerror(errno));
        code = call_failed(call, &err);
        goto out;
    }
    code = judge_file(&judging, fd);
    if (fd != STDIN_FILENO)
        close(fd);
out:
    crew_free(judging.crew);
    setup_release(&judging.setup);
    return code;
}

static const struct command_flag flag[] = {
    { "jobs", "N", "judge with N threads; the order stays (1)" },
    { "table", NULL, "a table for people instead of JSON" },
    { NULL, NULL, NULL },
};

const struct command command_judge = {
    .name = "judge",
    .operands = "[FILE]",
    .summary = "judge comments from a file or stdin, one JSON object a line",
    .help = "Judge the comments of FILE (stdin if none is named): one JSON "
            "object a line, with\n"
            "text, author, author_url, post_title and so on. Prints one "
            "verdict a line, in the\n"
            "same order; a line that can't be judged is named on stderr, and "
            "the rest goes on.\n\n"
            "  echo '{\"id\": \"1\", \"text\": \"Cheap pills at "
            "http://pills.example\"}' | sluice judge\n",
    .flag = flag,
    .operands_max = 1,
    .run = run_judge,
};
