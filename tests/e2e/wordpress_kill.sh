#!/bin/bash
#
# Runs over a real WordPress that are killed, at several moments, and one to
# the end: nothing is lost, judged twice or told twice.
#
#     tests/e2e/wordpress_kill.sh PROGRAM SCRATCH_DIR
#
# The last line is a count.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"

# More than one page of a hundred, and nearly all of them to be told: nothing
# is held for doubt. What verdicts are worth is not the matter here.
comments=150
decisive=(--policy-approve-below 0.5 --policy-spam-at 0.5
    --policy-abuse-hold-at 1)

# What may be under way when the program dies.
in_flight=4

# Whether something has come to pass; asked often while a run goes on.
decided()
{
    [ "$(sqlite3 -readonly "$SLUICE_STORE" \
        'SELECT count(*) FROM decision' 2>/dev/null || echo 0)" -ge 100 ]
}

told()
{
    [ "$(posts_since 0 | wc -l)" -ge "$1" ]
}

# killed_when COMMAND...: begin a run, and kill it once the command succeeds.
# Fails if the run ends before.
killed_when()
{
    local pid

    "$program" run --no-table "${decisive[@]}" >out 2>err &
    pid=$!
    until "$@"; do
        kill -0 "$pid" 2>/dev/null || break
        sleep 0.01
    done
    kill -9 "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ $? = 137 ] || {
        cat out err
        return 1
    }
}

store_sound()
{
    same "$(sqlite3 "$SLUICE_STORE" 'PRAGMA integrity_check')" ok
}

# Decisions but for those that a newer one has replaced.
judged_once()
{
    same "$(sqlite3 "$SLUICE_STORE" \
        "SELECT count(*), count(DISTINCT comment || ' ' || model)
         FROM decision WHERE detail NOT LIKE 'superseded%'")" "$1|$1"
}

# Of two requests for one comment, the first one's answer met a dead program:
# no more are asked for twice than can have been under way at a kill. (The web
# server logs such a one as 499, or as 200 when it did not notice in time.)
told_once()
{
    posts_since 0 >posts
    same "$(cut -d' ' -f 1 posts | sort | uniq -c | awk '$1 > 2')" "" &&
        at_most "$(cut -d' ' -f 1 posts | sort | uniq -d | wc -l)" \
            $((kills * in_flight)) &&
        same "$(awk '$2 != 499 && $2 != 200' posts)" ""
}

begin "$@"
site_begin
if [ -d "$data/train" ] && [ -d "$data/written" ]; then
    "$here/choose_comments.py" "$data" >all.ndjson
else
    "$here/choose_comments.py" --sample >some.ndjson
    cat some.ndjson some.ndjson some.ndjson >all.ndjson
fi
head -n "$comments" all.ndjson >comments.ndjson
check "the comments are loaded" site_load comments.ndjson
: >"$access_log"

kills=3
check "killed when the first page is judged" killed_when decided
check "the store is sound" store_sound
check "killed while it tells the site" killed_when told 30
check "the store is sound" store_sound
check "killed late" killed_when told 110
check "the store is sound" store_sound
check "a look back" sluice 0 history --runs
check "it shows the runs that died" has out '^ +3 .* \? '

check "a run to the end" sluice 0 run "${decisive[@]}"
check "each comment is judged once" judged_once "$comments"
check "each comment is as its verdict says" verdicts_done
check "and was told once" told_once
check "nothing waits to be told" same \
    "$("$program" history --json --state pending | wc -l)" 0
before=$(log_lines)
check "one run more" sluice 0 run "${decisive[@]}"
check "it judges nothing" has out ' judged 0:'
check "it asks for no change" same "$(posts_since "$before")" ""
finish
