/** An independent model of what calls on files do: whether each is answered or refused, and what is there afterwards. */
import {
  directoryRights,
  regularFileRights,
  right,
  type RightName,
  writeRights,
  allRights,
} from "../../core/rights.ts";
import type { CallSpec, SpecOf } from "./call-spec.ts";
import { pattern, sumOf } from "./encode-call.ts";
import { hostTree, readOnlyTree } from "./model-machine.ts";
import { isThere, link, make, removeDirectory, rename, unlink } from "./oracle-names.ts";
import { findPlace, newNode, type OracleNode, plantNode } from "./oracle-tree.ts";

export interface OracleOpen {
  /** Null for the console. */
  readonly node: OracleNode | null;
  rights: number;
  inheriting: number;
  position: number;
  appends: boolean;
  readonly label: string;
}

/** True for an answer, false for a refusal, bytes for what was read. */
type OracleAnswer = boolean | Uint8Array;

const MOST_BYTES = 2 ** 43;
const FLAGS = 31;

type PathSpec = Extract<CallSpec, { path: string }>;

export class Oracle {
  readonly roots: readonly OracleNode[];
  readonly opens = new Map<number, OracleOpen>();

  constructor() {
    this.roots = [
      newNode("directory", "/own"),
      plantNode(hostTree, "/host"),
      plantNode(readOnlyTree, "/read-only"),
    ];
    for (const stream of [0, 1, 2]) {
      const rights = right.fdFdstatSetFlags | right.fdFilestatGet | right.pollFdReadwrite;
      const own = stream === 0 ? right.fdRead : right.fdWrite;
      this.opens.set(stream, {
        node: null,
        rights: rights | own,
        inheriting: 0,
        position: 0,
        appends: false,
        label: "",
      });
    }
    this.roots.forEach((node, index) => {
      const withheld = node.root === "/read-only" ? writeRights : 0;
      const given = { rights: directoryRights & ~withheld, inheriting: allRights & ~withheld };
      this.opens.set(index + 3, { node, ...given, position: 0, appends: false, label: node.root });
    });
  }

  /** Makes a call whose descriptors are known; null for one that this model does not know. */
  apply(spec: CallSpec, fd: number, toFd: number): OracleAnswer | null {
    const open = this.opens.get(fd);
    if (spec.call === "fd_close" || spec.call === "fd_renumber") return this.#move(spec.call, fd, toFd);
    if (!("fd" in spec)) return null;
    if (open === undefined) return false;
    if ("path" in spec)
      return open.node?.kind === "directory" && this.#onPath(spec, open, this.opens.get(toFd));
    return this.#onOpen(spec, open);
  }

