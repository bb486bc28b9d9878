#!/bin/bash
#
# The companion in wp-admin of a real WordPress: settings, the test button,
# the comments list; and the Akismet plugin beside it; and how it leaves.
#
#     tests/e2e/companion_admin.sh PROGRAM SCRATCH_DIR
#
# A browser is played by curl with the cookies of a login. The last line is a
# count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/companion.sh
. "$here/companion.sh"

# log_in USER: cookies go to USER.jar.
log_in()
{
    curl -sS -o page -c "$1.jar" -b wordpress_test_cookie=1 \
        -d log="$1" -d pwd="$WP_LOGIN_PASSWORD" -d testcookie=1 \
        "$WP_URL/wp-login.php" && grep -q wordpress_logged_in "$1.jar"
}

# browse USER PATH [CURL_ARGUMENT...]: the page goes to the file page.
browse()
{
    local user=$1 path=$2

    shift 2
    curl -sS -L -o page -w '%{http_code}\n' -b "$user.jar" "$@" \
        "$WP_URL/wp-admin/$path"
}

# shown USER PATH [CURL_ARGUMENT...]: the page comes.
shown()
{
    same "$(browse "$@")" 200
}

# value NAME: of a hidden field of the page.
value()
{
    grep -oE "name=\"$1\" value=\"[^\"]*\"" page | head -1 |
        sed -E 's/.*value="([^"]*)"/\1/'
}

# notice PATTERN: the page says so at its top.
notice()
{
    tr '\n' ' ' <page | grep -oE '<div[^>]*class="notice[^>]*> ?<p>.*' |
        cut -c 1-500 >notices
    has notices "$1"
}

# save [FIELD=VALUE...]: the settings, with the page's own nonce.
save()
{
    local field fields=()

    browse admin options-general.php?page=sluice >/dev/null
    for field in "$@"; do
        fields+=(--data-urlencode "$field")
    done
    browse admin options.php -d option_page=sluice -d action=update \
        -d _wpnonce="$(value _wpnonce)" \
        -d _wp_http_referer=/wp-admin/options-general.php?page=sluice \
        "${fields[@]}" >/dev/null
}

# button NAME: one of those below the settings.
button()
{
    browse admin options-general.php?page=sluice >/dev/null
    browse admin admin-post.php -d action=sluice_do -d do="$1" \
        -d sluice_nonce="$(value sluice_nonce)" >/dev/null
}

# option_is NAME VALUE
option_is()
{
    same "$(site_sql "SELECT option_value FROM wp_options
        WHERE option_name = '$1'" | tail -1)" "$2"
}

