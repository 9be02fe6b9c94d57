#!/usr/bin/env bash
# Compiles each C test against include/taos.h, links it with the built library, and runs it on an empty
# database of its own. The last line is "N passed, N failed".
#
#   ctests/run.sh LIBDIR [NAME...]              LIBDIR holds libtaos.so and libtaos.so.1
#   WRAPPER='valgrind ...' ctests/run.sh ...    runs each program under something
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
top=$(dirname "$here")
lib=$(cd "${1:?the directory of libtaos.so}" && pwd) || exit 2
shift
names=("$@")
if [ ${#names[@]} -eq 0 ]; then
  for file in "$here"/*.c; do names+=("$(basename "$file" .c)"); done
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LD_LIBRARY_PATH=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} TAOS_ENGINE=embedded
read -ra flags <<<"${CFLAGS:--O1 -g}"
read -ra wrapper <<<"${WRAPPER:-}"
passed=0 failed=0

run_one() {
  local name=$1
  export TAOS_DATA_DIR=$work/$name.data
  mkdir -p "$TAOS_DATA_DIR"
  "${CC:-cc}" -std=c99 -D_POSIX_C_SOURCE=200809L -Wall -Wextra -Werror "${flags[@]}" -I"$top/include" \
    "$here/$name.c" -o "$work/$name" -L"$lib" -ltaos -lpthread -ldl &&
    (cd "$work" && timeout "${LIMIT:-300}" "${wrapper[@]}" "./$name")
}

for name in "${names[@]}"; do
  if output=$(run_one "$name" 2>&1); then
    passed=$((passed + 1))
    printf 'ok    %-14s %s\n' "$name" "$(tail -n 1 <<<"$output")"
  else
    status=$?
    failed=$((failed + 1))
    printf 'FAIL  %-14s exit status %s\n' "$name" "$status"
    sed 's/^/      /' <<<"$output" | tail -n 40
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
