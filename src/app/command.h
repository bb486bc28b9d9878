#ifndef APP_COMMAND_H
#define APP_COMMAND_H

#include "app/config.h"
#include "base/error.h"
#include "base/span.h"

#include <stdbool.h>
#include <stddef.h>

/*
 * A sub-command: what it is called with, and what it does.
 *
 * Reading the command line, the environment and the file is the same for all
 * and done before a command runs; it gets the configuration, its own flags,
 * and its operands.
 */
enum exit_code {
    EXIT_DONE = 0,
    EXIT_SOME_FAILED = 1, /* some comments; each is named */
    EXIT_USAGE = 2,       /* command line, configuration or model */
    EXIT_UNREACHABLE = 3, /* site or store */
};

/* A flag of one command; `value` names what it takes, NULL for nothing. */
struct command_flag {
    const char *name;
    const char *value;
    const char *meaning;
};

#define COMMAND_FLAGS_MAX 16

struct call;

struct command {
    const char *name;
    const char *operands; /* "[FILE]" */
    const char *summary;
    const char *help;                /* what it does, and an example */
    const struct command_flag *flag; /* up to one without a name */
    size_t operands_min;
    size_t operands_max;
    enum exit_code (*run)(struct call *call);
};

/* One call of a command. */
struct call {
    const struct command *command;
    struct config config;
    const char *flag[COMMAND_FLAGS_MAX]; /* value, "" for one without */
    char **operand;
    size_t operand_nr;
    int argc; /* as options_read was given them */
    char **argv;
};

/* Was the flag given? */
bool call_has(const struct call *call, const char *name);

/* Its value; empty when it was not given. */
struct span call_value(const struct call *call, const char *name);

/*
 * Say on stderr what went wrong, and with what code to leave. Returns the
 * latter, so that a failure is one statement.
 */
enum exit_code call_failed(const struct call *call, const struct error *err);

/* The code to leave with after an error of this kind. */
enum exit_code exit_for(enum error_code code);

/* All of them, up to a NULL. */
extern const struct command *const command_list[];

extern const struct command command_config;
extern const struct command command_doctor;
extern const struct command command_erase;
extern const struct command command_explain;
extern const struct command command_forget;
extern const struct command command_history;
extern const struct command command_judge;
extern const struct command command_learn;
extern const struct command command_migrate_store;
extern const struct command command_models;
extern const struct command command_report;
extern const struct command command_run;
extern const struct command command_serve;
extern const struct command command_undo;

#endif /* APP_COMMAND_H */
