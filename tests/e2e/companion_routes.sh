#!/bin/bash
#
# The companion's routes on a real WordPress: the queue read, verdicts applied.
#
#     tests/e2e/companion_routes.sh PROGRAM SCRATCH_DIR
#
# Nothing of a row but its status may change, people win, and the fingerprints
# are the program's own. The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/companion.sh
. "$here/companion.sh"

# More than a page, so that cursors have something to do.
rows=620

queue()
{
    api GET "sluice/v1/queue?$1"
}

# verdicts JSON: POST them; results one a line in `results`.
verdicts()
{
    printf '{"verdicts":%s}' "$1" >request
    api POST sluice/v1/verdicts --data-binary @request
    jq -r '.results[]? | "\(.id) \(.result) \(.status)"' answer >results
}

# Answer and results, for a check that fails.
results_are()
{
    diff results - <<<"$1" || {
        head -c 2000 answer
        return 1
    }
}

dump()
{
    "$here/wordpress/dump.sh" "$@" "$site_dir"
}

untouched()
{
    dump --no-status | cmp - before
}

hash_of()
{
    jq -r --argjson id "$1" '.comments[] | select(.id == $id).hash' all
}

status_of()
{
    site_statuses | awk -v id="$1" '$1 == id { print $2 }'
}

read_all()
{
    local after=0

    : >all.ndjson
    while [ "$after" != null ]; do
        queue "after=$after&${1-}"
        [ "$code" = 200 ] || return 1
        jq -c '.comments[]' answer >>all.ndjson
        after=$(jq .next answer)
    done
    jq -s '{comments: .}' all.ndjson >all
}

access()
{
    local route

    for route in "GET sluice/v1/queue" "POST sluice/v1/verdicts"; do
        # shellcheck disable=SC2086
        {
            api_as : $route -d '{"verdicts":[]}'
            check "$route: not for visitors" \
                answered .code "401 sluice_not_logged_in"
            api_as "$WP_AUTHOR_USER:$WP_AUTHOR_PASSWORD" $route \
                -d '{"verdicts":[]}'
            check "$route: not for authors" \
                answered .code "403 sluice_forbidden"
        }
    done
    api GET ""
    check "the API's root names it" \
        answered '.namespaces | index("sluice/v1") != null' "200 true"
}

reading()
{
    queue "per_page=501"
    check "no page above 500" answered .code "400 rest_invalid_param"
    queue "status=nonsense"
    check "no other status" answered .code "400 rest_invalid_param"
    queue ""
    check "a page is 500 and says how many there are" \
        answered '"\(.api) \(.total) \(.comments | length) \(.next)"' \
        "200 1 $rows 500 500"
    check "posts are beside them" same "$(jq -c '.posts | length, (.[] |
        select(.title == "Post 3") | [.text, .date, .type])' answer | xargs)" \
        '5 [About beds &amp; borders.,2024-03-01T10:00:00,post]'
    check "all pages" read_all "per_page=70"
    check "each comment once, in order" same \
        "$(jq -r .id all.ndjson)" "$(site_statuses | cut -d' ' -f 1)"
    api GET "wp/v2/comments?context=edit&status=hold&type=all&per_page=100&order=asc&orderby=id"
    jq -c '.[] | [.id, .post, .parent, .author, .author_name, .author_email,
        .author_url, .author_ip, .author_user_agent, .date, .date_gmt,
        .content.raw, .status, .type]' answer >core
    head -100 all.ndjson | jq -c '[.id, .post, .parent, .author, .author_name,
        .author_email, .author_url, .author_ip, .author_user_agent, .date,
        .date_gmt, .content.raw, .status, .type]' >ours
    check "they are as in WordPress's own list" cmp core ours
    check "a status that nobody has" queue "status=trash"
    check "is an empty page" \
        answered '"\(.total) \(.comments | length) \(.next)"' "200 0 0 null"
}

