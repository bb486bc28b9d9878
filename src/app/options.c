#include "app/options.h"

#include "base/alloc.h"
#include "base/log.h"

#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* What getopt_long returns: the kind of option; which one is in `index`. */
enum { OPTION_HELP = 'h', OPTION_CONFIG = 256, OPTION_FLAG, OPTION_KEY };

/* The table for getopt_long; the names of keys live beside it. */
struct table {
    struct option *option;
    struct config_name *name;
    const char **value; /* of each key, NULL if not given */
    size_t flag_nr;
    const char *file;
};

static size_t count_flags(const struct command *command)
{
    size_t nr = 0;

    while (command->flag && command->flag[nr].name)
        nr++;
    return nr;
}

/* Flags first, then keys, then the two that all commands have, then zeros. */
static void table_init(struct table *table, const struct command *command)
{
    size_t key_nr = config_key_nr();
    struct option *option;

    memset(table, 0, sizeof(*table));
    table->flag_nr = count_flags(command);
    table->option = xcalloc(table->flag_nr + key_nr + 3, sizeof(*option));
    table->name = xcalloc(key_nr, sizeof(*table->name));
    table->value = xcalloc(key_nr, sizeof(*table->value));
    option = table->option;
    for (size_t i = 0; i < table->flag_nr; i++)
        *option++ = (struct option){ command->flag[i].name,
                                     command->flag[i].value ? required_argument
                                                            : no_argument,
                                     NULL, OPTION_FLAG };
    for (size_t i = 0; i < key_nr; i++) {
        table->name[i] = config_option(i);
        *option++ = (struct option){ table->name[i].text, required_argument,
                                     NULL, OPTION_KEY };
    }
    *option++ =
        (struct option){ "config", required_argument, NULL, OPTION_CONFIG };
    *option++ = (struct option){ "help", no_argument, NULL, OPTION_HELP };
}

static void table_release(struct table *table)
{
    free(table->option);
    free(table->name);
    free(table->value);
}

static enum error_code wrong_option(const struct call *call, int sign,
                                    const char *given, struct error *err)
{
    const char *name = call->command->name;
    /* A mistyped --site-password=... must not bring the word to a log. */
    int len = (int)strcspn(given, "=");

    if (sign == ':')
        return error_set(err, ERROR_CONFIG,
                         "%.*s: a value is missing; see 'sluice %s --help'",
                         len, given, name);
    return error_set(err, ERROR_CONFIG,
                     "%.*s: not an option of 'sluice %s'; see 'sluice %s "
                     "--help'",
                     len, given, name, name);
}

static enum error_code parse(struct call *call, struct table *table, int argc,
                             char **argv, bool *help, struct error *err)
{
    int sign;
    int at = 0;

    optind = 0; /* start afresh, whatever was read before */
    opterr = 0;
    while ((sign = getopt_long(argc, argv, ":h", table->option, &at)) != -1) {
        const char *value = optarg ? optarg : "";

        switch (sign) {
        case OPTION_HELP:
            *help = true;
            return ERROR_NONE;
        case OPTION_CONFIG:
            table->file = value;
            break;
        case OPTION_FLAG:
            call->flag[at] = value;
            break;
        case OPTION_KEY:
            table->value[(size_t)at - table->flag_nr] = value;
            break;
        default:
            return wrong_option(call, sign, argv[optind - 1], err);
        }
    }
    call->operand = argv + optind;
    call->operand_nr = (size_t)(argc - optind);
    return ERROR_NONE;
}

static enum error_code check_operands(const struct call *call,
                                      struct error *err)
{
    const struct command *command = call->command;

    if (call->operand_nr < command->operands_min)
        return error_set(err, ERROR_CONFIG,
                         "%s is missing; see 'sluice %s --help'",
                         command->operands, command->name);
    if (call->operand_nr > command->operands_max)
        return error_set(err, ERROR_CONFIG,
                         "%s: one too many; see 'sluice %s --help'",
                         call->operand[command->operands_max], command->name);
    return ERROR_NONE;
}

/* From the weakest to the strongest: file, environment, options. */
static enum error_code configure(struct call *call, const struct table *table,
                                 struct error *err)
{
    enum error_code rc;

    rc = config_read_file(&call->config, table->file, err);
    if (rc)
        return rc;
    if (call->config.insecure)
        log_warn(
            "password_readable", "file=%s hint=%s",
            log_quote(span_str(table->file ? table->file : CONFIG_FILE)).text,
            log_quote(SPAN_LIT("everybody on this machine can read the "
                               "password in it; chmod 600 it"))
                .text);
    rc = config_read_environment(&call->config, environ, err);
    for (size_t i = 0; !rc && i < config_key_nr(); i++)
        if (table->value[i])
            rc = config_set_option(&call->config, i, table->value[i], err);
    return rc;
}

enum error_code options_read(struct call *call, int argc, char **argv,
                             bool *help, struct error *err)
{
    enum error_code rc;
    struct table table;

    *help = false;
    call->argc = argc;
    call->argv = argv;
    config_init(&call->config);
    table_init(&table, call->command);
    rc = parse(call, &table, argc, argv, help, err);
    if (rc || *help)
        goto out;
    rc = check_operands(call, err);
    if (rc)
        goto out;
    rc = configure(call, &table, err);
out:
    table_release(&table);
    return rc;
}

static void print_flag(const struct command_flag *flag)
{
    char name[64];

    snprintf(name, sizeof(name), "--%s%s%s", flag->name,
             flag->value ? " " : "", flag->value ? flag->value : "");
    printf("  %-20s %s\n", name, flag->meaning);
}

void options_help(const struct command *command)
{
    const struct command_flag *flag = command->flag;

    printf("usage: sluice %s [OPTION]...%s%s\n\n%s\n", command->name,
           *command->operands ? " " : "", command->operands, command->help);
    for (size_t i = 0; flag && flag[i].name; i++)
        print_flag(&flag[i]);
    print_flag(&(struct command_flag){
        "config", "FILE", "settings; " CONFIG_FILE " if there is one" });
    print_flag(&(struct command_flag){ "help", NULL, "this" });
    printf("\nEvery setting is an option too; 'sluice config' lists them.\n");
}

void options_overview(void)
{
    printf("sluice judges comments: approve, hold or spam, and says why.\n\n"
           "usage: sluice COMMAND [OPTION]... [OPERAND]...\n\n");
    for (size_t i = 0; command_list[i]; i++)
        printf("  %-13s %s\n", command_list[i]->name,
               command_list[i]->summary);
    printf("\nsluice COMMAND --help   says more, with an example\n"
           "sluice --version\n\n"
           "It leaves with 0: done; 1: some comments failed, each is named "
           "on stderr;\n"
           "2: command line, configuration or model is wrong; 3: site or "
           "store can't be\nreached.\n");
}
