#!/bin/bash
# The built program from the outside: exit codes, garbage in, a queue worked
# off, looked up, undone, and killed in the middle.
#
#     tests/e2e/cli.sh [PROGRAM [DIRECTORY]]
#
# SLUICE may name the program instead; DIRECTORY is emptied first.
set -u

program=$(realpath "${1:-${SLUICE:-build/sluice}}")
sample=$(realpath "$(dirname "$0")/../../src/site/sample_queue.ndjson")
work=${2:-}
if [ -z "$work" ]; then
    work=$(mktemp -d)
    trap 'rm -rf "$work"' EXIT
fi
mkdir -p "$work" && cd "$work" || exit 1
rm -rf ./*
unset SLUICE_STORE NO_COLOR
for name in $(compgen -e | grep -E '^SLUICE_(SITE|POLICY)_'); do
    unset "$name"
done

passed=0
failed=0

# result NAME: counts the exit code of the command before it.
result()
{
    # shellcheck disable=SC2181
    if [ $? = 0 ]; then
        passed=$((passed + 1))
    else
        failed=$((failed + 1))
        echo "FAILED: $1"
        sed 's/^/    stderr: /' err | cut -c1-200 | head -5
    fi
}

# sluice CODE ARGUMENT...: runs the program; true if it leaves with CODE.
# What it prints is in the files out and err.
sluice()
{
    local want=$1 code
    shift
    "$program" "$@" >out 2>err
    code=$?
    [ "$code" = "$want" ] && return 0
    echo "    sluice $1 left with $code, not $want" >>err
    return 1
}

said() { grep -q -- "$1" err; }
printed() { grep -q -- "$1" out; }
lines() { [ "$(wc -l <"$1")" = "$2" ]; }

# error_lines N...: stderr names exactly these lines of the input.
error_lines()
{
    local want
    want=$(printf '%s\n' "$@")
    [ "$(sed -n 's/^level=error event=bad_line line=\([0-9]*\).*/\1/p' err)" \
        = "$want" ]
}

waiting() { jq -r 'select(.status == "hold").id' "$1" | wc -l; }

help_and_codes()
{
    sluice 0 && printed "usage: sluice COMMAND"
    result "alone it lists its commands"
    sluice 0 --help && printed "history"
    result "--help"
    sluice 0 --version && printed "^sluice [0-9]"
    result "--version"
    for command in run judge explain history undo config; do
        sluice 0 "$command" --help && printed "usage: sluice $command" &&
            printed "^  .*sluice $command"
        result "$command --help has an example"
    done
    sluice 2 nonsense && said "no such command"
    result "unknown command"
    sluice 2 run --nonsense && said -- "--nonsense: not an option"
    result "unknown option"
    sluice 2 run --site-url && said "a value is missing"
    result "option without its value"
    sluice 2 undo && said "RUN is missing"
    result "operand missing"
    sluice 2 judge a b && said "one too many"
    result "operand too many"
    sluice 2 judge /nowhere/file && said "/nowhere/file"
    result "input that is not there"
    sluice 2 run --site-url /nowhere/queue && said "/nowhere/queue"
    result "queue that is not there"
    sluice 3 history --store /nowhere/store && said "/nowhere/store"
    result "store that is not there"
    sluice 2 judge --model /nowhere/model </dev/null && said "/nowhere/model"
    result "model that is not there"
}

