#!/bin/bash
#
# What the program learns from a site's past, and how that is taken back.
#
#     tests/e2e/learn.sh PROGRAM SCRATCH_DIR
#
# The site is a file; wordpress_learn.sh does the like with a real WordPress.
#
# shellcheck source=tests/e2e/serving.sh
. "$(dirname "$(readlink -f "$0")")/serving.sh"

begin "$@"
serving_begin
export SLUICE_SITE_KIND=filequeue SLUICE_SITE_URL=queue.ndjson
export SLUICE_STORE=sluice.db

live() { "$program" models | awk '$2 == "yes" { print $1 }'; }

# mistakes: new spam that would be approved, and honest comments marked.
mistakes()
{
    "$program" judge new.ndjson 2>/dev/null |
        paste -d' ' <(jq -r .label new.ndjson) <(jq -r .verdict) - |
        grep -cE '^(spam approve|ham spam) '
}

mistakes_fell()
{
    echo "before: $1, after: $2 of 300"
    [ $(($2 * 4)) -lt "$1" ]
}

"$here/site_history.py" 1 1000 labelled >queue.ndjson
"$here/site_history.py" 5001 300 >new.ndjson

before=$(mistakes)
check "learns from the past" sluice 0 learn
check "from all of it" has out "^read 1000 comments of the site: 1000 labels"
check "what it learned goes live" has out ": live, better on the "
after=$(mistakes)
check "new comments are judged better" mistakes_fell "$before" "$after"
check "the verdict names both models" \
    grep -qE '"model":"[0-9a-f]{12}\+[0-9a-f]{12}"' \
    <("$program" judge new.ndjson)

all=$(live)
check "learning again changes nothing" sluice 0 learn
check "and says so" has out "the same as the one that is live"
check "one model is kept" [ "$(sqlite3 sluice.db \
    'SELECT count(*) FROM site_model')" = 1 ]

# Forgetting is exact: as if the comment had never been there.
check "forgets a comment" sluice 0 forget 7
without=$(live)
check "the model is another" [ "$without" != "$all" ]
grep -v '"id": "7",' queue.ndjson >never.ndjson
SLUICE_SITE_URL=never.ndjson SLUICE_STORE=never.db \
    check "a site that never had the comment" sluice 0 learn
check "has the same model, to the byte" \
    [ "$(SLUICE_STORE=never.db live)" = "$without" ]
check "the site is read once more" sluice 0 learn
check "and it stays forgotten" [ "$(live)" = "$without" ]
check "what was taught it can't come back" sluice 2 models --use "$all"
check "no label, no forgetting" sluice 2 forget 7

# A person's data.
address=$(sed -n 10p queue.ndjson | jq -r .author_email)
check "erases a person" sluice 0 erase --email "${address^^}"
check "and counts" has out "^erased: 1 labels"
check "the address is gone from the store" \
    bash -c "! sqlite3 sluice.db .dump | grep -qF '$address'"
check "a second time there is nothing" sluice 0 erase --email "$address"
check "and that is said" has out "^erased: 0 labels"
check "half an address is refused" sluice 2 erase --email example

# Back and forth.
check "the general model alone" sluice 0 models --use none
check "judges as on the first day" [ "$(mistakes)" = "$before" ]
newest=$("$program" models | awk 'NR == 2 { print $1 }')
check "and back" sluice 0 models --use "$newest"
check "judges as it had learned" [ "$(mistakes)" -le $((after + 2)) ]

# A server uses it as well, and sees it come and go.
judged_with()
{
    curl -s -H "Authorization: Bearer $token" --json \
        '{"text": "hello"}' "http://127.0.0.1:$port/v1/judge" |
        jq -r .model | grep -qE "^[0-9a-f]{12}$1\$"
}
export SLUICE_LISTEN=127.0.0.1:$port SLUICE_SITE_TOKEN=$token
serve_start
check "a server judges with the layer" judged_with "\\+$newest"
check "it is taken away" sluice 0 models --use none
check "the server notices" soon judged_with ''
check "it is brought back" sluice 0 models --use "$newest"
check "and so does the server" soon judged_with "\\+$newest"
check "its metrics name it" [ -n "$(metric "+$newest")" ]
serve_stop TERM

# Our own verdicts are no lessons; what people make of them is.
cat new.ndjson >>queue.ndjson
check "works off the queue" sluice 0 run --no-table
check "a second time there is nothing to judge" sluice 0 run --no-table
check "as the log says" has out "judged 0:"
labels=$(sqlite3 sluice.db 'SELECT count(*) FROM label')
check "learns after that" sluice 0 learn
check "nothing from itself" [ "$(sqlite3 sluice.db \
    'SELECT count(*) FROM label')" = "$labels" ]
check "no report without a word of people" sluice 0 report
check "and it says so" has out "nobody has said anything yet"

# Moderators take ten honest comments out of the spam folder.
sqlite3 sluice.db "UPDATE decision SET verdict = 'spam' WHERE id IN
    (SELECT id FROM decision WHERE verdict = 'approve' LIMIT 10)"
check "reads the corrections" sluice 0 learn
check "as corrections" [ "$(sqlite3 sluice.db \
    "SELECT count(*) FROM label WHERE source = 'correction'")" = 10 ]
check "the report" sluice 0 report --svg report.svg
check "says that the promise is broken" has out "^the promise is BROKEN"
check "and draws it" has report.svg '10 of 10</title>'
"$here/site_history.py" 7002 30 >>queue.ndjson
sluice 0 models --use none
check "from then on" sluice 0 run --no-table
check "the log says it, too" has err "event=promise_broken"
check "nothing is marked as spam" has out " 0 spam; the site"

finish