# The program's own fingerprints: it judges what the queue says as a file.
fingerprints()
{
    jq -c . all.ndjson >queue.ndjson
    check "the program reads the queue's comments" \
        sluice 0 run --site-kind filequeue --site-url queue.ndjson \
        --store hash.db --no-table
    sqlite3 hash.db "SELECT comment, digest FROM decision
        ORDER BY CAST(comment AS INTEGER)" | tr '|' ' ' >program
    jq -r '"\(.id) \(.hash)"' all.ndjson >plugin
    check "all $rows fingerprints are the program's" cmp program plugin
}

# Statuses change between pages: what was not read yet comes all the same.
cursor()
{
    queue "per_page=100"
    jq -c '[.comments[:60][] | {id, verdict: "spam"}]' answer >some
    verdicts "$(cat some)"
    check "a page is worked off" \
        same "$(cut -d' ' -f 2 results | sort | uniq -c | xargs)" "60 applied"
    queue "per_page=100&after=100"
    check "the next page begins where the last one ended" \
        answered '"\(.comments[0].id) \(.comments[-1].id)"' "200 101 200"
    check "all but the status is as it was" untouched
    verdicts "$(cat some)"
    check "the same again is harmless" same \
        "$(cut -d' ' -f 2- results | sort | uniq -c | xargs)" "60 already spam"
}

