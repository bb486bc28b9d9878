# shellcheck shell=bash
#
# What the end-to-end scripts share; sourced, never run. Each is called as
#
#     SCRIPT PROGRAM SCRATCH_DIR
#
# works in that directory, and ends with the number of its checks. run.sh says
# in E2E_DATA where labelled comments are, and in E2E_WORDPRESS where the
# scripts may share one WordPress.
set -u

here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
passed=0
failed=0
skipped=0

# begin "$@": sets `program` and `scratch`, goes there, and clears away what
# an earlier time left and whatever is set for the program from outside.
begin()
{
    local name

    [ $# -eq 2 ] || {
        echo "usage: ${0##*/} PROGRAM SCRATCH_DIR" >&2
        exit 2
    }
    program=$(realpath "$1")
    scratch=$(realpath -m "$2")/work
    data=${E2E_DATA:-${SLUICE_DATA:-$here/../../../shared/data}}
    data=$(realpath -m "$data")
    rm -rf "$scratch"
    mkdir -p "$scratch"
    cd "$scratch" || exit 2
    for name in $(compgen -e SLUICE_); do
        unset "$name"
    done
}

# check NAME COMMAND...: passes if the command succeeds. What it prints is
# shown only if it does not.
check()
{
    local name=$1 said

    shift
    if said=$("$@" 2>&1); then
        passed=$((passed + 1))
        return 0
    fi
    failed=$((failed + 1))
    echo "FAILED: $name"
    printf '%s\n' "$said" | head -n 20 | sed 's/^/    /'
    return 1
}

# skip NAME WHY
skip()
{
    skipped=$((skipped + 1))
    echo "skipped: $1: $2"
}

# The last line. Returns 1 if a check failed.
finish()
{
    local line="$passed passed, $failed failed"

    [ "$skipped" = 0 ] || line="$line, $skipped skipped"
    echo "$line"
    [ "$failed" = 0 ]
}

same()
{
    [ "$1" = "$2" ] || {
        echo "is:     $1"
        echo "wanted: $2"
        return 1
    }
}

at_most()
{
    [ "$1" -le "$2" ] || {
        echo "is $1, may be $2 at most"
        return 1
    }
}

at_least()
{
    [ "$1" -ge "$2" ] || {
        echo "is $1, must be $2 at least"
        return 1
    }
}

# has FILE PATTERN: shows the file if no line of it matches.
has()
{
    grep -qE -- "$2" "$1" || {
        echo "no '$2' in $1:"
        cut -c 1-300 "$1"
        return 1
    }
}

# decided OPTION...: of the comments on stdin, those that are not held.
decided()
{
    cat >undecided.ndjson
    "$program" judge "$@" undecided.ndjson |
        jq -r 'select(.verdict != "hold").id' >decided.ids
    jq -c --rawfile ids decided.ids \
        '.id as $id | select($ids | split("\n") | index([$id]))' \
        undecided.ndjson
}

# sluice CODE ARGUMENT...: runs the program, its words going to the files out
# and err. Shows the end of err if it leaves with another code.
sluice()
{
    local want=$1 code=0

    shift
    "$program" "$@" >out 2>err || code=$?
    [ "$code" = "$want" ] || {
        echo "sluice $1 left with $code, not $want:"
        tail -n 5 err | cut -c 1-300
        return 1
    }
}
