#include "app/command.h"
#include "app/options.h"
#include "base/log.h"

#include <errno.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>

#define VERSION "0.1.0"

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; command_list[i]; i++)
        if (!strcmp(command_list[i]->name, name))
            return command_list[i];
    return NULL;
}

static enum exit_code run_command(const struct command *command, int argc,
                                  char **argv)
{
    struct call call = { .command = command };
    enum exit_code code = EXIT_DONE;
    struct error err;
    bool help;

    if (options_read(&call, argc, argv, &help, &err))
        code = call_failed(&call, &err);
    else if (help)
        options_help(command);
    else
        code = command->run(&call);
    config_release(&call.config);
    return code;
}

/* A full disk is found out here at the latest, and must not pass for done. */
static enum exit_code close_output(enum exit_code code)
{
    bool failed = ferror(stdout);

    if (fclose(stdout) == 0 && !failed)
        return code;
    log_error("output_failed", "error=%s",
              log_quote(span_str(strerror(errno))).text);
    return code ? code : EXIT_SOME_FAILED;
}

static enum exit_code without_command(const char *word)
{
    if (!strcmp(word, "--version")) {
        printf("sluice " VERSION "\n");
        return EXIT_DONE;
    }
    if (!strcmp(word, "--help") || !strcmp(word, "-h") ||
        !strcmp(word, "help")) {
        options_overview();
        return EXIT_DONE;
    }
    log_error("usage", "error=%s hint=%s", log_quote(span_str(word)).text,
              log_quote(SPAN_LIT("no such command; 'sluice --help' lists "
                                 "them"))
                  .text);
    return EXIT_USAGE;
}

int main(int argc, char **argv)
{
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;

    /* For the widths of characters only; a missing locale does no harm. */
    setlocale(LC_CTYPE, "C.UTF-8");
    if (command)
        return (int)close_output(run_command(command, argc - 1, argv + 1));
    return (int)close_output(without_command(argc > 1 ? argv[1] : "--help"));
}
