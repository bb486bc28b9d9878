/* sluice config: every setting, its value here, and its three names. */
#include "app/command.h"
#include "app/screen.h"

#include <stdio.h>

#define LINE_BYTES_MAX ((size_t)64 << 10)

static void print_section(struct span section)
{
    if (section.len)
        printf("\n[%.*s]\n", SPAN_ARG(section));
}

/*
 * What was not set, or must not be shown, is a comment: so that all of this
 * can be kept as a file.
 */
static void print_key(struct config *config, size_t i)
{
    struct span value = config_text(config, i);
    struct span name = config_name(i);
    struct buf line;

    buf_init(&line, LINE_BYTES_MAX);
    screen_put(&line, value, SCREEN_WIDTH_MAX);
    printf("; %s (--%s, %s)\n", config_meaning(i), config_option(i).text,
           config_variable(i).text);
    printf("%s%.*s = %.*s\n", value.len && !config_hides(config, i) ? "" : ";",
           SPAN_ARG(name), SPAN_ARG(buf_span(&line)));
    buf_release(&line);
}

static enum exit_code run_config(struct call *call)
{
    struct span section = SPAN_LIT("");

    for (size_t i = 0; i < config_key_nr(); i++) {
        if (!span_eq(section, config_section(i)))
            print_section(config_section(i));
        section = config_section(i);
        print_key(&call->config, i);
    }
    return EXIT_DONE;
}

const struct command command_config = {
    .name = "config",
    .operands = "",
    .summary = "list every setting, with its value and its names",
    .help = "Print the settings as they are here: from the file, the "
            "environment, and the\noptions. The password is never shown.\n\n"
            "  sluice config --site-kind wordpress > sluice.conf\n",
    .run = run_config,
};
