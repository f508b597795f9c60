#!/usr/bin/env bash
# Builds the examples into prebuilt/NAME.wasm: all, or those named; `build.sh --list` names them.
# The results are committed, so that tests need no toolchain. The same sources and Debian 12 packages give the
# same bytes: `build.sh --verify` builds into a temporary directory and compares.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/prebuilt
export LC_ALL=C SOURCE_DATE_EPOCH=0

need() { # need FILE PACKAGE: the file exists, or this Debian package is missing
  compgen -G "$1" >/dev/null && return
  echo "build.sh: $1 is missing; install it with: apt-get install -y $2" >&2
  exit 1
}

need /usr/bin/clang clang
need /usr/bin/wasm-ld lld
need /usr/include/wasm32-wasi/wasi/api.h wasi-libc
need '/usr/lib/llvm-14/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a' libclang-rt-14-dev-wasm32
if [ -x /usr/bin/wasm-opt ]; then
  echo "build.sh: remove Debian's binaryen (clang would run its old optimiser): apt-get remove binaryen" >&2
  exit 1
fi

readonly FLAGS=(--target=wasm32-wasi -std=c11 -D_POSIX_C_SOURCE=200809L -Oz
  -Wall -Wextra -Werror -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
  -I"$here/../foldos" -ffile-prefix-map="$here"=.
  -Wl,-z,stack-size=1048576,--stack-first,--strip-all)

list() {
  for source in "$here"/*/*.c; do
    source=${source##*/}
    echo "${source%.c}"
  done
}

build_one() {
  for source in "$here"/*/"$1".c; do
    [ -f "$source" ] || continue
    /usr/bin/clang "${FLAGS[@]}" "$source" -o "$out/$1.wasm"
    return
  done
  echo "build.sh: no example is named $1 (build.sh --list names them)" >&2
  exit 1
}

case ${1-} in
  --list) list; exit ;;
  --verify)
    out=$(mktemp -d)
    different=0
    for name in $(list); do
      build_one "$name"
      cmp "$out/$name.wasm" "$here/prebuilt/$name.wasm" || different=1
    done
    rm -r "$out"
    exit $different
    ;;
esac
mkdir -p "$out"
for name in ${@:-$(list)}; do
  build_one "$name"
  printf '%9d %s\n' "$(stat -c %s "$out/$name.wasm")" "$name.wasm"
done