each_result()
{
    site_person spam 201
    site_sql "UPDATE wp_comments SET comment_content = 'edited'
        WHERE comment_ID = 202"
    site_sql "DELETE FROM wp_comments WHERE comment_ID = 203"
    dump --no-status >before
    verdicts "[
        {\"id\":201,\"verdict\":\"approve\",\"if_hash\":\"$(hash_of 201)\"},
        {\"id\":202,\"verdict\":\"approve\",\"if_hash\":\"$(hash_of 202)\"},
        {\"id\":203,\"verdict\":\"spam\"},
        {\"id\":204,\"verdict\":\"approve\",\"if_hash\":\"$(hash_of 204)\"},
        {\"id\":205,\"verdict\":\"spam\",\"if_hash\":\"$(hash_of 205)\"},
        {\"id\":206,\"verdict\":\"hold\",\"if_hash\":\"$(hash_of 206)\"},
        {\"id\":204,\"verdict\":\"spam\"},
        {\"id\":207,\"verdict\":\"trash\"},
        {\"id\":\"208 OR 1\",\"verdict\":\"spam\"},
        7]"
    check "each is answered, in its place" results_are "201 skipped spam
202 skipped hold
203 gone 
204 applied approved
205 applied spam
206 already hold
204 error 
207 error 
null error 
null error "
    check "and told why" answered \
        '[.results[] | .message] | "\(.[0]), \(.[1]), \(.[6])"' \
        "200 its status is spam, it was edited, named twice in this request"
    verdicts '[{"id":204,"verdict":"hold","if_status":"approved"},
        {"id":205,"verdict":"hold","if_status":"spam"},
        {"id":201,"verdict":"approve","if_status":"spam"}]'
    check "and back again" results_are "204 applied hold
205 applied hold
201 applied approved"
    check "what remembered the spam is gone" same "$(site_sql "SELECT COUNT(*)
        FROM wp_commentmeta WHERE comment_id IN (201, 205)
        AND meta_key LIKE '_wp_trash%'" | tail -1)" 0
    check "still nothing else has changed" untouched
}

odd_requests()
{
    api POST sluice/v1/verdicts -d '{"verdicts":7}'
    check "no list" answered .code "400 sluice_no_verdicts"
    api POST sluice/v1/verdicts -d '{"verd'
    check "no JSON" answered .code "400 rest_invalid_json"
    api POST sluice/v1/verdicts \
        -d "$(jq -nc '{verdicts: [range(501) | {id: ., verdict: "hold"}]}')"
    check "no more than 500" answered .code "413 sluice_too_many"
    verdicts '[]'
    check "none is fine" answered '.results | length' "200 0"
    verdicts "$(jq -c '[.comments[:500][] | {id, verdict: "hold",
        if_status: "spam", if_hash: .hash}]' all)"
    check "500 are fine" answered '.results | length' "200 500"
}

# Of two plugins one dies of some comments, the other is told of all.
other_plugins()
{
    cat >"$WP_ROOT/wp-content/mu-plugins/dies.php" <<'END'
<?php
function dies($id, $of)
{
    if ($id == $of)
        throw new Exception('cannot go on');
}
add_action('transition_comment_status', function ($new, $old, $comment) {
    file_put_contents(WP_CONTENT_DIR . '/told',
        "$comment->comment_ID $old $new $comment->comment_approved\n",
        FILE_APPEND);
}, 5, 3);
add_action('spam_comment', fn($id) => dies($id, 302));
add_action('wp_set_comment_status', fn($id) => dies($id, 304));
add_action('wp_set_comment_status', fn($id) => $id == 307 ? exit : 0);
END
    verdicts '[{"id":301,"verdict":"spam"},{"id":302,"verdict":"spam"},
        {"id":303,"verdict":"approve"},{"id":304,"verdict":"approve"},
        {"id":305,"verdict":"spam"}]'
    check "one that fails does not fail the others" results_are "301 applied spam
302 error hold
303 applied approved
304 applied approved
305 applied spam"
    check "why is said" answered '[.results[].message] | unique | join("|")' \
        "200 |another plugin failed: cannot go on"
    check "what failed before the change is as it was" \
        same "$(status_of 302)" hold
    check "plugins are told as ever" same \
        "$(sort "$WP_ROOT/wp-content/told")" "301 unapproved spam spam
303 unapproved approved 1
305 unapproved spam spam"
    verdicts '[{"id":306,"verdict":"approve"},{"id":307,"verdict":"approve"},
        {"id":308,"verdict":"approve"}]'
    check "one that ends PHP loses the answer" same "$(cat answer)" ""
    verdicts '[{"id":306,"verdict":"approve"},{"id":307,"verdict":"approve"},
        {"id":308,"verdict":"approve"}]'
    check "but not what was done" same "$(cut -d' ' -f 2 results | sort -u)" \
        already
    rm "$WP_ROOT/wp-content/mu-plugins/dies.php"
    check "a post's count is right" same "$(site_sql "SELECT COUNT(*) FROM
        wp_posts p WHERE comment_count <> (SELECT COUNT(*) FROM wp_comments
        WHERE comment_post_ID = p.ID AND comment_approved = '1')" | tail -1)" 0
}

# The same changes by WordPress's own functions leave the same behind.
same_as_core()
{
    local state="SELECT comment_ID - base, comment_approved, (SELECT
        GROUP_CONCAT(CONCAT(meta_key, '=', IF(meta_key LIKE '%time', 'T',
        meta_value)) ORDER BY meta_key) FROM wp_commentmeta m
        WHERE m.comment_id = c.comment_ID AND meta_key LIKE '_wp%') AS meta
        FROM wp_comments c JOIN (SELECT 310 AS base UNION SELECT 320) b
        WHERE comment_ID IN (base + 1, base + 2, base + 3)"

    verdicts '[{"id":311,"verdict":"spam"},{"id":312,"verdict":"approve"},
        {"id":313,"verdict":"approve"}]'
    verdicts '[{"id":313,"verdict":"spam","if_status":"approved"}]'
    site_person spam 321
    site_person approve 322 323
    site_person spam 323
    check "WordPress's own functions leave the same" same \
        "$(site_sql "$state AND base = 310")" "$(site_sql "$state AND base = 320")"
}

# A person who decides while verdicts come in: theirs is the last word, and
# nothing else is lost.
people_win()
{
    local id ids

    ids=$(seq 401 440)
    {
        for id in $ids; do
            api POST "wp/v2/comments/$id" -d '{"status":"trash"}'
        done
    } &
    sleep 0.3
    for id in $ids; do
        verdicts "$(jq -nc '[range(401; 441) | {id: ., verdict: "spam",
            if_status: "hold"}]')"
        [ "$(grep -c applied results)" != 0 ] || break
    done
    wait $!
    check "a person's decisions stay" same \
        "$(site_statuses | awk '$1 > 400 && $1 <= 440' | cut -d' ' -f 2 |
            sort | uniq -c | xargs)" "40 trash"
    check "and all else too" untouched
}

