/* sluice judge: comments in, verdicts out, one a line, in constant memory. */
#include "app/command.h"
#include "app/judged.h"
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
    struct arena arena;
    struct judged judged;
    bool as_table;
    size_t bad; /* lines */
    struct buf line;
};

static void bad_line(struct judging *judging, const char *what)
{
    judging->bad++;
    log_error("bad_line", "line=%zu error=%s", judging->in.number,
              log_quote(span_str(what)).text);
}

static void judge_line(struct judging *judging, struct span line)
{
    struct comment comment;
    struct verdict verdict;
    struct error err;

    arena_reset(&judging->arena);
    if (comment_parse(&comment, &judging->arena, line, &err)) {
        bad_line(judging, err.text);
        return;
    }
    judge_comment(&judging->setup.judge, &judging->arena, &comment, &verdict,
                  NULL);
    if (judging->as_table) {
        judged_print(&judging->judged, &comment, &verdict);
        return;
    }
    buf_reset(&judging->line);
    verdict_put_json(&judging->line, comment.id, &verdict);
    if (judging->line.full)
        bad_line(judging, "its verdict is too long to print");
    fwrite(judging->line.ptr, 1, judging->line.len, stdout);
}

/* False when reading failed, or nobody takes the output any more. */
static bool judge_all(struct judging *judging)
{
    struct span line;

    for (;;) {
        enum ndjson_event event;

        if (ndjson_would_wait(&judging->in))
            fflush(stdout);
        event = ndjson_next(&judging->in, &line);
        if (event == NDJSON_END || ferror(stdout))
            return event == NDJSON_END;
        if (event == NDJSON_FAILED) {
            log_error("reading_failed", "line=%zu error=%s",
                      judging->in.number + 1,
                      log_quote(span_str(strerror(errno))).text);
            return false;
        }
        if (event == NDJSON_TOO_LONG)
            bad_line(judging, "longer than a comment can be");
        else
            judge_line(judging, line);
    }
}

static enum exit_code judge_file(struct judging *judging, int fd)
{
    bool whole;

    ndjson_init(&judging->in, fd);
    arena_init(&judging->arena);
    buf_init(&judging->line, LINE_BYTES_MAX);
    judged_init(&judging->judged, stdout);
    whole = judge_all(judging);
    judged_release(&judging->judged);
    buf_release(&judging->line);
    arena_release(&judging->arena);
    ndjson_release(&judging->in);
    return whole && !judging->bad ? EXIT_DONE : EXIT_SOME_FAILED;
}

static enum exit_code run_judge(struct call *call)
{
    struct judging judging = { .as_table = call_has(call, "table") };
    const char *path = call->operand_nr ? call->operand[0] : "-";
    enum exit_code code;
    struct error err;
    int fd = STDIN_FILENO;

    setup_init(&judging.setup);
    if (setup_judge(&judging.setup, &call->config, &err)) {
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
    setup_release(&judging.setup);
    return code;
}

static const struct command_flag flag[] = {
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
