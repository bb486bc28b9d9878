#!/bin/bash
#
# Run the end-to-end scripts: the built program against files, faults and a
# real WordPress.
#
#     tests/e2e/run.sh PROGRAM SCRATCH_DIR
#
# The last line is the sum of all: "N passed, N failed", with ", N skipped" if
# there were any. Leaves with 1 if anything failed. SLUICE_DATA names the
# directory of labelled comments, by default ../shared/data beside the
# checkout; without it a smaller sample is used, and said so.
set -u

[ $# -eq 2 ] || {
    echo "usage: run.sh PROGRAM SCRATCH_DIR" >&2
    exit 2
}
here=$(dirname "$(readlink -f "$0")")
program=$(realpath "$1") || exit 2
mkdir -p "$2" || exit 2
scratch=$(realpath "$2")
export E2E_DATA=${SLUICE_DATA:-$here/../../../shared/data}
export E2E_WORDPRESS=$scratch/wordpress
# The program takes each SLUICE_ variable for a setting.
for name in $(compgen -e SLUICE_); do
    unset "$name"
done

passed=0
failed=0
skipped=0

# A script that dies without a count is a failure, and so is one that counts
# none but leaves with an error.
add_up()
{
    local name=$1 code=$2 last=$3
    local count='^([0-9]+) passed, ([0-9]+) failed(, ([0-9]+) skipped)?$'

    if [[ $last =~ $count ]]; then
        passed=$((passed + BASH_REMATCH[1]))
        failed=$((failed + BASH_REMATCH[2]))
        skipped=$((skipped + ${BASH_REMATCH[4]:-0}))
        if [ "$code" = 0 ] || [ "${BASH_REMATCH[2]}" != 0 ]; then
            return
        fi
    fi
    echo "FAILED: $name died, leaving with $code; its last line: $last"
    failed=$((failed + 1))
}

run()
{
    local name code began=$SECONDS log

    name=$(basename "$1" .sh)
    log=$scratch/$name.log
    bash "$1" "$program" "$scratch/$name" 2>&1 </dev/null |
        tee "$log" | sed "s/^/$name: /"
    code=${PIPESTATUS[0]}
    echo "$name: took $((SECONDS - began)) s"
    add_up "$name" "$code" "$(tail -n 1 "$log")"
}

for script in "$here"/*.sh; do
    case ${script##*/} in
    run.sh | lib.sh | site.sh | companion.sh | line.sh | serving.sh | nodes.sh) ;;
    akismet_plugin.sh) ;;
    *) run "$script" ;;
    esac
done

# After a failure the site's logs are worth a look.
[ "$failed" != 0 ] || "$here/wordpress/stop.sh" --wipe "$E2E_WORDPRESS"

line="$passed passed, $failed failed"
[ "$skipped" = 0 ] || line="$line, $skipped skipped"
echo "$line"
[ "$failed" = 0 ]