settings()
{
    check "the settings page" shown admin options-general.php?page=sluice
    check "not for a moderator" \
        same "$(browse moderator options-general.php?page=sluice)" 403
    save "sluice_url=ftp://x/y"
    check "no other address than of http" option_is sluice_url ""
    save "sluice_url=http://127.0.0.1:1"
    check "nor one without a path" option_is sluice_url ""
    save "sluice_url=$receiver/v1/hooks/blog" "sluice_secret=whsec_short"
    check "an address" option_is sluice_url "$receiver/v1/hooks/blog"
    check "no short secret" option_is sluice_secret ""
    save "sluice_url=$receiver/v1/hooks/blog" sluice_generate=1
    check "the button makes a secret" has <(site_sql "SELECT option_value FROM
        wp_options WHERE option_name = 'sluice_secret'") \
        '^whsec_[A-Za-z0-9+/]{43}=$'
    browse admin options.php -d option_page=sluice -d action=update \
        -d _wpnonce=0 --data-urlencode sluice_url=http://evil.example/x/y \
        >/dev/null
    check "nothing without the nonce" \
        option_is sluice_url "$receiver/v1/hooks/blog"
}

# test_says PATTERN: what the button "send a test" says, and the route.
test_says()
{
    button test
    notice "$1" || return 1
    api POST sluice/v1/test
    answered .problem "200 $2"
}

test_button()
{
    local port=${receiver##*:}

    check "a secret that sluice does not have" \
        test_says 'its secret for this site is another one' secret
    option sluice_secret "$secret"
    check "all is well" test_says 'The test arrived' ''
    check "the receiver saw it" has "$log" '"type": "sluice.test"'
    option sluice_url "$receiver/v1/hooks/other"
    check "another name" test_says 'no webhook of sluice at this path' address
    option sluice_url "http://nowhere.invalid/v1/hooks/blog"
    check "a name that is not known, if WordPress may ask for it" \
        test_says 'WP_ACCESSIBLE_HOSTS' blocked
    option sluice_url "https://127.0.0.1:$port/v1/hooks/blog"
    check "no TLS there" test_says 'No secure connection' tls
    option sluice_url "$receiver/v1/hooks/blog"
    receiver_mode 'answer=401&date=4000'
    check "clocks apart" test_says 'clocks .* (39|40)[0-9][0-9] seconds' clock
    receiver_mode 'answer=503'
    check "busy" test_says 'sluice is busy' busy
    receiver_mode 'answer=500'
    check "broken" test_says 'HTTP 500' server
    receiver_mode 'delay=9'
    check "silent" test_says 'No answer from 127.0.0.1 in time' timeout
    receiver_down
    check "not there" test_says 'Nothing answers at 127.0.0.1' refused
    sed -i "s/127.0.0.1,localhost/127.0.0.1,nowhere.invalid/" \
        "$WP_ROOT/wp-config.php"
    option sluice_url "http://nowhere.invalid/v1/hooks/blog"
    check "no such name" test_says 'The name nowhere.invalid is not known' dns
    receiver_up "$port"
    connect
}

constants()
{
    sed -i "2i define('SLUICE_SECRET', 'whsec_$(head -c 24 /dev/zero |
        base64)');" "$WP_ROOT/wp-config.php"
    check "a secret in wp-config.php goes first" \
        test_says 'its secret for this site is another one' secret
    browse admin options-general.php?page=sluice >/dev/null
    check "the page says so" has page 'Set by SLUICE_SECRET in wp-config.php'
    check "and does not show it" same "$(grep -c AAAAAAAA page)" 0
    sed -i '2d' "$WP_ROOT/wp-config.php"
}

xss='<script>alert(1)</script>'

comments_list()
{
    local nonce_link

    jq -nc --arg xss "$xss" '{verdicts: [
        {id: 1, verdict: "spam", p_spam: 0.973, p_abuse: 0.2, model: $xss,
         reasons: [{feature: "link_many", weight: 2, evidence: $xss},
                   {feature: "word", weight: 1, evidence: "\"onload=x"},
                   {feature: $xss, weight: 1}]},
        {id: 2, verdict: "approve", p_spam: 0.001, reasons: []},
        {id: 3, verdict: "hold", p_spam: 0.5}]}' >request
    api POST sluice/v1/verdicts -d @request
    site_sql "UPDATE wp_comments SET comment_author = '$xss'
        WHERE comment_ID = 1"
    check "the list" shown moderator "edit-comments.php?comment_status=spam"
    check "the verdict in words" has page '>spam</strong> \(spam: 97%, abuse: 20%\)'
    check "and why" has page 'many links \(&lt;script&gt;alert\(1\)&lt;/script&gt;\)</li><li>“&quot;onload=x”'
    check "all escaped" same "$(grep -cF "$xss" page)" 0
    nonce_link=$(grep -oE "href=\"[^\"]*action=sluice_wrong[^\"]*" page |
        sed 's/^href="//; s/&#0*38;/\&/g; s/&amp;/\&/g')
    check "a link says that it was wrong" [ -n "$nonce_link" ]
    fresh_log
    check "not without its nonce" same "$(browse moderator \
        'admin-post.php?action=sluice_wrong&c=1&_wpnonce=0')" 403
    check "nor for others" same "$(browse author \
        "${nonce_link#*/wp-admin/}")" 403
    check "the link" shown moderator "${nonce_link#*/wp-admin/}" \
        -e "$WP_URL/wp-admin/edit-comments.php?comment_status=spam"
    check "says what it did" notice 'Approved, and sluice is told'
    check "the comment is approved" \
        same "$(site_statuses | sed -n 1p)" "1 approved"
    check "sluice is told" arrived 1
    check "who, and that it was wrong" same "$(events '[.type, .data.status,
        .data.old_status, .data.by, .data.wrong, .data.source]')" \
        '["comment.decided","approved","spam","moderator",true,"admin"]'
    check "the list shows it" shown moderator \
        "edit-comments.php?comment_status=approved"
    check "as a moderator's word" has page 'was wrong, a moderator says'
    check "the link is gone, but for what is approved" \
        same "$(grep -oE 'action=sluice_wrong[^"]*c=[0-9]+' page |
            grep -oE '[0-9]+$' | xargs)" 2
    browse moderator "edit-comments.php?comment_status=moderated" >/dev/null
    check "doubt is shown" has page '>in doubt</strong> \(spam: 50%\)'
    check "and has no such link" same "$(grep -c sluice_wrong page)" 0
}