configuration()
{
    printf 'store = a.db\n[site]\nulr = x\n' >bad.conf
    sluice 2 run --config bad.conf && said 'bad.conf:3: ulr: no such key'
    result "unknown key is named with its line"
    printf '[sight]\nurl = x\n' >bad.conf
    sluice 2 run --config bad.conf && said 'bad.conf:2: .*\[sight\]'
    result "unknown section is named with its line"
    printf '[policy]\nspam_at = high\n' >bad.conf
    sluice 2 run --config bad.conf && said "bad.conf:2: spam_at: 'high'"
    result "bad value is named with its line"
    SLUICE_SITE_TIMEOUT=x sluice 2 config && said "SLUICE_SITE_TIMEOUT: 'x'"
    result "bad variable is named"
    sluice 2 config --site-retries x && said -- "--site-retries: 'x'"
    result "bad option is named"
    sluice 2 judge --policy-approve-below 0.9 --policy-spam-at 0.1 \
        </dev/null && said "approve_below: 0.9 is above spam_at"
    result "thresholds the wrong way round"
    sluice 2 judge --policy-promise 1/1000000 </dev/null &&
        said "promise: 1/1000000 is more than this model can keep"
    result "a promise nobody can keep"
    sluice 0 judge --policy-promise 1/300 </dev/null
    result "a promise between two"
    sluice 0 judge --policy-promise 1/1000000 --policy-spam-at 0.9 </dev/null
    result "a threshold of one's own beats it"
    sluice 2 run --site-password geheim && said SLUICE_SITE_PASSWORD &&
        ! said geheim
    result "password on the command line is refused"
    printf 'store = file.db\nmodel = file\n[site]\n  password = geheim\n' \
        >sluice.conf
    chmod 644 sluice.conf
    SLUICE_STORE=env.db SLUICE_SITE_NAME=env sluice 0 config --site-name opt
    result "config"
    printed '^store = env.db' && printed '^name = opt' &&
        { [ -n "${SLUICE_MODEL:-}" ] || printed '^model = file'; }
    result "option beats environment beats file"
    said event=password_readable && ! grep -q geheim out err
    result "readable password warns, and is not shown"
    rm sluice.conf
}

good='{"id":"g","text":"A fine article, thank you."}'

garbage()
{
    {
        echo "$good"
        echo '{"id":"2","text":"cut sho'
        echo '[1,2,3]'
        echo '42'
        printf '{"id":"5","text":"a\0b"}\n'
        echo "$good"
        echo ''
        head -c 50000000 /dev/zero | tr '\0' x
        echo
        printf '{"id":"9","text":"caf\351 \377\376 ole"}\n'
        head -c 100000 /dev/zero | tr '\0' '['
        echo
        printf '{"id":"11","text":"'
        head -c 1000000 /dev/zero | tr '\0' '<'
        printf '"}\n'
        echo '{"id":"12","text":["a"]}'
        echo '{"id":"13"}'
        echo '{"id":"14","text":"\u0000\ud800 \u202e x"}'
        printf '%s' "$good"
    } >garbage.ndjson
    sluice 1 judge garbage.ndjson
    result "garbage leaves with 1"
    jq -e .verdict out >verdicts 2>>err && lines verdicts "$(wc -l <out)"
    result "each line printed is JSON with a verdict"
    for line in 2 3 4 8 10 12 13; do
        grep -q "event=bad_line line=$line " err
        result "line $line is named"
    done
    [ $(($(wc -l <out) + $(grep -c event=bad_line err))) = 14 ]
    result "each line is judged or named, none both"
    [ "$(jq -r .id out | grep -c '^g$')" = 3 ]
    result "the good lines are judged"
    [ "$(jq -r .id out | sed -n '$p')" = g ]
    result "in their order"
    lines err "$(grep -c event=bad_line err)"
    result "and nothing else is said"
    cp out one_job && cp err one_job.err
    sluice 1 judge --jobs 3 garbage.ndjson && cmp -s out one_job &&
        cmp -s err one_job.err
    result "and three jobs say the same, in the same order"
    (ulimit -v 400000 && sluice 1 judge garbage.ndjson)
    result "in little memory"
    sluice 2 judge --jobs 0 garbage.ndjson && said "--jobs"
    result "no jobs at all is no way to work"
    sluice 0 judge </dev/null && lines out 0
    result "nothing in, nothing out"
    printf '{"id":"1\033[2J","author":"\033]0;x\007","text":"\033[31m"}' \
        >hostile
    sluice 0 judge --table hostile && ! LC_ALL=C grep -q $'[\001-\011\033]' out
    result "no sequence reaches the terminal"
    sluice 0 explain hostile && ! LC_ALL=C grep -q $'[\001-\011\033]' out
    result "nor from explain"
}

