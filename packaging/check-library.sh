#!/usr/bin/env bash
# Checks the built shared library from outside: what it exports, what it is called, what it needs.
#
#   packaging/check-library.sh FILE        for instance build/lib/libtaos.so.1
set -uo pipefail
top=$(cd "$(dirname "$0")/.." && pwd)
library=${1:?the shared library}
failed=0

check() { # WHAT, PROBLEM: an empty problem is none
  if [ -z "$2" ]; then
    echo "ok    $1"
  else
    failed=1
    printf 'FAIL  %s\n%s\n' "$1" "$2"
  fi
}

exported=$(nm -D --defined-only "$library" | awk '{print $3}' | sort -u)
listed=$(grep -v '^#' "$top/packaging/exported-symbols.txt" | sed '/^$/d' | LC_ALL=C sort -u)
exported=$(LC_ALL=C sort -u <<<"$exported")
check 'exports what packaging/exported-symbols.txt lists' \
  "$(diff <(echo "$listed") <(echo "$exported") | sed -n 's/^</  not exported: /p; s/^>/  not listed: /p')"

uncalled=$(grep '^taos_' <<<"$exported" | while read -r name; do
  grep -qwh "$name" "$top"/ctests/*.c "$top"/ctests/check.h || echo "  $name"
done)
check 'every exported function is called by a C test' "$uncalled"

soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
check 'its name is libtaos.so.1' "$([ "$soname" = libtaos.so.1 ] || echo "  SONAME is '$soname'")"

# What the original needs, and what Rust's standard library needs of libgcc to unwind.
needed=$(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p')
foreign=$(grep -vE '^(libc\.so|libm\.so|libgcc_s\.so|libdl\.so|libpthread\.so|librt\.so|ld-linux|ld-musl|libc\.musl)' <<<"$needed")
check 'needs the C library and nothing else' "${foreign:+  needs $foreign}"

stack=$(readelf -lW "$library" | grep GNU_STACK)
check 'has no executable stack' "$(grep -q 'RW ' <<<"$stack" && ! grep -q 'RWE' <<<"$stack" || echo "  $stack")"

text_relocations=$(readelf -d "$library" | grep TEXTREL)
check 'has no text relocations' "$text_relocations"

exit $failed
