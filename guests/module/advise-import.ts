import { nearestWord } from "../../core/nearest-word.ts";
import { callNames } from "../call-table.ts";
import { FOLDOS_MODULE } from "../foldos/foldos-table.ts";
import { WASI_MODULE } from "../wasi/wasi-table.ts";

/** An import that tells which toolchain wrote it. The first that matches counts. */
interface Sign {
  readonly module: RegExp;
  readonly name: RegExp;
  readonly advice: string;
}

const ANY = /^/;
const UNLINKED = "This is an object file that is not linked yet: link it with clang or wasm-ld.";
const SHARED = "This is a shared library (-shared, -fPIC, MAIN_MODULE): link the program statically.";
const BINDGEN =
  "This was built for JavaScript by wasm-bindgen (wasm-pack): build a program with cargo build --target wasm32-wasip1.";
const EMSCRIPTEN =
  "This was built by Emscripten for its JavaScript: build with emcc -sSTANDALONE_WASM, or with clang of wasi-sdk.";

const signs: readonly Sign[] = [
  {
    module: /^wasi_snapshot_preview1$/,
    name: /^sock_/,
    advice:
      "Sockets that a program opens itself are an extension of WasmEdge: build without them, for plain wasm32-wasip1.",
  },
  {
    module: /^wasi_snapshot_preview1$/,
    name: ANY,
    advice: "It is an extension of some runtime, or misspelt: build for plain wasm32-wasip1.",
  },
  {
    module: /^foldos$/,
    name: ANY,
    advice: "It is misspelt, or of a newer Foldos: foldos.h of this one declares what there is.",
  },
  {
    module: /^wasi_unstable$/,
    name: ANY,
    advice: "This is WASI preview 0 of 2019: build again with a toolchain from 2020 on, for wasm32-wasip1.",
  },
  {
    module: /^wasi$/,
    name: /^thread/,
    advice: "Programs with threads do not run: build for wasm32-wasip1, not wasm32-wasip1-threads.",
  },
  {
    module: /^wasi:|@\d+\.\d+/,
    name: ANY,
    advice: "This is the inside of a component (preview 2): build for wasm32-wasip1.",
  },
  {
    module: /^wasi_ephemeral/,
    name: ANY,
    advice: "This is a proposal on top of preview 1: build without it.",
  },
  { module: /^wasix/, name: ANY, advice: "This is WASIX of Wasmer: build for wasm32-wasip1." },
  { module: /^(wbg|__wbindgen.*|.*_bg\.js)$/, name: ANY, advice: BINDGEN },
  { module: ANY, name: /^__wb(indgen|g)_/, advice: BINDGEN },
  {
    module: /^(go|gojs)$/,
    name: ANY,
    advice:
      "This was built by Go for JavaScript: build with GOOS=wasip1 GOARCH=wasm (TinyGo: -target=wasip1).",
  },
  {
    module: /^env$/,
    name: /^(__linear_memory|__indirect_function_table|__stack_pointer)$/,
    advice: UNLINKED,
  },
  { module: /^env$/, name: /^(__memory_base|__table_base)$/, advice: SHARED },
  { module: /^GOT\./, name: ANY, advice: SHARED },
  {
    module: /^env$/,
    name: /^(_?emscripten|__?emval|_embind|invoke_|__syscall|__cxa_|_?abort_js|_mmap_js|_munmap_js|_tzset_js|setTempRet0|getTempRet0)/,
    advice: EMSCRIPTEN,
  },
  { module: /^a$/, name: /^[A-Za-z_$]{1,3}$/, advice: EMSCRIPTEN },
  {
    module: /^env$/,
    name: /^(abort|seed|trace|console\.log)$/,
    advice:
      "If this was built by AssemblyScript: use @assemblyscript/wasi-shim. Else define the function, and link it in.",
  },
  {
    module: /^env$/,
    name: /^memory$/,
    advice:
      "Link without --import-memory, so that the program brings its memory (Emscripten: -sSTANDALONE_WASM).",
  },
  {
    module: /^env$/,
    name: ANY,
    advice:
      "The program calls a function that nothing defines: link the library that has it, without --allow-undefined.",
  },
];

/** No sign is longer, and a name may have a million characters. */
const MAX_TESTED = 200;

/** What to do about an import that the machine does not offer. */
export function adviseImport(module: string, name: string, kind: number): string {
  const [moduleStart, nameStart] = [module.slice(0, MAX_TESTED), name.slice(0, MAX_TESTED)];
  if (kind !== 0 && module === WASI_MODULE)
    return "Preview 1 consists of functions: build for plain wasm32-wasip1.";
  if (kind !== 0 && module === FOLDOS_MODULE)
    return "The module foldos consists of functions: foldos.h declares them.";
  const near = nearestWord(nameStart, callNames(module));
  const sign = signs.find((one) => one.module.test(moduleStart) && one.name.test(nameStart));
  const advice =
    sign?.advice ??
    `Build for wasm32-wasip1: the machine offers the functions of ${WASI_MODULE} and of ${FOLDOS_MODULE}, and nothing else.`;
  return near === null ? advice : `${advice} Was ${near} meant?`;
}
