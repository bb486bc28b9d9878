#include "app/command.h"

#include "base/log.h"

#include <string.h>

const struct command *const command_list[] = {
    &command_run,     &command_serve,   &command_judge,
    &command_explain, &command_history, &command_undo,
    &command_doctor,  &command_learn,   &command_migrate_store,
    &command_models,  &command_report,  &command_forget,
    &command_erase,   &command_config,  NULL,
};

static const char *flag_given(const struct call *call, const char *name)
{
    const struct command_flag *flag = call->command->flag;

    for (size_t i = 0; flag && flag[i].name; i++)
        if (!strcmp(flag[i].name, name))
            return call->flag[i];
    return NULL;
}

bool call_has(const struct call *call, const char *name)
{
    return flag_given(call, name);
}

struct span call_value(const struct call *call, const char *name)
{
    return span_str(flag_given(call, name));
}

enum exit_code exit_for(enum error_code code)
{
    switch (code) {
    case ERROR_NONE:
        return EXIT_DONE;
    case ERROR_INPUT:
    case ERROR_CONFIG:
    case ERROR_MODEL:
        return EXIT_USAGE;
    case ERROR_STORE:
    case ERROR_SITE:
    case ERROR_SITE_GONE:
        return EXIT_UNREACHABLE;
    }
    return EXIT_USAGE;
}

enum exit_code call_failed(const struct call *call, const struct error *err)
{
    log_error("failed", "command=%s error=%s", call->command->name,
              log_quote(span_str(err->text)).text);
    return exit_for(err->code);
}
