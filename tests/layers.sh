#!/bin/bash
# Includes run one way only. Each room of src/ may include itself, what is
# listed here, and nothing else; a library's header is seen by one room.
set -euo pipefail
cd "$(dirname "$0")/.."

declare -A may=(
    [base]="" [comment]="base" [wire]="base comment" [text]="base comment"
    [features]="base comment text" [model]="base features"
    [policy]="base comment text" [learn]="base features"
    [memory]="base comment text"
    [pipeline]="base comment text features model learn memory policy"
    [store]="base comment" [site]="base comment wire"
    [server]="base comment wire"
    [page]="base comment wire text features model learn policy pipeline store
        server"
    [app]="base comment wire text features model learn memory policy pipeline
        store site server page"
)
# Only what moderates a whole queue, or an inbox, knows where comments live.
moderate_may="store site wire"

declare -A owner=(
    [jansson.h]=wire [unicode/]=text [libxml/]=text [libpsl.h]=text
    [libsvm/]=model [curl/]=site [sqlite3.h]=store [libpq-fe.h]=store [sodium.h]=base
    [ini.h]=app [microhttpd.h]=server
)

failed=0
fail()
{
    echo "$1"
    failed=1
}

for room in src/*/; do
    room=$(basename "$room")
    if [ -z "${may[$room]+x}" ]; then
        compgen -G "src/$room/*.[ch]" >/dev/null &&
            fail "src/$room: a room that is not on the list"
        continue
    fi
    for file in src/"$room"/*.[ch]; do
        [ -e "$file" ] || continue
        allowed=" $room ${may[$room]//$'\n'/ } "
        case $file in
        src/pipeline/moderate.* | src/pipeline/tell.* | \
            src/pipeline/decide.* | src/pipeline/inbox.*)
            allowed+="$moderate_may "
            ;;
        esac
        while read -r name; do
            case $allowed in
            *" ${name%%/*} "*) ;;
            *) fail "$file: includes $name, against the arrows" ;;
            esac
        done < <(sed -n 's/^#include "\([^"]*\/[^"]*\)".*/\1/p' "$file")
        while read -r name; do
            for library in "${!owner[@]}"; do
                case $name in
                "$library"*) [ "${owner[$library]}" = "$room" ] ||
                    fail "$file: $name belongs to ${owner[$library]}/" ;;
                esac
            done
        done < <(sed -n 's/^#include <\([^>]*\)>.*/\1/p' "$file")
    done
done
[ "$failed" = 0 ] && echo "layers: every include follows the arrows"
exit "$failed"
