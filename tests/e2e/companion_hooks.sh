#!/bin/bash
#
# The companion's webhooks on a real WordPress: what is told, to whom it may
# not matter, and that a visitor never waits for it.
#
#     tests/e2e/companion_hooks.sh PROGRAM SCRATCH_DIR
#
# hook_receiver.py checks signatures by itself. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/companion.sh
. "$here/companion.sh"

# Posts of which the median is taken.
posts=9

prepare()
{
    "$here/make_rows.py" 20 >rows.ndjson
    check "rows" site_load rows.ndjson
    post=$(site_sql "SELECT ID FROM wp_posts WHERE post_title = 'Post 1'" |
        tail -1)
    no_flood
    receiver_up
    connect
}

# xmlrpc: a comment by wp.newComment.
xmlrpc()
{
    local value='<param><value>' end='</value></param>'

    curl -sS -o xmlrpc.out "$WP_URL/xmlrpc.php" -d "<?xml version=\"1.0\"?>
<methodCall><methodName>wp.newComment</methodName><params>
$value<int>1</int>$end
$value<string>author</string>$end
$value<string>$WP_LOGIN_PASSWORD</string>$end
$value<int>$post</int>$end
$value<struct><member><name>content</name><value>by XML-RPC</value></member>
</struct>$end
</params></methodCall>"
    grep -q '<int>' xmlrpc.out
}

each_way_in()
{
    fresh_log
    check "a visitor posts" posted "It's \"quoted\" \\ 😀"
    check "it arrives, and is signed" arrived 1
    check "what is told" same "$(events '[.type, .data.status,
        .data.comment.status, .data.comment.author_name,
        .data.comment.post_title, .data.comment.post_text,
        (.data.comment.content.raw | .[:15])]')" \
        '["comment.created","hold","hold","Visitor","Post 1","About beds &amp; borders.","It'\''s \"quoted\" \\"]'
    events .data.comment >told
    api GET "sluice/v1/queue?after=20"
    check "the comment is as in the queue" same "$(jq -cS 'del(.post_title,
        .post_text, .post_date, .permalink)' told)" \
        "$(jq -cS '.comments[0]' answer)"
    events '.data.comment' >one.ndjson
    check "the program reads it" sluice 0 judge one.ndjson
    api_as "$WP_AUTHOR_USER:$WP_AUTHOR_PASSWORD" POST wp/v2/comments \
        -d "{\"post\":$post,\"content\":\"by REST\"}"
    check "over REST" same "$code" 201
    check "over XML-RPC" xmlrpc
    check "a trackback" curl -sS -o /dev/null --fail \
        -d url=http://elsewhere.example/p -d title=T -d excerpt=E \
        -d blog_name=Else "$WP_URL/?p=$post&tb=1"
    check "all arrive" arrived 4
    check "each with its door" same "$(events '.data | "\(.comment.type)
        \(.source) \(.comment.role)"' | xargs)" \
        "comment plugin comment rest author comment rest author trackback plugin"
    check "the outbox is empty" same "$(outbox 'COUNT(*)')" 0
}

decisions()
{
    fresh_log
    check "a person spams one" site_person spam 1
    api POST wp/v2/comments/2 -d '{"status":"approved"}'
    check "and approves one over REST" same "$code" 200
    check "they arrive" arrived 2
    check "as decisions" same "$(events '[.type, .data.comment.id,
        .data.status, .data.old_status, .data.by, .data.wrong]')" \
        '["comment.decided",1,"spam","hold","moderator",null]
["comment.decided",2,"approved","hold","moderator",null]'
    fresh_log
    api POST sluice/v1/verdicts -d '{"verdicts":[{"id":3,"verdict":"spam"},
        {"id":1,"verdict":"hold","if_status":"spam"}]}'
    check "verdicts are applied" \
        answered '[.results[].result] | unique | .[0]' "200 applied"
    as_nobody "wp_set_comment_status(4, 'spam');"
    check "a visitor posts" posted "one more"
    check "only the new comment is told" arrived 1
    check "neither a verdict nor what nobody decided" \
        same "$(events .type)" comment.created
}

