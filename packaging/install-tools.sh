#!/usr/bin/env bash
# Installs what the tests need beside Rust, with the system's package manager when this is root.
set -uo pipefail

# A tool, and the Debian package that has it.
needed=(valgrind:valgrind cc:gcc c++:g++ nm:binutils readelf:binutils python3:python3)
packages=()
for pair in "${needed[@]}"; do
  command -v "${pair%%:*}" >/dev/null || packages+=("${pair##*:}")
done
python3 -c 'import ensurepip' 2>/dev/null || packages+=(python3-venv)
[ ${#packages[@]} -eq 0 ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null; then
  echo "missing: ${packages[*]}; please install them" >&2
  exit 1
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq && apt-get install -y -qq --no-install-recommends "${packages[@]}"
