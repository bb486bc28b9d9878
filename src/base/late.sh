#!/bin/bash
# late.sh "LIBRARY..." OBJECT...: what late.S makes stubs of.
#
# Prints a line "late FUNCTION, LIBRARY, PACKAGE" for each function that the
# objects call in one of the libraries, given as for the linker ("-lcurl").
# Names of files and packages are those of the libraries that the headers
# belong to, as they are installed here.
set -euo pipefail

file=()
for library in $1; do
    file+=("$(readlink -f "$(gcc -print-file-name="lib${library#-l}.so")")")
done
shift
called=$(nm -u "$@" | awk '$1 == "U" { print $2 }' | sort -u)
owners=$(dpkg -S "${file[@]}" 2>/dev/null) || true

for path in "${file[@]}"; do
    library=$(objdump -p "$path" | awk '$1 == "SONAME" { print $2 }')
    package=$(awk -F: -v path="$path" '$NF == " " path { print $1 }' \
        <<<"$owners")
    awk -v rest=", $library, ${package:-$library}" '
        NR == FNR { called[$1]; next }
        $2 ~ /[TW]/ { sub(/@.*/, "", $3) }
        $3 in called { print "late " $3 rest }
    ' <(echo "$called") <(nm -D --defined-only "$path")
done