# The verdict on the first comment comes before the second one is sent.
streaming()
{
    local answer='' pid
    coproc judge { exec "$program" judge "$@" 2>err; }
    # shellcheck disable=SC2154
    pid=$judge_PID
    echo "$good" >&"${judge[1]}"
    read -r -t 10 -u "${judge[0]}" answer
    [ "$(jq -r .id <<<"$answer")" = g ]
    result "an answer comes while the input is still open $*"
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
}

# Libraries cost most of a start, so each waits until it is needed.
libraries()
{
    local linked
    linked=$(objdump -p "$program" | awk '$1 == "NEEDED" { print $2 }')
    if grep -q libcurl <<<"$linked"; then
        echo "libraries: this machine binds them at the start; not tested"
        return
    fi
    opened "$good" && ! grep -qE 'curl|http|ssl|sqlite|icu|xml' maps
    result "judging plain text opens no library it does not need"
    opened '{"text":"<i>Caf\u00e9</i> http://a.example"}' &&
        grep -q libxml2 maps && grep -q libicuuc maps &&
        grep -q libpsl maps && ! grep -qE 'curl|http|ssl' maps
    result "markup, accents and links open theirs"
    mkdir -p broken
    for library in libxml2.so.2 libpsl.so.5; do
        echo "no library" >"broken/$library"
    done
    echo '{"text":"see http://a.example"}' >linked.json
    LD_LIBRARY_PATH=broken sluice 2 judge linked.json && lines out 0 &&
        said 'event=library_missing .*libpsl.* package=libpsl5$'
    result "one that is missing is named with its package"
    echo "$good" >plain.json
    LD_LIBRARY_PATH=broken sluice 0 judge plain.json && lines out 1
    result "and not missed where it is not needed"
    LD_LIBRARY_PATH=broken sluice 2 run --site-kind filequeue \
        --site-url plain.json --store plain.db && [ ! -e plain.db ]
    result "what works for long ends at its start"
}

# opened LINE: what the program has mapped once it judged LINE, in maps.
opened()
{
    local answer='' pid
    coproc judge { exec "$program" judge 2>err; }
    pid=$judge_PID
    echo "$1" >&"${judge[1]}"
    read -r -t 10 -u "${judge[0]}" answer
    cp "/proc/$pid/maps" maps
    kill "$pid" 2>/dev/null
    wait "$pid" 2>/dev/null
    [ -n "$answer" ]
}

explained()
{
    head -1 "$sample" >one.json
    sluice 0 explain one.json && printed '^spam' && printed '^abuse' &&
        printed '^approve_below' && printed 'p_spam 0\.'
    result "explain shows features and rules"
    jq . one.json >pretty.json
    cp out first
    sluice 0 explain <pretty.json && cmp -s out first
    result "explain takes a comment on many lines"
    sluice 2 explain </dev/null
    result "explain of nothing"
}

queue_run()
{
    local seen
    cp "$sample" queue.ndjson
    printf '[site]\nkind = filequeue\nurl = queue.ndjson\n' >sluice.conf
    seen=$(waiting queue.ndjson)
    sluice 0 run --dry-run && printed "^dry run: $seen seen"
    result "dry run"
    cmp -s "$sample" queue.ndjson && [ ! -e sluice.db ]
    result "dry run touches nothing"
    sluice 0 run && printed "^run 1: $seen seen, 0 known; judged $seen:" &&
        printed '^verdict'
    result "run"
    sluice 0 history --json && lines out "$seen"
    result "history has every comment"
    [ "$(jq -r 'select(.verdict == "hold").id' out | sort)" = \
        "$(jq -r 'select(.status == "hold").id' queue.ndjson | sort)" ]
    result "what is held still waits, and nothing else"
    join -j1 <(jq -r '.id + " " + .verdict' out | sed 's/approve/approved/' |
        sort) <(jq -r '.id + " " + .status' queue.ndjson | sort) |
        awk '$2 != $3 { bad = 1 } END { exit bad || !NR }'
    result "each has the status of its verdict"
    cp queue.ndjson after
    sluice 0 run && printed '^run 2: .* judged 0:' && cmp -s queue.ndjson after
    result "the second run judges nothing and changes nothing"
}

