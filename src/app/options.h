#ifndef APP_OPTIONS_H
#define APP_OPTIONS_H

#include "app/command.h"
#include "base/error.h"

#include <stdbool.h>

/*
 * The command line of one command, and with it the configuration.
 */

/*
 * Read argv, in which argv[0] is the command's name, into `call`, whose
 * command is set: flags, operands, and the configuration from file,
 * environment and options. `*help` is set instead when --help is among them.
 * ERROR_CONFIG names what is wrong. The caller releases call->config, also
 * after an error.
 */
enum error_code options_read(struct call *call, int argc, char **argv,
                             bool *help, struct error *err) MUST_CHECK;

/* Print the manual of one command, or of the program. */
void options_help(const struct command *command);
void options_overview(void);

#endif /* APP_OPTIONS_H */