# The plugin's words for reasons are the program's.
words()
{
    as_nobody "foreach (Sluice_Words::meanings() as \$name => \$meaning)
        echo \"\$name: \$meaning\n\";" >plugin
    {
        sed -nE 's/^FEATURE\((\w+), \w+, "(.*)"\)$/\1: \2/p' \
            "$here/../../src/features/features.def"
        sed -nE 's/^    \{ "(\w+)", "(.*)", STYLE_.*/\1: \2/p' \
            "$here/../../src/pipeline/words.c"
    } >program
    check "the words for reasons are the program's" cmp plugin program
    check "all of them" at_least "$(wc -l <plugin)" 60
}

# A moderator's click in the list, as the browser sends it.
click()
{
    browse moderator edit-comments.php >/dev/null
    fresh_log
    check "a click on spam" same "$(browse moderator admin-ajax.php \
        -d action=delete-comment -d id=4 -d spam=1 \
        -d _ajax_nonce="$(grep -E 'action=spamcomment' page | tr ' ' '\n' |
            grep -E 'c=4&.*spamcomment' | grep -oE '_wpnonce=[0-9a-f]+' | head -1 |
            cut -d= -f 2)")" 200
    check "arrives" arrived 1
    check "as a moderator's" same "$(events '[.data.comment.id, .data.status,
        .data.by, .data.source]')" '[4,"spam","moderator","admin"]'
}

akismet()
{
    option wordpress_api_key abcdefabcdef
    option sluice_akismet 1
    as_nobody "require ABSPATH . 'wp-admin/includes/plugin.php';
        activate_plugin('akismet/akismet.php');"
    fresh_log
    check "a visitor posts" posted "with Akismet"
    check "the Akismet plugin asks sluice" same "$(jq -r \
        'select(.path) | "\(.path) \(.host) \(.form.api_key)"' "$log" |
        head -1)" "/1.1/comment-check ${receiver#http://} abcdefabcdef"
    fresh_log
    api POST sluice/v1/verdicts -d '{"verdicts":[{"id":5,"verdict":"spam"},
        {"id":1,"verdict":"spam","if_status":"approved"}]}'
    check "verdicts are applied" \
        answered '[.results[].result] | unique | .[0]' "200 applied"
    check "it reports none of them" same "$(jq -c 'select(.path)' "$log")" ""
    api POST wp/v2/comments/6 -d '{"status":"spam"}'
    check "but a person's" same \
        "$(jq -r 'select(.path) | .path' "$log")" /1.1/submit-spam
    api GET sluice/v1/status
    check "the status tells" answered '.akismet | "\(.active) \(.redirected)"' \
        "200 true true"
}

# As in wp-admin: deactivated, then deleted.
leaves()
{
    receiver_down
    posted "left behind"
    check "there is something to remove" \
        same "$(outbox 'COUNT(*)') $(site_sql "SELECT COUNT(*) > 5 FROM
        wp_options WHERE option_name LIKE 'sluice%'" | tail -1)" "1 1"
    as_nobody "require ABSPATH . 'wp-admin/includes/plugin.php';
        require ABSPATH . 'wp-admin/includes/file.php';
        deactivate_plugins('sluice/sluice.php');
        delete_plugins(['sluice/sluice.php']);"
    check "the plugin is gone" [ ! -e "$WP_ROOT/wp-content/plugins/sluice" ]
    check "no table, option, meta or cron is left" same "$(site_sql "
        SELECT COUNT(*) FROM information_schema.tables
            WHERE table_name LIKE '%sluice%'
        UNION ALL SELECT COUNT(*) FROM wp_options WHERE option_name LIKE
            '%sluice%' OR (option_value LIKE '%sluice%'
            AND option_name NOT LIKE '%transient%')
        UNION ALL SELECT COUNT(*) FROM wp_commentmeta
            WHERE meta_key = '_sluice'" | tail -n +2 | xargs)" "0 0 0"
}

begin "$@"
export WP_COMPANION=plugin
site_begin
trap 'receiver_down; site_stop' EXIT
"$here/make_rows.py" 20 >rows.ndjson
check "rows" site_load rows.ndjson
post=$(site_sql "SELECT ID FROM wp_posts WHERE post_title = 'Post 1'" | tail -1)
no_flood
receiver_up
check "an administrator" log_in admin
check "a moderator" log_in moderator
check "an author" log_in author
settings
test_button
constants
comments_list
words
click
akismet
check "PHP had nothing to say" same "$(complaints)" ""
leaves
finish
