import { quoteName } from "./quote-name.ts";

/** What a file seems to be, to stand behind "no WebAssembly module but". */
interface Sniffed {
  readonly what: string;
  readonly advice: string | null;
}

interface BinaryKind extends Sniffed {
  /** The first bytes in hexadecimal: one of these. */
  readonly starts: readonly string[];
}

interface TextKind extends Sniffed {
  readonly start: RegExp;
}

const UNPACK = "Unpack it first.";
const REBUILD = "Build the program for wasm32-wasip1 instead of for this machine.";

const binaryKinds: readonly BinaryKind[] = [
  { starts: ["1f8b"], what: "compressed by gzip", advice: "Unpack it first: gunzip." },
  { starts: ["504b0304"], what: "a zip archive", advice: UNPACK },
  { starts: ["28b52ffd"], what: "compressed by zstd", advice: UNPACK },
  { starts: ["fd377a58"], what: "compressed by xz", advice: UNPACK },
  { starts: ["425a68"], what: "compressed by bzip2", advice: UNPACK },
  {
    starts: ["7f454c46"],
    what: "an ELF file: a program for Linux, or one that Wasmtime compiled ahead (.cwasm)",
    advice: REBUILD,
  },
  {
    starts: ["cffaedfe", "cefaedfe", "feedface", "feedfacf"],
    what: "a Mach-O file, a program for macOS",
    advice: REBUILD,
  },
  { starts: ["cafebabe"], what: "a Java class, or a program for macOS", advice: REBUILD },
  { starts: ["4d5a"], what: "a program for Windows", advice: REBUILD },
  {
    starts: ["213c617263683e", "213c7468696e3e"],
    what: "an archive of object files (.a)",
    advice: "Link it with clang to a program.",
  },
  {
    starts: ["4243c0de", "dec0170b"],
    what: "LLVM bitcode",
    advice: "Link it with clang, of the same version.",
  },
];

const JAVASCRIPT =
  /^\s*(\/[/*]|["']use strict|import[\s{*"']|(export|const|let|var|async|class)\s|!?\(?function[\s(]|\(\(\))/;

const textKinds: readonly TextKind[] = [
  {
    start: /^version https:\/\/git-lfs/,
    what: "a pointer to a file in Git LFS",
    advice: "Fetch the file itself: git lfs pull.",
  },
  {
    start: /^\s*(;;[^\n]*\n\s*)*\(\s*component/,
    what: "a component in text format (.wat)",
    advice: "Build for wasm32-wasip1.",
  },
  {
    start: /^\s*(\(module|\(;|;;)/,
    what: "a module in text format (.wat)",
    advice: "Translate it first: wat2wasm, or wasm-tools parse.",
  },
  {
    start: /^\s*<(!doctype|html|\?xml|head|body)/i,
    what: "a web page or XML",
    advice: "If it was downloaded: the address gave a page, not the file.",
  },
  {
    start: /^#!/,
    what: "a script",
    advice: "Give its interpreter, built for wasm32-wasip1, and the script as its argument.",
  },
  { start: /^\s*[{[]\s*["{[\]}]/, what: "JSON", advice: null },
  {
    start: JAVASCRIPT,
    what: "JavaScript or other source text",
    advice: "If a compiler wrote it beside a .wasm file: give that file, built for wasm32-wasip1.",
  },
];

/** So much of a file is looked at. */
const SNIFFED_BYTES = 512;
const MAGIC_BYTES = 8;

export function sniffFile(bytes: Uint8Array): Sniffed {
  const start = String.fromCharCode(...bytes.subarray(0, SNIFFED_BYTES)).replace(/^\xef\xbb\xbf/, "");
  const hex = [...bytes.subarray(0, MAGIC_BYTES)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const kind =
    binaryKinds.find((one) => one.starts.some((magic) => hex.startsWith(magic))) ??
    textKinds.find((one) => one.start.test(start));
  if (kind !== undefined) return { what: kind.what, advice: kind.advice };
  if (/^[\s\x20-\x7e\x80-\xff]+$/.test(start)) {
    return { what: `text that begins with "${quoteName(start.slice(0, 20))}"`, advice: null };
  }
  return { what: `a file that begins with the bytes ${hex.slice(0, 8)}`, advice: null };
}
