#!/bin/bash
#
# A real WordPress whose held comments are judged, looked up and undone.
#
#     tests/e2e/wordpress_run.sh PROGRAM SCRATCH_DIR
#
# The last line is a count. See run.sh for where the comments come from.
#
# What stays of a comment: its author's address and browser, in any case. All
# other columns too, except where WordPress itself stores them differently on
# every update (wordpress/core_update.php tells how): then exactly so.
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"

# Per cent of the comments with a label. Held is never wrong, only work: the
# two least numbers are there because a filter that holds all is no filter.
spam_approved_max=4
ham_spam_max=1
abuse_approved_max=50
spam_spam_min=40
ham_approved_min=50

# Requests of a run that has nothing to do: the root, the login, the names of
# plugins' routes, the list, and
# for each hundred held comments their content, posts and pages.
idle_requests_max=13

choose()
{
    if [ -d "$data/train" ] && [ -d "$data/written" ]; then
        echo "comments: 300 labelled ones of $data"
        "$here/choose_comments.py" "$data" >comments.ndjson
    else
        echo "comments: no $data, so the sample queue that is built in"
        "$here/choose_comments.py" --sample >comments.ndjson
    fi
    total=$(wc -l <comments.ndjson)
}

dump()
{
    "$here/wordpress/dump.sh" "$@" "$site_dir"
}

unchanged()
{
    local mark=$1
    shift

    dump "$@" | cmp - "$mark"
}

# posted NR SINCE: how many changes of status the site was asked for.
posted()
{
    same "$(posts_since "$2" | wc -l) posts" "$1 posts"
}

# ids STATUS...: of the comments with one of these statuses.
ids()
{
    site_statuses | awk -v want=" $* " 'index(want, " " $2 " ") { print $1 }'
}

# What a person has to set right, said so that it can be.
refused()
{
    local before code=$1 words=$2
    shift 2

    before=$(log_lines)
    sluice "$code" "$@" && has err "$words" && posted 0 "$before" &&
        [ ! -e sluice.db ]
}

# The password is in nothing that is printed or logged.
keeps_secret()
{
    ! grep -qF -- "$SLUICE_SITE_PASSWORD" out err
}

settings()
{
    SLUICE_SITE_PASSWORD='' check "no password: says which to make" \
        refused 2 "make an application password" run
    SLUICE_SITE_USER='' check "no user: says which to take" \
        refused 2 "Editor" run
    SLUICE_SITE_PASSWORD='aaaa bbbb cccc dddd eeee ffff' \
        check "wrong password" refused 3 "application password" run
    SLUICE_SITE_PASSWORD=$WP_LOGIN_PASSWORD \
        check "the login password will not do" \
        refused 3 "login password will not do" run
    SLUICE_SITE_PASSWORD=$WP_LOGIN_PASSWORD check "nor is it shown" \
        keeps_secret
    SLUICE_SITE_USER=$WP_AUTHOR_USER \
        SLUICE_SITE_PASSWORD=$WP_AUTHOR_PASSWORD \
        check "an author may not moderate" \
        refused 3 "user $WP_AUTHOR_USER lacks .* Editor" run
    check "not an address" refused 2 "url" run --site-url 'no address'
    check "a site without WordPress's API" \
        refused 3 "no REST API there; look at url" \
        run --site-url "$WP_URL/wp-includes"
}

dry_run()
{
    local before

    before=$(log_lines)
    check "dry run" sluice 0 run --dry-run
    check "it shows all comments" has out "^dry run: $total seen"
    check "it changes nothing at the site" unchanged before
    check "it asks for no change" posted 0 "$before"
    check "it leaves no store" [ ! -e sluice.db ]
}

first_run()
{
    local before

    before=$(log_lines)
    check "run" sluice 0 run
    check "it says what it did" \
        has out "^run 1: $total seen, 0 known; judged $total:"
    check "and nothing of the password" keeps_secret
    check "each comment is as its verdict says" verdicts_done
    check "what still waits was held by a verdict" \
        same "$(ids hold)" "$(store_statuses | awk '$2 == "hold" { print $1 }')"
    changed=$((total - $(ids hold | wc -l)))
    check "one request changes one comment" posted "$changed" "$before"
    check "each change was asked for once" \
        same "$(posts_since "$before" | sort | uniq -d)" ""
    dump >after
    dump --no-status >rows_after
}

# Label against status; the thresholds above say what may be where.
confusion()
{
    local in="$scratch/confusion"

    dump --labels | awk -F'\t' '
        { sub("^0$", "held", $2); sub("^1$", "approved", $2)
          n[$3, $2]++; of[$3]++ }
        END {
            printf "%8s %8s %8s %8s\n", "", "approved", "held", "spam"
            for (label in of)
                printf "%8s %8d %8d %8d\n", label, n[label, "approved"],
                       n[label, "held"], n[label, "spam"]
        }' | tee "$in"
    at()
    {
        awk -v label="$1" -v column="$2" '$1 == label { print $column }' "$in"
    }
    # share LABEL PER_CENT: so many of those, rounded down.
    share()
    {
        echo $(($(dump --labels | cut -f 3 | grep -cx "$1") * $2 / 100))
    }
    check "hardly any spam is approved" \
        at_most "$(at spam 2)" "$(share spam "$spam_approved_max")"
    check "hardly any honest comment is marked as spam" \
        at_most "$(at ham 4)" "$(share ham "$ham_spam_max")"
    check "not much abuse is approved" \
        at_most "$(at abuse 2)" "$(share abuse "$abuse_approved_max")"
    check "much of the spam is marked so" \
        at_least "$(at spam 4)" "$(share spam "$spam_spam_min")"
    check "most honest comments are approved" \
        at_least "$(at ham 2)" "$(share ham "$ham_approved_min")"
}