edits()
{
    fresh_log
    api POST wp/v2/comments/5 -d '{"content":"quite another text"}'
    api POST wp/v2/comments/6 \
        -d '{"author_user_agent":"x","author_ip":"203.0.113.5"}'
    api POST wp/v2/comments/5 -d '{"content":"and another"}'
    check "an edit arrives" arrived 3
    check "with the new content, in order" same "$(events '[.type,
        .data.comment.id, .data.comment.content.raw[:12], .data.by]')" \
        '["comment.edited",5,"quite anothe","moderator"]
["comment.edited",6,"It'\''s \"quoted","moderator"]
["comment.edited",5,"and another","moderator"]'
}

# wait_for_retry: what the plugin wants to wait after a failure is over.
wait_for_retry()
{
    local until

    until=$(site_sql "SELECT option_value FROM wp_options
        WHERE option_name = 'sluice_state'" |
        sed -nE 's/.*"down_until";i:([0-9]+).*/\1/p')
    while [ "$(date +%s)" -le "${until:-0}" ]; do
        sleep 0.3
    done
}

down_and_up()
{
    local port=${receiver##*:}

    receiver_down
    fresh_log
    check "a visitor posts while the receiver is down" \
        posted "is anybody there?"
    api POST wp/v2/comments/7 -d '{"status":"spam"}'
    api POST wp/v2/comments/7 -d '{"status":"approved"}'
    sleep 0.3
    check "the events wait" same "$(outbox 'SUM(failed = 0)')" 3
    check "only one has been tried" same "$(outbox 'SUM(tries)')" 1
    api GET sluice/v1/status
    check "the status tells why" same "$(jq -r '"\(.webhook.waiting)
        \(.webhook.last_error | test("Nothing answers"))"' answer | xargs)" \
        "3 true"
    receiver_up "$port"
    check "cron comes too early" site_cron
    check "and leaves them" same "$(events .type | wc -l)" 0
    wait_for_retry
    check "cron comes again" site_cron
    check "all arrive" arrived 3
    check "once, in order" same "$(jq -r .attempt "$log" | xargs) $(events \
        '.data | "\(.comment.id):\(.status)"' | sort -ns -t: | head -2 | xargs)" \
        "1 1 1 7:spam 7:approved"
    check "cron has nothing left" same "$(site_cron; events .type | wc -l)" 3
}

# One event is refused: only what the comment has behind it waits with it.
refused()
{
    fresh_log
    receiver_mode 'answer=422&match="id":8,'
    api POST wp/v2/comments/8 -d '{"status":"spam"}'
    api POST wp/v2/comments/8 -d '{"status":"approved"}'
    api POST wp/v2/comments/9 -d '{"status":"spam"}'
    check "others pass a refused event" arrived 1
    check "those of its comment wait behind it" \
        same "$(outbox "CONCAT(comment_id, ' ', tries)" | xargs)" "8 1 8 0"
    site_sql "UPDATE wp_sluice_outbox SET created = created - 86400,
        next_try = 0 WHERE tries = 1"
    api POST wp/v2/comments/9 -d '{"status":"approved"}'
    check "after a day it is given up, and kept" arrived 2
    sleep 0.2
    check "with the reason" same "$(outbox \
        "CONCAT(comment_id, ' ', failed, error LIKE '%422%')" | head -1)" \
        "8 11"
    receiver_mode 'answer=202'
    site_sql "DELETE FROM wp_sluice_outbox"
}

# Many visitors at once: one of their requests sends for all.
crowd()
{
    local i

    fresh_log
    receiver_mode delay=0.1
    for i in 1 2 3 4 5 6 7 8; do
        post_form "in a crowd $i" >"crowd.$i" &
        crowd[i]=$!
    done
    wait "${crowd[@]}"
    check "a crowd posts" same "$(cat crowd.* | cut -d' ' -f 1 | sort -u)" 302
    check "all arrive" arrived 8
    check "once, and one after the other" same \
        "$(jq -r '"\(.attempt) \(.others)"' "$log" | sort -u)" "1 0"
    receiver_mode delay=0
}

# A PHP that cannot send after the response leaves it to cron.
no_detaching()
{
    local port=$((20000 + RANDOM % 12000)) server

    fresh_log
    php -S "127.0.0.1:$port" -t "$WP_ROOT" >php.out 2>&1 &
    server=$!
    for _ in $(seq 100); do
        curl -sS -o /dev/null "http://127.0.0.1:$port/readme.html" \
            2>/dev/null && break
        sleep 0.05
    done
    WP_URL=http://127.0.0.1:$port check "a PHP without FPM takes a post" \
        posted "slowly"
    kill "$server"
    wait "$server" 2>/dev/null
    check "and keeps the event" same "$(outbox 'COUNT(*)')" 1
    check "cron sends it" cron_brings 1
}

# Whatever happens to the outbox, the visitor's post is taken.
spoilt_outbox()
{
    site_sql "INSERT INTO wp_sluice_outbox (comment_id, body, next_try)
        SELECT seq, '', 4000000000 FROM seq_1_to_20000"
    check "a full outbox does not stop a visitor" posted "too much"
    check "nor does it grow" same "$(outbox 'COUNT(*)')" 20000
    api GET sluice/v1/status
    check "what was dropped is counted" answered .webhook.dropped "200 1"
    check "PHP had nothing to say" same "$(complaints)" ""
    site_sql "DROP TABLE wp_sluice_outbox"
    check "nor does a lost one" posted "no table"
    fresh_log
    check "which is made again" posted "a table"
    check "and works" arrived 1
}

# Median seconds of posting a comment.
median()
{
    local i

    for ((i = 0; i < posts; i++)); do
        post_form "how long?"
    done >seconds
    [ "$(cut -d' ' -f 1 seconds | sort -u)" = 302 ] || return 1
    cut -d' ' -f 2 seconds | sort -n | sed -n "$((posts / 2 + 1))p"
}

# quick TIME BASE: the visitor did not wait for anything.
quick()
{
    awk -v t="$1" -v base="$2" 'BEGIN {
        printf "%.3f s, %.2f times %.3f s\n", t, t / base, base
        exit !(t > 0 && t < 3 * base + 0.1) }'
}

