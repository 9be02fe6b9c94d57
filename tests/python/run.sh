#!/usr/bin/env bash
# Runs embedded.py with published releases of taospy on the built library. The last line is
# "N passed, N failed", counting releases.
#
#   tests/python/run.sh LIBDIR [RELEASE...]     LIBDIR holds libtaos.so
set -uo pipefail
here=$(cd "$(dirname "$0")" && pwd)
lib=$(cd "${1:?the directory of libtaos.so}" && pwd) || exit 2
shift
releases=("$@")
if [ ${#releases[@]} -eq 0 ]; then
  mapfile -t releases < <(grep -v '^#' "$here/releases.txt")
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export LD_LIBRARY_PATH=$lib${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH} TAOS_ENGINE=embedded TZ=UTC PYTHONWARNINGS=ignore
passed=0 failed=0
for release in "${releases[@]}"; do
  mkdir -p "$work/$release"
  if python=$("$here/environment.sh" "$release") &&
    output=$(TAOS_DATA_DIR=$work/$release timeout 300 "$python" "$here/embedded.py" 2>&1); then
    passed=$((passed + 1))
    echo "ok    taospy $release  $(grep '^Ran' <<<"$output")"
  else
    failed=$((failed + 1))
    echo "FAIL  taospy $release"
    sed 's/^/      /' <<<"${output:-}" | tail -n 60
  fi
  output=
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
