#!/bin/bash
#
# How long a long queue takes at a real WordPress, against what the site itself
# needs for it.
#
#     tests/bench/wordpress.sh PROGRAM SCRATCH_DIR [COMMENTS [UPDATES]]
#
# COMMENTS (20,000) are judged and told over the companion, and UPDATES (1,000)
# over core. All ratios are of times within this one run; the bare times are
# taken before and after, as a busy machine is not the same for long. Bounds
# may be set by BENCH_READS_MAX, BENCH_CORE_MIN, BENCH_RATE_MIN (per cent).
#
# shellcheck source=tests/e2e/lib.sh
. "$(dirname "$(readlink -f "$0")")/../e2e/lib.sh"
# shellcheck source=tests/e2e/site.sh
. "$here/site.sh"
bench=$(dirname "$(readlink -f "$0")")

comments=${3:-20000}
updates=${4:-1000}
reads_max=${BENCH_READS_MAX:-3}
core_min=${BENCH_CORE_MIN:-15}
rate_min=${BENCH_RATE_MIN:-90}
rss_max_kb=102400
in_flight=4
posts=200

# Nothing is held for doubt, so that each comment is a change.
decisive=(--policy-approve-below 0.5 --policy-spam-at 0.5
    --policy-abuse-hold-at 1)
options=("${decisive[@]}" --no-table --site-in-flight "$in_flight")

# The comments that were loaded, over and over, each a little different, under
# two hundred posts.
multiply()
{
    local loaded

    loaded=$(wc -l <comments.ndjson)
    site_sql "
        INSERT INTO wp_posts (post_author, post_date, post_date_gmt,
            post_modified, post_modified_gmt, post_title, post_content,
            post_excerpt, to_ping, pinged, post_content_filtered, post_name)
        SELECT 1, post_date, post_date_gmt, post_date, post_date_gmt,
            CONCAT(post_title, ' ', seq), post_content, '', '', '', '',
            CONCAT('copy-', seq)
        FROM seq_1_to_$posts s JOIN (SELECT * FROM wp_posts
            WHERE post_type = 'post' ORDER BY ID LIMIT 1) p;
        SET @first = (SELECT MIN(ID) FROM wp_posts
            WHERE post_name LIKE 'copy-%');
        INSERT INTO wp_comments (comment_post_ID, comment_author,
            comment_author_email, comment_author_url, comment_author_IP,
            comment_date, comment_date_gmt, comment_content, comment_approved,
            comment_agent, comment_type)
        SELECT @first + FLOOR(RAND(seq) * $posts), comment_author,
            comment_author_email, comment_author_url, comment_author_IP,
            comment_date, comment_date_gmt, CONCAT(comment_content, ' ', seq),
            '0', comment_agent, comment_type
        FROM seq_1_to_$((comments / loaded + 1)) s
        JOIN (SELECT * FROM wp_comments WHERE comment_ID <= $loaded) c
        ORDER BY seq, comment_ID LIMIT $((comments - loaded))"
}

all_wait()
{
    rm -f sluice.db*
    site_sql "UPDATE wp_comments SET comment_approved = '0';
        UPDATE wp_posts SET comment_count = 0;
        DELETE FROM wp_commentmeta WHERE meta_key LIKE '\_%'"
}

companion()
{
    local at=$WP_ROOT/wp-content/mu-plugins/sluice.php

    case $1 in
    on) [ -e "$at" ] || mv aside.php "$at" ;;
    off) [ ! -e "$at" ] || mv "$at" aside.php ;;
    esac
}

# CPU seconds that the site's daemons have used so far.
site_cpu()
{
    local pid pids=()

    for pid in "$WP_DIR"/run/*.pid; do
        pid=$(cat "$pid")
        mapfile -t -O "${#pids[@]}" pids < <(echo "$pid"; pgrep -P "$pid")
    done
    for pid in "${pids[@]}"; do
        cat "/proc/$pid/stat"
    done | sed 's/.*) //' |
        awk -v tick="$(getconf CLK_TCK)" '{ s += $12 + $13 } END { print s / tick }'
}

# timed COMMAND...: its seconds in `took`, the most memory it had, in
# kilobytes, in `rss`, and its CPU seconds in `cpu`. What it prints goes to the
# files out and err.
timed()
{
    read -r took rss cpu < <(python3 - "$@" <<'END'
import resource, subprocess, sys, time
began = time.monotonic()
with open("out", "w") as out, open("err", "w") as err:
    subprocess.call(sys.argv[1:], stdout=out, stderr=err)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(f"{time.monotonic() - began:.3f}", used.ru_maxrss,
      f"{used.ru_utime + used.ru_stime:.2f}")
END
    )
}

bare_read()
{
    "$bench/site_load.py" read
}

# To the statuses that the last run gave.
bare_updates()
{
    "$bench/site_load.py" update "$1" "$in_flight" wanted
}

# figure EXPRESSION: of numbers with a point.
figure()
{
    awk "BEGIN { printf \"%.2f\", $1 }"
}

holds()
{
    awk "BEGIN { exit !($1) }" || {
        echo "not so: $1"
        return 1
    }
}

over_companion()
{
    local read_before read_after took rss cpu core at read_cpu run_cpu

    companion on
    all_wait
    at=$(site_cpu)
    read_before=$(bare_read)
    read_cpu=$(figure "$(site_cpu) - $at")
    at=$(site_cpu)
    timed "$program" run "${options[@]}"
    run_cpu=$(figure "$(site_cpu) - $at")
    check "all $comments are judged" has out "judged $comments:.*failed 0"
    check "each comment is as its verdict says" verdicts_done
    all_wait
    read_after=$(bare_read)
    companion off
    core=$(figure "$(bare_updates "$updates") / $updates * $comments")
    reads=$(figure "($read_before + $read_after) / 2")
    echo "$comments comments: bare read $read_before and $read_after s," \
        "judged and told in $took s: $(figure "$took / $reads") reads"
    echo "$updates core updates, $in_flight at once: $core s for all;" \
        "$(figure "$core / $took") times as long"
    echo "the program's memory: $((rss / 1024)) MiB"
    echo "CPU seconds: the site $read_cpu for a read, $run_cpu for the run;" \
        "the program $cpu"
    check "judged and told in $reads_max reads" \
        holds "$took <= $reads_max * $reads"
    check "$core_min times faster than core" holds "$core >= $core_min * $took"
    check "in less than 100 MiB" at_most "$rss" "$rss_max_kb"
}

# Over core the site is all that counts; a queue as long as the updates.
over_core()
{
    local bare_before bare_after took rss cpu share

    companion off
    site_sql "DELETE FROM wp_comments WHERE comment_ID > $updates"
    all_wait
    bare_before=$(bare_updates "$updates")
    all_wait
    timed "$program" run "${options[@]}"
    check "all are told over core" has out "site took $updates, .*failed 0"
    all_wait
    bare_after=$(bare_updates "$updates")
    share=$(figure "($bare_before + $bare_after) / 2 / $took * 100")
    echo "$updates core updates: bare in $bare_before and $bare_after s, by" \
        "a run in $took s: $share % of the rate"
    check "$rate_min % of what the site can do" holds "$share >= $rate_min"
}

begin "$1" "$2"
export WP_COMPANION=must-use
site_begin
"$here/choose_comments.py" --sample |
    decided "${decisive[@]}" >comments.ndjson
check "comments are loaded" site_load comments.ndjson
check "and multiplied" multiply
over_companion
over_core
finish