# Columns 6 and 11 are comment_author_IP and comment_agent.
address_and_agent()
{
    cmp <(cut -f 1,6,11 rows_before) <(cut -f 1,6,11 rows_after)
}

# Each row is as before or, if its status was changed, as core stores it.
rows_kept()
{
    local held

    held=" $(ids hold | tr '\n' ' ')"
    awk -F'\t' -v held="$held" '
        FILENAME == ARGV[1] { before[$1] = $0; next }
        FILENAME == ARGV[2] { core[$1] = $0; next }
        { seen++ }
        $0 == before[$1] { next }
        $0 == core[$1] && !index(held, " " $1 " ") { filtered++; next }
        { print "before: " before[$1]; print "after:  " $0; bad++ }
        END {
            printf "%d of %d rows as WordPress filters them on any update\n",
                filtered, seen
            exit bad > 0 || !seen
        }' rows_before rows_core rows_after
}

text_kept()
{
    check "authors' addresses and browsers are untouched" address_and_agent
    check "so is all else that WordPress lets be" rows_kept
    rows_kept | tail -n 1
}

second_run()
{
    local before

    before=$(log_lines)
    check "second run" sluice 0 run
    check "it judges nothing" has out "^run 2: .* judged 0:"
    check "it changes nothing" unchanged after
    check "it asks for no change" posted 0 "$before"
    check "it is over soon" \
        at_most "$(($(log_lines) - before))" "$idle_requests_max"
}

# What a person takes back one by one waits, and is not judged again: one
# comment that WordPress stored as it was, and one that it filtered.
held_again()
{
    local before mine

    mapfile -t mine < <(join <(ids approved spam | sort) \
        <(comm -3 --nocheck-order rows_before rows_after | cut -f 1 |
            grep . | sort -u) | head -n 1)
    mapfile -t -O 1 mine < <(join <(ids approved spam | sort) \
        <(comm -12 --nocheck-order rows_before rows_after | cut -f 1 |
            sort) | head -n 1)
    check "a person lets two wait again" site_person hold "${mine[@]}"
    before=$(log_lines)
    check "third run" sluice 0 run
    check "it judges nothing" has out "^run 3: .* judged 0:"
    check "it leaves them to people" posted 0 "$before"
}

looked_up()
{
    check "history --runs" sluice 0 history --runs
    check "it names the first run" has out "^ +1 .* $total "
    check "and the second" has out "^ +2 "
    check "history of the first run" sluice 0 history --run 1 --json --limit 0
    check "it has each comment once" \
        same "$(jq -r .id out | sort -n | uniq)" "$(seq "$total")"
    check "and a reason for each that was marked as spam" \
        jq -es 'map(select(.verdict == "spam" and .reasons == [])) == []' out
}

# A person disagrees with three verdicts before the run is undone.
undone()
{
    local before mine

    mapfile -t mine < <(ids approved | head -n 2 && ids spam | head -n 1)
    check "a person marks as spam" site_person spam "${mine[0]}"
    check "a person throws away" site_person trash "${mine[1]}"
    check "a person approves" site_person approve "${mine[2]}"
    site_statuses | awk -v mine=" ${mine[*]} " \
        '{ print $1, index(mine, " " $1 " ") ? $2 : "hold" }' >wanted
    check "undo" sluice 0 undo 1
    check "it says what it did" \
        has out "$((changed - 3)) put back, 3 skipped .* 0 failed"
    site_statuses >is
    check "all wait again, but for what a person decided" diff is wanted
    dump --no-status >rows_after
    check "addresses and browsers are still untouched" address_and_agent

    dump >after
    before=$(log_lines)
    check "undo again" sluice 0 undo 1
    check "it has nothing to put back" has out "run 1: 0 put back"
    check "it changes nothing" unchanged after
    check "it asks for no change" posted 0 "$before"

    before=$(log_lines)
    check "a run after that" sluice 0 run
    check "it leaves to people what they took back" unchanged after
    check "and asks for no change" posted 0 "$before"
}

# Which comments, and what a person then wants, is another matter.
stopped_site()
{
    site_stop
    check "site stopped" sluice 3 run --site-retries 1
    check "it says that nobody answers" has err "no answer: .*onnect"
    check "undo says so too" sluice 3 undo 1 --site-retries 0
    check "site started again" "$here/wordpress/start.sh" --keep "$site_dir"
    check "and a run completes" sluice 0 run
}

# Without pretty permalinks the API is a query of the home page.
plain_permalinks()
{
    check "a site with plain permalinks" site_fresh WP_PERMALINKS=plain
    site_settings
    rm -f sluice.db*
    head -n 16 comments.ndjson | site_load -
    check "run there" sluice 0 run
    check "it finds the API" has err 'root="[^"]*/index.php\?rest_route=/"'
    check "it has judged all" has out "^run 1: 16 seen, .* judged 16:"
    check "each comment is as its verdict says" verdicts_done
    check "undo there" sluice 0 undo 1
    check "all wait again" same "$(ids hold | wc -l)" 16
}

begin "$@"
choose
site_begin
check "the comments are loaded" site_load comments.ndjson
dump >before
dump --no-status >rows_before
php "$here/wordpress/core_update.php" "$site_dir" >rows_core
settings
dry_run
first_run
confusion
text_kept
second_run
held_again
looked_up
undone
stopped_site
plain_permalinks
finish