reasons()
{
    verdicts "$(jq -nc '[{id: 501, verdict: "hold", p_spam: 0.5, p_abuse: 2,
        model: "m1", reasons: [{feature: "link_many", weight: 1.5,
        evidence: "<script>\"'"'"'\\ \ud83d\ude00"}, 7, {x: 1}]},
        {id: 502, verdict: "spam", p_spam: 0.99, reasons: [range(100) |
        {feature: "word", weight: ., evidence: ("x" * 5000)}]}]')"
    check "reasons come with verdicts" results_are "501 already hold
502 applied spam"
    site_sql "SET NAMES utf8mb4;
        SELECT meta_value FROM wp_commentmeta WHERE comment_id = 501 AND
        meta_key = '_sluice'" | tail -1 | sed 's/\\\\/\\/g' >meta
    check "they are kept" same "$(jq -c '[.verdict, .p_spam, .p_abuse, .model,
        .reasons]' meta)" \
        '["hold",0.5,1,"m1",[{"feature":"link_many","weight":1.5,"evidence":"<script>\"'"'"'\\ 😀"}]]'
    check "but not without end" at_most "$(site_sql "SELECT MAX(LENGTH(
        meta_value)) FROM wp_commentmeta WHERE meta_key = '_sluice'" |
        tail -1)" 4096
    verdicts '[{"id":501,"verdict":"hold","p_spam":0.6}]'
    check "and only once" same "$(site_sql "SELECT COUNT(*) FROM wp_commentmeta
        WHERE comment_id = 501 AND meta_key = '_sluice'" | tail -1)" 1
}

# WordPress's own route, asked for nothing but a status.
core_route()
{
    dump --no-status >before
    api POST wp/v2/comments/1 -d '{"status":"approved"}'
    check "a status over WordPress's own route" answered .status "200 approved"
    api POST wp/v2/comments/1 -d '{"status":"approved"}'
    check "the same again is no failure" answered .status "200 approved"
    api POST wp/v2/comments/1 -d '{"status":"hold"}'
    check "and back" answered .status "200 hold"
    check "leaves all else alone" untouched
    api POST wp/v2/comments/600 -d '{"content":"<b>new</b> text"}'
    check "a new text arrives as ever" same \
        "$code $(site_sql "SELECT comment_content FROM wp_comments WHERE
        comment_ID = 600" | tail -1)" "200 <b>new</b> text"
}

# Somebody else holds a row for longer than the database waits. That is logged.
held_row()
{
    cat >"$WP_ROOT/wp-content/mu-plugins/hasty.php" <<'END'
<?php
add_action('rest_api_init', function () {
    $GLOBALS['wpdb']->query('SET innodb_lock_wait_timeout = 1');
});
END
    site_sql "START TRANSACTION; SELECT 1 FROM wp_comments
        WHERE comment_ID = 330 FOR UPDATE; DO SLEEP(5)" >/dev/null &
    sleep 0.5
    verdicts '[{"id":330,"verdict":"spam"},{"id":331,"verdict":"spam"}]'
    check "a row that somebody holds is not gone" results_are "330 error hold
331 error hold"
    check "and can be told later" answered '.results[0].message' \
        "200 the database refused; send it again: Lock wait timeout exceeded; try restarting transaction"
    wait $!
    verdicts '[{"id":330,"verdict":"spam"},{"id":331,"verdict":"spam"}]'
    check "so it is" results_are "330 applied spam
331 applied spam"
}

begin "$@"
check "PHP can read the plugin" \
    php -l "$here/../../src/wordpress/sluice.php"
export WP_COMPANION=plugin
site_begin
"$here/make_rows.py" "$rows" >rows.ndjson
check "rows" site_load rows.ndjson
dump --no-status >before
access
reading
fingerprints
cursor
each_result
odd_requests
other_plugins
same_as_core
people_win
reasons
core_route
check "PHP had nothing to say" same "$(complaints)" ""
held_row
finish
