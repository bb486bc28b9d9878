# shellcheck shell=bash
#
# What the tests of the companion plugin share; sourced after site.sh.
#
# shellcheck source=tests/e2e/site.sh
[ -n "${site_dir+x}" ] || . "$(dirname "${BASH_SOURCE[0]}")/site.sh"

secret=whsec_$(head -c 32 /dev/urandom | base64)
receiver_pid=
receiver=
log=
post=1

# receiver_up [PORT]: start it; `receiver` is its URL, `log` what it saw. Not
# to be run in a subshell, as `check` does it.
receiver_up()
{
    local i

    log=$scratch/hooks.log
    touch "$log"
    : >receiver.url
    "$here/hook_receiver.py" "$secret" "$log" "$@" \
        >receiver.url 2>>receiver.err &
    receiver_pid=$!
    for ((i = 0; i < 100; i++)); do
        read -r receiver <receiver.url && break
        sleep 0.05
    done
    check "a receiver" [ -n "$receiver" ] || {
        cat receiver.err
        finish
        exit
    }
}

receiver_down()
{
    [ -n "$receiver_pid" ] || return 0
    kill "$receiver_pid" 2>/dev/null
    wait "$receiver_pid" 2>/dev/null
    receiver_pid=
}

# receiver_mode FIELDS: how it answers from now on.
receiver_mode()
{
    curl -sS --fail -d "$1" "$receiver/-/mode"
}

# Forget what it saw.
fresh_log()
{
    : >"$log"
}

# events JQ_FILTER: over the deliveries that were taken, in order.
events()
{
    jq -rc "select(.id and .signed and .answer < 300) | .body | $1" "$log"
}

# arrived NR: wait until so many were taken; for five seconds or so.
arrived()
{
    local i

    for ((i = 0; i < 100; i++)); do
        [ "$(events .type | wc -l)" -lt "$1" ] || break
        sleep 0.05
    done
    same "$(events .type | wc -l)" "$1"
}

# option NAME VALUE
option()
{
    site_sql "REPLACE INTO wp_options (option_name, option_value, autoload)
        VALUES ('$1', '$2', 'yes')"
}

# The plugin knows receiver and secret, and has forgotten that it was down.
connect()
{
    option sluice_url "$receiver/v1/hooks/blog"
    option sluice_secret "$secret"
    site_sql "DELETE FROM wp_options WHERE option_name = 'sluice_state'"
}

outbox()
{
    site_sql "SELECT $1 FROM wp_sluice_outbox" | tail -n +2
}

site_cron()
{
    curl -sS --fail "$WP_URL/wp-cron.php?doing_wp_cron"
}

# cron_brings NR: cron comes until so many events have arrived. After a failure
# the receiver is left alone for some seconds.
cron_brings()
{
    local i

    for ((i = 0; i < 40; i++)); do
        site_cron
        [ "$(events .type | wc -l)" -lt "$1" ] || break
        sleep 0.5
    done
    same "$(events .type | wc -l)" "$1"
}

# WordPress takes visitors who write twice for a flood, and from 7.0 on lets no
# ping into a site that is local.
no_flood()
{
    echo "<?php add_filter('comment_flood_filter', '__return_false', 99);
        add_filter('wp_should_disable_pings_for_environment',
            '__return_false');" \
        >"$WP_ROOT/wp-content/mu-plugins/no_flood.php"
}

# What PHP said of the plugin; Debian's old core itself is never quite silent.
complaints()
{
    grep -iE 'sluice(\.php|_)' "$WP_DIR/log/wordpress.log"
}

# as_nobody PHP: what a plugin does, and no person.
as_nobody()
{
    echo "<?php require '$here/wordpress/site.php'; $1" >nobody.php
    php nobody.php "$site_dir"
}

# post_form TEXT: as a visitor to `post` does; prints code and seconds.
post_form()
{
    curl -sS -o form.out -w '%{http_code} %{time_total}\n' \
        -d comment_post_ID="$post" -d author=Visitor \
        -d email="visitor$(date +%N)@example.org" \
        --data-urlencode "comment=$1 $(date +%N)" \
        "$WP_URL/wp-comments-post.php"
}

# posted TEXT: whether WordPress took it.
posted()
{
    same "$(post_form "$1" | cut -d' ' -f 1)" 302
}

# api METHOD ROUTE [CURL_ARGUMENT...]: as the moderator; answer in `answer`,
# its code in `code`.
api()
{
    api_as "$WP_USER:$WP_PASSWORD" "$@"
}

api_as()
{
    local login=$1 method=$2 route=$3

    shift 3
    code=$(curl -sS -o answer -w '%{http_code}' -u "$login" -X "$method" \
        -H 'Content-Type: application/json' "$WP_URL/wp-json/$route" "$@")
}

# answered JQ_FILTER WANTED: code, and what the filter gives.
answered()
{
    same "$code $(jq -r "$1" answer)" "$2"
}