visitors_do_not_wait()
{
    local none up slow dead silent plugin=$WP_ROOT/wp-content/mu-plugins/sluice.php

    mv "$plugin" "$plugin.away"
    none=$(median)
    mv "$plugin.away" "$plugin"
    connect
    up=$(median)
    receiver_mode delay=2
    slow=$(median)
    receiver_mode delay=20
    connect
    silent=$(median)
    receiver_down
    connect
    dead=$(median)
    echo "posting, p50: $none s without the plugin, $up s with the receiver" \
        "up, $slow s slow, $silent s silent, $dead s dead"
    check "not for a receiver that is up" quick "$up" "$none"
    check "not for one that takes 2 s" quick "$slow" "$none"
    check "not for one that never answers" quick "$silent" "$none"
    check "not for one that is not there" quick "$dead" "$none"
}

# The button that stands in for deleting the plugin.
must_use_leaves()
{
    check "a must-use plugin knows that it is one" same "$(as_nobody \
        "echo (int) Sluice_Setup::is_must_use(); Sluice_Setup::remove();")" 1
    check "and leaves nothing" same "$(site_sql "SELECT COUNT(*) FROM
        wp_options WHERE option_name LIKE '%sluice%'
        OR (option_name = 'cron' AND option_value LIKE '%sluice%')
        UNION ALL SELECT COUNT(*) FROM information_schema.tables
        WHERE table_name LIKE '%sluice%'" | tail -n +2 | xargs)" "0 0"
}

begin "$@"
# Nobody activates a must-use plugin: its table comes with the first event.
export WP_COMPANION=must-use
site_begin
trap 'receiver_down; site_stop' EXIT
prepare
each_way_in
decisions
edits
down_and_up
refused
crowd
no_detaching
spoilt_outbox
visitors_do_not_wait
must_use_leaves
finish
