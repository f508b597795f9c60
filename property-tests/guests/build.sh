#!/usr/bin/env bash
# Builds the guest programs into prebuilt/NAME.wasm: all, or those named; `build.sh --list` names them.
# The results are committed, so that tests need no toolchain. The same sources and Debian 12 packages give the
# same bytes: `build.sh --verify` builds into a temporary directory and compares.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
out=$here/prebuilt
work=${TMPDIR:-/tmp}/foldos-guests
export LC_ALL=C SOURCE_DATE_EPOCH=0

readonly QUICKJS_PACKAGE=qjsc@0.3.0                # holds QuickJS 2021-03-27
readonly SQLITE_PACKAGE=better-sqlite3@12.11.1     # holds the SQLite amalgamation
readonly LUA_SOURCE=lua5.4=5.4.4-3+deb12u1         # Debian's source package

need() { # need FILE PACKAGE...: the file exists, or these Debian packages are missing
  local file=$1
  shift
  compgen -G "$file" >/dev/null && return
  echo "build.sh: $file is missing; install it with: apt-get install -y $*" >&2
  exit 1
}

need_c() {
  need /usr/bin/clang clang
  need /usr/bin/wasm-ld lld
  need /usr/include/wasm32-wasi/wasi/api.h wasi-libc
  need '/usr/lib/llvm-14/lib/clang/*/lib/wasi/libclang_rt.builtins-wasm32.a' libclang-rt-14-dev-wasm32
  if [ -x /usr/bin/wasm-opt ]; then
    echo "build.sh: remove Debian's binaryen (clang would run its old optimiser): apt-get remove binaryen" >&2
    exit 1
  fi
}

need_cxx() {
  need_c
  need '/usr/include/wasm32-wasi/c++/v1/iostream' libc++-14-dev-wasm32
  need '/usr/lib/wasm32-wasi/libc++abi.a' libc++abi-14-dev-wasm32
}

need_rust() {
  need_c
  need /usr/bin/rustc rustc
  need '/usr/lib/rustlib/wasm32-wasi/lib/libstd-*.rlib' libstd-rust-dev-wasm32
}

readonly C_FLAGS=(--target=wasm32-wasi -std=gnu11 -Wall -Wextra
  -Wno-unused-parameter -Wno-unused-function -Wno-unused-but-set-variable
  -Wl,-z,stack-size=1048576,--stack-first -ffile-prefix-map="$here"=.)
readonly STRIPPED=(-Wl,--strip-all)

build_c() { # build_c NAME SOURCE OPTION...
  need_c
  local name=$1 source=$2
  shift 2
  /usr/bin/clang "${C_FLAGS[@]}" "$@" "$source" -o "$out/$name.wasm"
}

build_cxx() {
  need_cxx
  /usr/bin/clang++ --target=wasm32-wasi -std=c++17 -fno-exceptions -O1 -Wall \
    -Wl,-z,stack-size=1048576,--stack-first \
    "${STRIPPED[@]}" "$2" -o "$out/$1.wasm"
}

build_throws() {
  need_cxx
  /usr/bin/clang++ --target=wasm32-wasi -std=c++17 -fwasm-exceptions -Os -Wall -ffile-prefix-map="$here"=. \
    -Wl,-z,stack-size=1048576,--stack-first "${STRIPPED[@]}" \
    "$here/programs/throws.cc" "$here/wasm-exceptions.cc" -o "$out/throws.wasm"
}

build_rust() {
  need_rust
  /usr/bin/rustc --target wasm32-wasi --edition 2021 -C opt-level=z -C lto -C panic=abort -C codegen-units=1 \
    -C link-arg=--strip-all --remap-path-prefix "$here=." "$2" -o "$out/$1.wasm"
}

