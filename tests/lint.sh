#!/bin/bash
# What the compiler does not see: layout, likely bugs, functions too long to
# follow. Fails on the first kind of finding of each tool.
set -euo pipefail
cd "$(dirname "$0")/.."

mapfile -t source < <(ls src/*/*.c training/*.c tests/*.c tests/support/*.c \
    2>/dev/null)
mapfile -t header < <(ls src/*/*.h training/*.h tests/support/*.h 2>/dev/null)
flags=(-std=c11 -D_GNU_SOURCE -Isrc -Itraining -Itests -Ibuild/gen
    -DMODELS='"models"' -include base/banned.h)
read -ra packages < <(pkg-config --cflags libxml-2.0 jansson libpq)

echo "clang-format"
clang-format --dry-run --Werror "${source[@]}" "${header[@]}"

echo "cppcheck"
cppcheck --quiet --error-exitcode=1 --inline-suppr --std=c11 \
    --enable=warning,performance,portability \
    --suppress=missingIncludeSystem --suppress=normalCheckLevelMaxBranches \
    --suppress=unknownMacro -D_GNU_SOURCE -Isrc -Itraining \
    src training

echo "clang-tidy"
printf '%s\n' "${source[@]}" | grep -v '^tests/' |
    xargs -P "$(nproc)" -I{} clang-tidy --quiet {} -- "${flags[@]}" \
        "${packages[@]}" 2>/dev/null

echo "shellcheck"
# SC2317: what "check" is given to call looks unreachable to it.
git ls-files '*.sh' .ci/run | xargs shellcheck -x -e SC2317
