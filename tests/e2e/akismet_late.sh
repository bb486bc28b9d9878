#!/bin/bash
#
# Late verdicts: a newer Akismet plugin (5.3.2 and later), unmodified, in the
# newest WordPress that Debian has. What a person decides on the moderators'
# page reaches the comment by the plugin's own callback, with its key alone.
#
#     tests/e2e/akismet_late.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/akismet_plugin.sh
. "$here/akismet_plugin.sh"

begin "$@"
releases=$(realpath -m "$scratch/../releases")
if ! "$here/wordpress/install.sh" >fetch.out 2>&1 ||
    ! "$here/wordpress/release.sh" sid "$releases" >>fetch.out 2>&1; then
    skip "a plugin that takes late verdicts" "$(tail -n 1 fetch.out)"
    finish
    exit
fi
export WP_RELEASE=$releases/sid E2E_WORDPRESS=$scratch/site
PATH=$WP_RELEASE:$PATH
plugin_begin
export SLUICE_SITE_KIND=akismet
export SLUICE_SITE_URL=$WP_URL/wp-json/akismet/v1/webhook

# latest ID: our newest judgement on the comment with that number.
latest()
{
    local guid

    guid=$(site_sql "SELECT meta_value FROM wp_commentmeta
        WHERE comment_id = $1 AND meta_key = 'akismet_guid'" | tail -n 1)
    sql "SELECT max(id) FROM decision WHERE comment = '$guid'
        AND decided_by = ''"
}

told_by()
{
    sql "SELECT state FROM decision WHERE decided_by = 'anna'
        ORDER BY id DESC LIMIT 1"
}

shows_later()
{
    local try
    for ((try = 0; try < 40; try++)); do
        shows "$@" >/dev/null && return 0
        sleep 0.1
    done
    shows "$@"
}

is_told()
{
    same "$(told_by)" "$1"
}

check "the plugin is set up" plugin_set_up || {
    finish
    exit
}
post=$(cat post.out)
serve_start
check "the first admin signs in" page_sign_in
check "what takes late verdicts is found" sluice 0 doctor

visit doubtful
held_id=$id
check "doubt is held" shows "$held_id" "0 false"
check "a person says spam" page_decides spam "$(latest "$held_id")"
check "the plugin hears of it" soon is_told applied
check "and does it" shows "$held_id" "spam false"
check "which it does not report as a person's word" fed "spam for hold by anna"

visit ham
ham_id=$id
check "an honest comment is published" shows "$ham_id" "1 false"
check "a person says spam, late" page_decides spam "$(latest "$ham_id")"
check "it is spam" shows_later "$ham_id" "spam false"
check "and fine after all" page_decides approve "$(latest "$ham_id")"
check "it is published again" shows_later "$ham_id" "1 false"

visit vague
check "doubt is held" shows "$id" "0 false"
check "a moderator logs in at the site" log_in
check "and approves it there" click moderated approvecomment "$id"
check "it is published" shows_later "$id" "1 false"
check "a person on the page says spam" page_decides spam "$(latest "$id")"
check "the plugin hears of that, too" soon is_told applied
check "and leaves it to the site's moderator" shows "$id" "1 false"
serve_stop TERM
finish
