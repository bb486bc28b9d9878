#!/bin/bash
#
# WordPress's own Akismet plugin, as Debian ships it, asks `sluice serve`.
#
#     tests/e2e/akismet_wordpress.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/akismet_plugin.sh
. "$here/akismet_plugin.sh"

begin "$@"
plugin_begin

check "the plugin is set up" plugin_set_up || {
    finish
    exit
}
post=$(cat post.out)
serve_start

check "the plugin verifies its key" same "$(wordpress verify "$key")" valid
check "and hears of a wrong one" same "$(wordpress verify wrongwrong12)" invalid

visit spam
spam_id=$id
check "spam from the form is spam" shows "$spam_id" "spam true"
visit ham
ham_id=$id
check "an honest comment is published" shows "$ham_id" "1 false"
check "and was judged without WordPress's backslashes" judged \
    "it's \"really\" good"
visit doubtful
held_id=$id
check "doubt is held, though the site publishes by itself" \
    shows "$held_id" "0 false"
rest "$(field spam content)"
check "spam by REST is spam" shows "$id" "spam true"
# shellcheck disable=SC1003
rest 'I keep mine in C:\bread, and it'"'"'s \"safe\" there, as you wrote.'
check "what has backslashes of its own keeps them" judged 'in C:\bread'

check "a moderator logs in" log_in
check "and marks the honest one as spam" click approved spamcomment "$ham_id"
check "which arrives" fed "spam for approve by admin"
check "and finds the other in the spam folder" \
    click spam unspamcomment "$spam_id"
check "which arrives too" \
    fed "spam for approve by admin; approve for spam by admin"

check "the settings page shows the account" same "$(wordpress account "$key")" \
    "sluice active, 2 spam of 5"

# Our own change of a status by REST, which this plugin reports like any.
before=$(calls)
check "a run marks what was held" sluice 0 run --policy-spam-at 0.6 \
    --policy-approve-below 0.5
check "at the site" shows "$held_id" "spam false"
check "the plugin reports that" at_least "$(calls)" $((before + 1))
check "and nothing is learned from our own echo" fed_now \
    "spam for approve by admin; approve for spam by admin"

serve_stop TERM
visit spam " And more."
down_id=$id
check "without a server comments are held" shows "$down_id" "0 error"
serve_start
check "the plugin asks again" wordpress recheck
check "and it is spam" shows "$down_id" "spam true"
serve_stop TERM
finish