  #move(call: string, fd: number, toFd: number): boolean {
    const open = this.opens.get(fd);
    if (open === undefined) return false;
    if (call === "fd_close") return this.opens.delete(fd);
    if (!this.opens.has(toFd)) return false;
    this.opens.delete(fd);
    this.opens.set(toFd, open);
    return true;
  }

  #onOpen(spec: CallSpec, open: OracleOpen): OracleAnswer | null {
    const file = open.node?.kind === "file" ? open.node : null;
    const may = (...names: RightName[]): boolean => names.every((name) => (open.rights & right[name]) !== 0);
    switch (spec.call) {
      case "fd_read":
      case "fd_pread":
      case "fd_write":
      case "fd_pwrite":
        return open.node === null ? null : file !== null && this.#transfer(spec, open, file);
      case "fd_seek":
        return file !== null && seek(spec, open, file);
      case "fd_tell":
        return file !== null && (may("fdTell") || may("fdSeek"));
      case "fd_advise":
        return file !== null && may("fdAdvise") && spec.advice < 6;
      case "fd_filestat_set_size":
        return file !== null && may("fdFilestatSetSize") && resize(file, spec.size);
      case "fd_allocate": {
        const end = clamp(spec.offset) + clamp(spec.size);
        return (
          file !== null && may("fdAllocate") && spec.size > 0 && resize(file, Math.max(end, file.bytes.size))
        );
      }
      case "fd_sync":
        return open.node !== null && may("fdSync");
      case "fd_datasync":
        return open.node !== null && may("fdDatasync");
      case "fd_filestat_get":
        return may("fdFilestatGet");
      case "fd_filestat_set_times":
        return open.node !== null && may("fdFilestatSetTimes") && areTimes(spec.fstflags);
      case "fd_readdir":
        return open.node?.kind === "directory" && may("fdReaddir");
      case "fd_fdstat_get":
        return true;
      case "fd_fdstat_set_flags":
        if (!may("fdFdstatSetFlags") || spec.flags > FLAGS) return false;
        open.appends = (spec.flags & 1) !== 0;
        return true;
      case "fd_fdstat_set_rights":
        return narrow(spec, open);
      case "fd_prestat_get":
        return open.label !== "";
      case "fd_prestat_dir_name":
        return open.label !== "" && spec.size >= open.label.length;
      default:
        return spec.call.startsWith("sock_") ? false : null;
    }
  }

  #transfer(spec: SpecOf<"fd_read">, open: OracleOpen, file: OracleNode): OracleAnswer {
    const isPositioned = spec.call === "fd_pread" || spec.call === "fd_pwrite";
    const writes = spec.call === "fd_write" || spec.call === "fd_pwrite";
    const needed = (writes ? right.fdWrite : right.fdRead) | (isPositioned ? right.fdSeek : 0);
    if ((needed & ~open.rights) !== 0) return false;
    const size = sumOf(spec.sizes);
    const start = open.appends && writes ? file.bytes.size : open.position;
    const offset = isPositioned ? clamp(spec.offset) : start;
    if (!writes) {
      const bytes = file.bytes.read(offset, size);
      if (!isPositioned) open.position += bytes.length;
      return bytes;
    }
    if (size === 0) return true;
    if (offset >= MOST_BYTES) return false;
    file.bytes.write(offset, pattern(spec.fill, size));
    if (!isPositioned) open.position = offset + size;
    return true;
  }

  #onPath(spec: PathSpec, open: OracleOpen, to: OracleOpen | undefined): OracleAnswer {
    const base = open.node as OracleNode;
    const has = (name: RightName): boolean => (open.rights & right[name]) !== 0;
    if ("follow" in spec && spec.call !== "path_rename" && spec.follow > 1) return false;
    const named = findPlace(base, spec.path, false, false);
    switch (spec.call) {
      case "path_open":
        return this.#open(spec, open);
      case "path_create_directory":
        return has("pathCreateDirectory") && make(named, newNode("directory", base.root));
      case "path_symlink": {
        const isTarget = spec.target !== "" && !spec.target.startsWith("/") && !spec.target.includes("\0");
        return (
          has("pathSymlink") &&
          isTarget &&
          named?.asksDirectory === false &&
          make(named, newNode("link", base.root, spec.target))
        );
      }
      case "path_remove_directory":
        return has("pathRemoveDirectory") && removeDirectory(named);
      case "path_unlink_file":
        return has("pathUnlinkFile") && unlink(named);
      case "path_readlink": {
        const found = findPlace(base, spec.path, false, true);
        return (
          has("pathReadlink") && found?.node?.kind === "link" && new TextEncoder().encode(found.node.target)
        );
      }
      case "path_filestat_get":
        return has("pathFilestatGet") && isThere(findPlace(base, spec.path, spec.follow === 1, true));
      case "path_filestat_set_times": {
        const isFound = isThere(findPlace(base, spec.path, spec.follow === 1, true));
        return has("pathFilestatSetTimes") && isFound && areTimes(spec.fstflags);
      }
      case "path_link":
      case "path_rename": {
        const [source, target] = spec.call === "path_link" ? linkRights : renameRights;
        if (to?.node?.kind !== "directory" || !has(source) || (to.rights & right[target]) === 0) return false;
        const place = findPlace(to.node, spec.toPath, false, false);
        if (named === null || place === null) return false;
        return spec.call === "path_link" ? spec.follow === 0 && link(named, place) : rename(named, place);
      }
    }
  }

  #open(spec: SpecOf<"path_open">, open: OracleOpen): boolean {
    const [creates, wants, isExclusive, truncates] = [1, 2, 4, 8].map((flag) => (spec.oflags & flag) !== 0);
    const needed =
      right.pathOpen | (creates ? right.pathCreateFile : 0) | (truncates ? right.pathFilestatSetSize : 0);
    if ((needed & ~open.rights) !== 0 || spec.oflags > 15 || spec.fdflags > FLAGS || (creates && wants))
      return false;
    const asked = rightsIn(spec.rights);
    if ((asked & (right.fdRead | right.fdWrite) & ~open.inheriting) !== 0) return false;
    const [, dsync, , rsync, sync] = [1, 2, 4, 8, 16].map((flag) => (spec.fdflags & flag) !== 0);
    const handsOn = (...any: RightName[]): boolean =>
      any.some((name) => (open.inheriting & right[name]) !== 0);
    if ((rsync === true || sync === true) && !handsOn("fdSync")) return false;
    if (dsync === true && !handsOn("fdSync", "fdDatasync")) return false;
    const onlyNew = creates === true && isExclusive === true;
    const place = findPlace(open.node as OracleNode, spec.path, spec.follow === 1 && !onlyNew, !onlyNew);
    if (place === null) return false;
    if (place.node === null) {
      if (!creates || place.asksDirectory || !make(place, newNode("file", (place.parent as OracleNode).root)))
        return false;
    } else if (onlyNew || place.node.kind === "link") return false;
    const node = place.node ?? (place.parent?.names.get(place.name) as OracleNode);
    const isDirectory = node.kind === "directory";
    if (isDirectory && ((asked & right.fdWrite) !== 0 || truncates || creates)) return false;
    if (!isDirectory && (wants || place.asksDirectory)) return false;
    if (truncates && node.bytes.size > 0) node.bytes.resize(0);
    const may = isDirectory ? directoryRights : regularFileRights;
    let slot = 0;
    while (this.opens.has(slot)) slot += 1;
    const inheriting = rightsIn(spec.inheriting) & open.inheriting & (isDirectory ? allRights : may);
    const rights = asked & open.inheriting & may;
    this.opens.set(slot, {
      node,
      rights,
      inheriting,
      position: 0,
      appends: (spec.fdflags & 1) !== 0,
      label: "",
    });
    return true;
  }
}