fetch() { # fetch PACKAGE@VERSION: unpacked under $work, its path on stdout
  local dir=$work/${1//[@\/]/-}
  if [ ! -d "$dir/package" ]; then
    mkdir -p "$dir"
    (cd "$dir" && npm pack --silent "$1" >/dev/null && tar xzf ./*.tgz)
  fi
  echo "$dir/package"
}

fetch_debian() { # fetch_debian SOURCE=VERSION: the upstream part of Debian's source package, its path on stdout
  local dir=$work/${1/=/-}
  if [ ! -d "$dir/package" ]; then
    need /etc/apt/sources.list.d/debian.sources base-files
    need /usr/bin/dpkg-source dpkg-dev
    mkdir -p "$dir/lists/partial"
    sed 's/^Types: .*/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$dir/debian.sources"
    local options=(-qq -o "Dir::Etc::SourceList=$dir/debian.sources" -o Dir::Etc::SourceParts=-
      -o "Dir::State::Lists=$dir/lists" -o APT::Sandbox::User=root)
    (cd "$dir" && apt-get "${options[@]}" update && apt-get "${options[@]}" source --download-only "$1" &&
      dpkg-source --skip-patches --extract ./*.dsc package) >/dev/null
  fi
  echo "$dir/package"
}

build_quickjs() {
  need_c
  local sources
  sources=$(fetch "$QUICKJS_PACKAGE")/deps/quickjs_2021_03_27
  /usr/bin/clang --target=wasm32-wasi -Os -w -D_GNU_SOURCE -DEMSCRIPTEN -DCONFIG_STACK_CHECK \
    -DFE_DOWNWARD=0 -DFE_UPWARD=0 \
    -DCONFIG_VERSION='"2021-03-27"' -I"$sources" -ffile-prefix-map="$sources"=quickjs \
    "$here/real/quickjs-main.c" "$sources"/{quickjs,libregexp,libunicode,cutils}.c \
    -lm -Wl,-z,stack-size=1048576,--stack-first "${STRIPPED[@]}" -o "$out/qjs.wasm"
}

build_sqlite() {
  need_c
  local sources
  sources=$(fetch "$SQLITE_PACKAGE")/deps/sqlite3
  /usr/bin/clang --target=wasm32-wasi -Os -w -I"$sources" -ffile-prefix-map="$sources"=sqlite \
    -DSQLITE_OS_OTHER=1 -DSQLITE_THREADSAFE=0 -DSQLITE_OMIT_WAL -DSQLITE_OMIT_LOAD_EXTENSION \
    -DSQLITE_MAX_MMAP_SIZE=0 -DSQLITE_TEMP_STORE=2 -DSQLITE_DEFAULT_MEMSTATUS=0 -DSQLITE_OMIT_DEPRECATED \
    -DSQLITE_OMIT_SHARED_CACHE -DSQLITE_OMIT_PROGRESS_CALLBACK -DSQLITE_DQS=0 \
    "$here/real/sqlite-shell.c" "$sources/sqlite3.c" \
    -Wl,-z,stack-size=1048576,--stack-first "${STRIPPED[@]}" -o "$out/sqlite.wasm"
}

# As C++, so that an error of Lua's is an exception of WebAssembly's, in the older encoding. wasi-libc has no setjmp.h,
# which is then included and not used, and no length of temporary names.
build_lua() {
  need_cxx
  local sources
  sources=$(fetch_debian "$LUA_SOURCE")/src
  /usr/bin/clang++ --target=wasm32-wasi -Os -w -fwasm-exceptions -I"$sources" -ffile-prefix-map="$sources"=lua \
    -D_LIBCPP_SETJMP_H -DL_tmpnam=20 -D_WASI_EMULATED_SIGNAL -D_WASI_EMULATED_PROCESS_CLOCKS \
    -x c++ $(ls "$sources"/*.c | grep -v /luac.c) "$here/wasm-exceptions.cc" -x c "$here/real/lua-system.c" \
    -lwasi-emulated-signal -lwasi-emulated-process-clocks \
    -Wl,-z,stack-size=1048576,--stack-first "${STRIPPED[@]}" -o "$out/lua.wasm"
}

sources_of() { ls "$here"/conformance/*.{c,rs} "$here"/programs/*.{c,cc,rs} 2>/dev/null; }

list() {
  for source in $(sources_of); do
    source=${source##*/}
    echo "${source%.*}"
  done
  echo lua
  echo qjs
  echo sqlite
}

build_one() {
  local name=$1 source
  case $name in
    lua) build_lua; return ;;
    qjs) build_quickjs; return ;;
    sqlite) build_sqlite; return ;;
    throws) build_throws; return ;;
    # A backtrace is to show these by their names: no stripping, no inlining.
    trap | deep-recursion | spin) build_c "$name" "$here/programs/$name.c" -O1 -fno-inline; return ;;
    cap-script | exchange) build_c "$name" "$here/programs/$name.c" -Oz -I"$here/../../guests/foldos" "${STRIPPED[@]}"; return ;;
    cpu-bound | cpu-kernels | syscall-mix) build_c "$name" "$here/programs/$name.c" -O2 "${STRIPPED[@]}"; return ;;
  esac
  for source in "$here"/{conformance,programs}/"$name".{c,cc,rs}; do
    [ -f "$source" ] || continue
    case $source in
      *.c) build_c "$name" "$source" -Oz "${STRIPPED[@]}" ;;
      *.cc) build_cxx "$name" "$source" ;;
      *.rs) build_rust "$name" "$source" ;;
    esac
    return
  done
  echo "build.sh: no program is named $name (build.sh --list names them)" >&2
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
