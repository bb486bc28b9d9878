#!/bin/bash
#
# What people say of one comment is remembered of the next like it: at once in
# a server, and in a run once it was learned.
#
#     tests/e2e/memory.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/serving.sh
. "$(dirname "$(readlink -f "$0")")/serving.sh"

begin "$@"
serving_begin

campaign="My uncle tried this garden soil for a year, now the whole street \
asks where he gets it. Ask for Helen at the market and say that I sent you, \
she answers everybody"

# event TYPE ID AUTHOR STATUS TEXT: its body in event.json.
event()
{
    jq -n --arg type "$1" --argjson id "$2" --arg author "$3" \
        --arg status "$4" --arg text "$5" '
        {type: $type, timestamp: "2026-11-25T10:00:00Z", data: {
            comment: {id: $id, author_name: $author, status: $status,
                      content: {raw: $text}, type: "comment",
                      post_title: "An article about gardens"},
            status: $status, source: "admin", by: "ann"}}' >event.json
    hook blog "$2" --raw event.json >said
    grep -q ' 202 ' said || cat said
}

p_spam()
{
    sql "SELECT p_spam FROM decision WHERE comment = '$1'
         ORDER BY id DESC LIMIT 1"
}

because()
{
    sql "SELECT feature FROM reason WHERE decision =
         (SELECT max(id) FROM decision WHERE comment = '$1')"
}

above() { awk "BEGIN { exit !($1 > $2) }" || echo "$1 is not above $2"; }

judged() { [ -n "$(p_spam "$1")" ] && all_done; }
noted() { [ "$(sql "SELECT count(*) FROM feedback")" = 1 ]; }
lists() { grep -qx "$2" <<<"$1"; }

export SLUICE_SITE_NAME=blog SLUICE_SITE_KIND=wordpress SLUICE_SITE_USER=bot \
    SLUICE_SITE_PASSWORD=abcd SLUICE_SITE_HOOK_SECRET=$secret \
    SLUICE_SITE_URL=http://127.0.0.1:$site_port \
    SLUICE_LISTEN=127.0.0.1:$port SLUICE_STORE=sluice.db
site_start
serve_start
check "a comment comes" event comment.created 1 Tom hold "$campaign"
check "it is judged" soon judged 1
first=$(p_spam 1)
check "a person marks it" event comment.decided 1 Tom spam "$campaign"
check "that is noted" soon noted
check "its like comes, under another name" event comment.created 2 Maria hold \
    "Hello! $campaign, really."
check "it is judged, too" soon judged 2
check "as more likely spam" above "$(p_spam 2)" "$first"
check "because people called its like spam" lists "$(because 2)" seen_before
check "something else comes" event comment.created 3 Eve hold \
    "The frost took my tomatoes last week, and I blame the council for it"
check "it is judged" soon judged 3
check "without such a reason" eval "! lists \"\$(because 3)\" seen_before"
serve_stop TERM

# The site's own past, learned and remembered.
export SLUICE_SITE_KIND=filequeue SLUICE_SITE_URL=queue.ndjson \
    SLUICE_STORE=learned.db
jq -cn --arg text "$campaign" \
    '{id: "1", text: $text, author: "Tom", status: "spam"},
     {id: "2", text: "I do not agree with a word of this article.",
      author: "Regular Rita", author_email: "rita@home.example",
      status: "approved"}' >queue.ndjson
check "reads two labels" sluice 0 learn
jq -cn --arg text "$campaign" \
    '{id: "3", text: "Well, \($text). Good luck!", author: "Joe"}' >twin.json
jq -cn '{id: "4", text: "Good point.", author: "Regular Rita",
         author_email: "RITA@home.example"}' >regular.json
check "the like of the spam" sluice 0 explain twin.json
check "is known" has out "seen_before"
check "a regular" sluice 0 explain regular.json
check "is known, too" has out "known_email"
check "and better off for it" has out "^ *-[0-9.]* *known_email"
check "a label is taken back" sluice 0 forget 1
check "the like of the spam" sluice 0 explain twin.json
check "is known no more" eval "! grep -q seen_before out"

finish
