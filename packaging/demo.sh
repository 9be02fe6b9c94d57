#!/usr/bin/env bash
# The demonstration behind `make demo`: the examples on an embedded database in a temporary directory.
#
#   packaging/demo.sh LIBDIR BINDIR
set -euo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
lib=$1 bin=$2
data=$(mktemp -d)
trap 'rm -rf "$data"' EXIT
export LD_LIBRARY_PATH=$lib TAOS_ENGINE=embedded TAOS_DATA_DIR=$data TZ=UTC

title() { printf '\n== %s\n\n' "$*"; }

title "C: examples/c/meters.c on an embedded database in $data"
"$bin/meters"
title 'C: another process opens the same database (examples/c/connect.c)'
"$bin/connect"
title 'C: what goes wrong, and how a program sees it (examples/c/errors.c)'
"$bin/errors"

title 'Python: examples/python/meters.py with the published taospy on the same library'
release=$(grep -v '^#' "$top/tests/python/releases.txt" | tail -n 1)
if python=$("$top/tests/python/environment.sh" "$release"); then
  "$python" "$top/examples/python/meters.py"
else
  echo "taospy $release could not be installed, so the Python half is left out" >&2
  exit 1
fi
title 'done'
