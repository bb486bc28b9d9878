# shellcheck shell=bash
#
# WordPress's own Akismet plugin, unmodified, in a real WordPress that
# publishes whatever its filters let pass; sourced after lib.sh. What visitors
# do goes through the site's comment form and its REST API, what moderators do
# through the buttons of wp-admin, all by HTTP.
#
# shellcheck source=tests/e2e/site.sh
[ -n "${site_dir+x}" ] || . "$(dirname "${BASH_SOURCE[0]}")/site.sh"
# shellcheck source=tests/e2e/serving.sh
. "$here/serving.sh"

key=k3y0fthe8log
comments=$here/akismet/comments.json
jar=
# The post that is commented on.
post=

# plugin_begin: a site, and a server's settings.
plugin_begin()
{
    site_begin
    serving_begin
    trap 'serving_end; site_stop' EXIT
    jar=$scratch/cookies
    export SLUICE_SITE_KEY=$key SLUICE_LISTEN=127.0.0.1:$port
}

wordpress()
{
    php "$here/akismet/wordpress.php" "$site_dir" "$@"
}

plugin_set_up()
{
    local into=$WP_ROOT/wp-content/mu-plugins

    # These visitors all come from one address, and fast.
    echo '<?php add_filter("wp_is_comment_flood", "__return_false", 99);' \
        >"$into/flood.php"
    cp "$here/akismet/redirect.php" "$into/" &&
        echo "http://127.0.0.1:$port" >"$into/server.txt" &&
        wordpress set-up "$key" >post.out
}

# field KIND NAME: of one of the comments.
field()
{
    jq -r ".$1.comment_$2" "$comments"
}

# visit KIND [MORE]: a visitor fills in the form; sets `id` to its number.
visit()
{
    curl -s -o visit.html -w '%{http_code}\n' "$WP_URL/wp-comments-post.php" \
        --data-urlencode "comment=$(field "$1" content)${2-}" \
        --data-urlencode "author=$(field "$1" author)" \
        --data-urlencode "email=$(field "$1" author_email)" \
        --data-urlencode "url=$(field "$1" author_url)" \
        -d "comment_post_ID=$post" -d 'comment_parent=0' >visit.code
    newest
}

# Sets `id` to the newest comment's number.
newest()
{
    # shellcheck disable=SC2034
    id=$(site_sql 'SELECT max(comment_ID) FROM wp_comments' | tail -n 1)
}

# rest TEXT: a logged-in author comments by the REST API.
rest()
{
    jq -n --arg text "$1" --argjson post "$post" \
        '{ post: $post, content: $text }' |
        curl -s -u "$WP_AUTHOR_USER:$WP_AUTHOR_PASSWORD" -o rest.json \
            -H 'Content-Type: application/json' -d @- \
            "$WP_URL/wp-json/wp/v2/comments"
    newest
}

shows()
{
    same "$(wordpress show "$1")" "$2"
}

log_in()
{
    curl -s -o login.html -c "$jar" -b 'wordpress_test_cookie=WP%20Cookie%20check' \
        -d "log=$WP_ADMIN_USER" --data-urlencode "pwd=$WP_LOGIN_PASSWORD" \
        -d 'testcookie=1' "$WP_URL/wp-login.php"
    grep -q wordpress_logged_in "$jar"
}

# click STATUS ACTION ID: the link below a comment on the page that lists
# those of that status, as it stands there.
click()
{
    local link

    curl -s -b "$jar" -o list.html \
        "$WP_URL/wp-admin/edit-comments.php?comment_status=$1"
    link=$(sed 's/&#038;/\&/g; s/&amp;/\&/g' list.html | grep -oE -m 1 \
        "comment\.php\?(c=$3&action=$2|action=$2&c=$3)&_wpnonce=[0-9a-f]+" |
        head -n 1)
    [ -n "$link" ] || {
        echo "no link to $2 comment $3"
        return 1
    }
    curl -s -b "$jar" -o click.html -w '%{http_code}' \
        "$WP_URL/wp-admin/$link" >click.code
}

# fed WANTED: what was learned so far, newest last.
fed()
{
    soon fed_now "$1"
}

fed_now()
{
    same "$(sql "SELECT group_concat(label || ' for ' || verdict || ' by ' || by
        || CASE WHEN decision THEN '' ELSE ' without a verdict' END, '; ')
        FROM (SELECT * FROM feedback ORDER BY id)")" "$1"
}

# judged TEXT: the newest decision is about a text that holds this.
judged()
{
    soon judged_now "$1"
}

judged_now()
{
    sql "SELECT excerpt FROM decision ORDER BY id DESC LIMIT 1" >excerpt
    grep -qF -- "$1" excerpt || {
        cat excerpt
        return 1
    }
}

# How often the plugin called so far.
calls()
{
    metric 'sluice_requests_total{door="akismet",status="200"}'
}
