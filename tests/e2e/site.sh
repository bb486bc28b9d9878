# shellcheck shell=bash
#
# A real WordPress for an end-to-end script; sourced after lib.sh. See
# wordpress/README.md for what it is made of.
#
# shellcheck source=tests/e2e/lib.sh
[ -n "${here-}" ] || . "$(dirname "${BASH_SOURCE[0]}")/lib.sh"

site_dir=

# site_begin: install what WordPress needs, start a new, empty site, and have
# it stopped when the script ends. What start.sh prints becomes variables. If
# there can be no site here, the script ends.
site_begin()
{
    if [ "$(id -u)" != 0 ] && ! sudo -n true 2>/dev/null; then
        skip "real WordPress" "installing it takes root, or sudo without asking"
        finish
        exit
    fi
    site_dir=${E2E_WORDPRESS:-$scratch/wordpress}
    trap site_stop EXIT
    trap 'exit 130' INT TERM
    if ! check "WordPress can be installed" "$here/wordpress/install.sh" ||
        ! check "a site starts" site_fresh; then
        finish
        exit
    fi
    site_settings
}

# site_fresh [VARIABLE=VALUE...]: a new site, and the variables set for it.
site_fresh()
{
    env "$@" "$here/wordpress/start.sh" "$site_dir" >start.out
}

site_stop()
{
    [ ! -d "$site_dir" ] || "$here/wordpress/stop.sh" "$site_dir"
}

# Tell the program, by the environment alone, where the site is.
site_settings()
{
    # shellcheck disable=SC1091
    . "$site_dir/env"
    export SLUICE_STORE=$scratch/sluice.db
    export SLUICE_SITE_KIND=wordpress
    export SLUICE_SITE_URL=$WP_URL
    export SLUICE_SITE_USER=$WP_USER
    export SLUICE_SITE_PASSWORD=$WP_PASSWORD
    access_log=$WP_DIR/log/access.log
}

site_load()
{
    php "$here/wordpress/load.php" "$site_dir" "$1"
}

# site_sql STATEMENT: behind WordPress's back.
site_sql()
{
    MYSQL_PWD=$WP_DB_PASSWORD mariadb --no-defaults --socket="$WP_DB_SOCKET" \
        --user="$WP_DB_USER" "$WP_DB_NAME" -e "$1"
}

# site_person STATUS ID...: what a moderator does at the site.
site_person()
{
    php "$here/wordpress/set_status.php" "$site_dir" "$@"
}

# Each comment's id and status as the program names it, in order of id.
site_statuses()
{
    "$here/wordpress/dump.sh" --labels "$site_dir" |
        awk -F'\t' '{ sub("^0$", "hold", $2); sub("^1$", "approved", $2);
                      print $1, $2 }'
}

# The same, as the newest verdicts in the store would have it.
store_statuses()
{
    "$program" history --json --limit 0 |
        jq -rs 'group_by(.id) | map(.[0]) | sort_by(.id | tonumber)
                | .[] | .id + " " + {"approve": "approved", "hold": "hold",
                                     "spam": "spam"}[.verdict]'
}

# verdicts_done: each comment has the status of its verdict.
verdicts_done()
{
    site_statuses >is
    store_statuses >wanted
    [ -s is ] && diff is wanted
}

# requests_since LINE PATTERN: how many "METHOD path" that match it the web
# server saw after that many lines of its log.
requests_since()
{
    tail -n "+$(($1 + 1))" "$access_log" |
        sed -nE 's|^[^"]*"([^"]*) HTTP/[^"]*".*|\1|p' | grep -cE -- "$2"
}

# posts_since LINE: the id and answer of each change of status that the web
# server saw after that many lines of its log.
posts_since()
{
    tail -n "+$(($1 + 1))" "$access_log" |
        sed -nE 's|.*"POST [^ ]*wp/v2/comments/([0-9]+)[^"]*" ([0-9]+) .*|\1 \2|p'
}

log_lines()
{
    wc -l <"$access_log"
}
