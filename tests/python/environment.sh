#!/usr/bin/env bash
# Prints the Python of a virtual environment that has a release of taospy, made on first use under
# target/python.
#
#   tests/python/environment.sh RELEASE
set -uo pipefail
directory=$(cd "$(dirname "$0")/../.." && pwd)/target/python/taospy-${1:?a release of taospy}
if [ ! -e "$directory/ready" ]; then
  rm -rf "$directory"
  mkdir -p "$(dirname "$directory")"
  "${PYTHON:-python3}" -m venv "$directory" >&2 &&
    "$directory/bin/pip" install --quiet --disable-pip-version-check "taospy==$1" >&2 || exit 1
  touch "$directory/ready"
fi
echo "$directory/bin/python"