const linkRights = ["pathLinkSource", "pathLinkTarget"] as const;
const renameRights = ["pathRenameSource", "pathRenameTarget"] as const;

/** A u64 as the kernel's calls count it. */
const clamp = (value: number): number => Math.min(value, Number.MAX_SAFE_INTEGER);
const rightsIn = (asked: number): number => Number(BigInt(asked) & BigInt(allRights));
const areTimes = (flags: number): boolean => flags <= 15 && (flags & 3) !== 3 && (flags & 12) !== 12;

function seek({ offset, whence }: SpecOf<"fd_seek">, open: OracleOpen, file: OracleNode): boolean {
  const onlyTells = offset === 0 && whence === 1;
  const mayMove = (open.rights & right.fdSeek) !== 0 || (onlyTells && (open.rights & right.fdTell) !== 0);
  const base = [0, open.position, file.bytes.size][whence];
  // As a signed number of 64 bits, 2^63 is the lowest of all.
  const by = offset >= 2 ** 63 ? -offset : offset;
  if (!mayMove || base === undefined || base + by < 0 || base + by > Number.MAX_SAFE_INTEGER) return false;
  open.position = base + by;
  return true;
}

function resize(file: OracleNode, size: number): boolean {
  if (size > MOST_BYTES) return false;
  file.bytes.resize(size);
  return true;
}

function narrow(spec: SpecOf<"fd_fdstat_set_rights">, open: OracleOpen): boolean {
  if (spec.rights > allRights || spec.inheriting > allRights) return false;
  if ((spec.rights & ~open.rights) !== 0 || (spec.inheriting & ~open.inheriting) !== 0) return false;
  open.rights = spec.rights;
  open.inheriting = spec.inheriting;
  return true;
}