looked_up()
{
    local id
    sluice 0 history --runs && lines out 3
    result "history --runs"
    sluice 0 history --runs --json && lines out 2
    result "history --runs --json"
    sluice 0 history --limit 5 && printed 'newest 5'
    result "history says that there is more"
    id=$(jq -r .id queue.ndjson | head -1)
    sluice 0 history --json --comment "$id" && lines out 1
    result "history of a comment"
    sluice 0 history --json --verdict spam &&
        [ "$(jq -r .verdict out | sort -u)" = spam ]
    result "history of a verdict"
    sluice 0 history --json --run 2 && lines out 0
    result "history of a run that judged nothing"
    sluice 0 history --json --since 1h && ! lines out 0 &&
        sluice 0 history --json --since 2999-01-01 && lines out 0
    result "history since"
    sluice 2 history --state sold && said "'sold' is not"
    result "history of no state"
}

undone()
{
    local changed first
    changed=$(jq -r 'select(.status != "hold").id' queue.ndjson | wc -l)
    first=$(jq -r 'select(.status == "spam").id' queue.ndjson | head -1)
    jq -c --arg id "$first" \
        'if .id == $id then .status = "approved" else . end' \
        queue.ndjson >edited && mv edited queue.ndjson
    sluice 0 undo 1 && printed "$((changed - 1)) put back, 1 skipped"
    result "undo puts back all but what a person changed"
    [ "$(jq -r 'select(.status != "hold").id' queue.ndjson)" = "$first" ]
    result "and they wait again"
    sluice 0 undo 1 && printed ' 0 put back'
    result "undoing twice is harmless"
    sluice 0 run && printed ' judged 0:'
    result "the next run leaves them alone"
    sluice 2 undo 99 && said 'no run 99'
    result "undo of no run"
    sluice 2 undo one && said 'not the number of a run'
    result "undo of no number"
}

# copies N: the sample queue N times, each with ids of its own.
copies()
{
    jq -c --argjson n "$1" \
        'range($n) as $i | .id = .id + "-" + ($i | tostring)' "$sample"
}

killed()
{
    local total kills=0 pid
    rm -f sluice.db* queue.ndjson
    copies 60 >queue.ndjson
    total=$(waiting queue.ndjson)
    for _ in 1 2; do
        "$program" run --no-table >>out 2>>err &
        pid=$!
        sleep "0.$(printf '%03d' $((RANDOM % 150 + 30)))"
        kill -9 "$pid" 2>/dev/null && kills=$((kills + 1))
        wait "$pid" 2>/dev/null
    done
    [ "$kills" = 2 ]
    result "killed twice in the middle"
    sluice 0 run --no-table
    result "run to the end"
    sluice 0 history --json --limit 0 && lines out "$total" &&
        [ "$(jq -r .id out | sort -u | wc -l)" = "$total" ]
    result "each comment is judged once"
    [ "$(jq -r .state out | sort -u | paste -sd' ')" = "applied kept" ]
    result "and told"
    lines queue.ndjson "$(copies 60 | wc -l)" &&
        [ "$(waiting queue.ndjson)" = \
            "$(jq -r 'select(.verdict == "hold").id' out | wc -l)" ]
    result "nothing is lost"
}

stopped()
{
    local pid
    rm -f sluice.db* queue.ndjson
    copies 60 >queue.ndjson
    "$program" run --no-table >out 2>err &
    pid=$!
    # The store is opened last before the work begins.
    for _ in $(seq 500); do
        [ -s sluice.db ] && break
        sleep 0.02
    done
    kill -TERM "$pid" 2>/dev/null
    wait "$pid"
    result "SIGTERM ends a run in order"
    sluice 0 history --json --limit 0 --state pending
    sluice 0 run --no-table &&
        sluice 0 history --json --limit 0 &&
        lines out "$(copies 60 | jq -r 'select(.status == "hold").id' | wc -l)"
    result "and the next one goes on"
}

: >err
help_and_codes
configuration
garbage
streaming
streaming --jobs 2
libraries
explained
queue_run
looked_up
undone
killed
stopped
echo "$passed passed, $failed failed"
[ "$failed" = 0 ]
