/**
 * Decides what a guest asks: the facts to log, why there are none, what must be known first, or that it has to wait. Looks at
 * the state and changes nothing. For each call of WASI preview 1 there is one case, which names its decider; the same state and
 * the same request always give the same decision (law A18).
 */
import { errno } from "../../core/errno.ts";
import { right } from "../../core/rights.ts";
import { utf8Length } from "../../core/utf8.ts";
import type { Capability } from "../capabilities/capability-state.ts";
import { capabilityIn } from "../capabilities/capability-selectors.ts";
import type { KernelState } from "../kernel-state.ts";
import { decideFoldos, type FoldosAsker } from "./decide-foldos.ts";
import { type Decision, facts, refuse } from "./decision.ts";
import {
  advise,
  closeDescriptor,
  examineDescriptor,
  examineFile,
  examinePreopen,
  narrowRights,
  readDirectory,
  renumber,
  seek,
  setDescriptorTimes,
  setFlags,
  socketCall,
  synchronize,
  tell,
} from "./descriptor-calls.ts";
import { allocate, readFile, setFileSize, type Transfer, writeFile } from "./file-contents.ts";
import { noneIn } from "./held.ts";
import { readNull, writeNull } from "./null-calls.ts";
import { openPath } from "./open-path.ts";
import { examinePath, readSymlink, setPathTimes } from "./path-files.ts";
import {
  createDirectory,
  createSymlink,
  linkPath,
  removeDirectory,
  renamePath,
  unlinkFile,
} from "./path-names.ts";
import { poll, type PollTimes } from "./poll.ts";
import { drawEntropy, exit, raise, readClock, readResolution } from "./process-calls.ts";
import { countUses, refuseSpent } from "./refuse-spent.ts";
import type { Request } from "./request.ts";
import { readConsole, readPipe, writeConsole, writePipe } from "./stream-calls.ts";

/** Who asks, and when. */
interface Asker extends PollTimes, FoldosAsker {}

export function decide(state: KernelState, asker: Asker, request: Request): Decision {
  // As long as nothing was ever taken back or lent, nothing that is held can be spent.
  const { spentCount, revocations } = state.capabilities;
  if (spentCount === 0 && revocations.root === null) return decideCall(state, asker, request);
  const spent = refuseSpent(state, asker, request);
  return spent ?? countUses(state, asker.pid, request, decideCall(state, asker, request));
}

function decideCall(state: KernelState, asker: Asker, request: Request): Decision {
  const { pid } = asker;
  switch (request.call) {
    case "fd_write":
      return write(state, pid, request.fd, request);
    case "fd_read":
      return read(state, pid, request.fd, request);
    case "clock_time_get":
      return readClock(state, pid, request.clock);
    case "fd_pwrite":
      return write(state, pid, request.fd, request);
    case "fd_pread":
      return read(state, pid, request.fd, request);
    case "fd_seek":
      return seek(state, pid, request);
    case "fd_tell":
      return tell(state, pid, request.fd);
    case "fd_close":
      return closeDescriptor(state, pid, request.fd);
    case "fd_filestat_get":
      return examineFile(state, pid, request.fd);
    case "fd_fdstat_get":
      return examineDescriptor(state, pid, request.fd);
    case "fd_readdir":
      return readDirectory(state, pid, request);
    case "path_open":
      return openPath(state, pid, request);
    case "path_filestat_get":
      return examinePath(state, pid, request);
    case "fd_advise":
      return advise(state, pid, request);
    case "fd_allocate":
    case "fd_filestat_set_size":
      return changeSize(state, pid, request);
    case "fd_datasync":
      return synchronize(state, pid, request.fd, right.fdDatasync);
    case "fd_sync":
      return synchronize(state, pid, request.fd, right.fdSync);
    case "fd_fdstat_set_flags":
      return setFlags(state, pid, request);
    case "fd_fdstat_set_rights":
      return narrowRights(state, pid, request);
    case "fd_filestat_set_times":
      return setDescriptorTimes(state, pid, asker.at, request);
    case "fd_prestat_get":
      return examinePreopen(state, pid, request.fd, () => true);
    case "fd_prestat_dir_name":
      return examinePreopen(state, pid, request.fd, (label) => utf8Length(label) <= request.size);
    case "fd_renumber":
      return renumber(state, pid, request);
    case "path_create_directory":
      return createDirectory(state, pid, request);
    case "path_filestat_set_times":
      return setPathTimes(state, pid, asker.at, request);
    case "path_link":
      return linkPath(state, pid, request);
    case "path_readlink":
      return readSymlink(state, pid, request);
    case "path_remove_directory":
      return removeDirectory(state, pid, request);
    case "path_rename":
      return renamePath(state, pid, request);
    case "path_symlink":
      return createSymlink(state, pid, request);
    case "path_unlink_file":
      return unlinkFile(state, pid, request);
    case "poll_oneoff":
      return poll(state, pid, asker, request);
    case "random_get":
      return drawEntropy(state, pid, request.size);
    case "clock_res_get":
      return readResolution(state, pid, request.clock);
    case "sched_yield":
      return facts({ type: "process/yielded" });
    case "proc_exit":
      return exit(state, pid, request);
    case "proc_raise":
      return raise(state, pid, request);
    case "args_get":
      return facts({ type: "process/arguments-read", what: "args" });
    case "args_sizes_get":
      return facts({ type: "process/arguments-read", what: "args-sizes" });
    case "environ_get":
      return facts({ type: "process/arguments-read", what: "environment" });
    case "environ_sizes_get":
      return facts({ type: "process/arguments-read", what: "environment-sizes" });
    case "sock_accept":
    case "sock_recv":
    case "sock_send":
    case "sock_shutdown":
      return socketCall(state, pid, request.fd);
    default:
      return decideFoldos(state, asker, request);
  }
}

function read(state: KernelState, pid: number, fd: number, transfer: Transfer): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  if (capability.object === "file") return readFile(state, capability, transfer);
  if (transfer.offset !== undefined) return refuse(errno.spipe);
  if (capability.object === "null") return readNull(capability);
  if (capability.object === "console") return readConsole(state, capability, transfer.size);
  if (!isPipe(capability)) return refuse(errno.badf, "wrong-kind");
  return readPipe(state, capability, transfer.size);
}

function write(state: KernelState, pid: number, fd: number, transfer: Transfer): Decision {
  const capability = capabilityIn(state.capabilities, pid, fd);
  if (capability === null) return noneIn(fd);
  if (capability.object === "file") return writeFile(state, capability, transfer);
  if (transfer.offset !== undefined) return refuse(errno.spipe);
  if (capability.object === "null") return writeNull(capability, transfer.size);
  if (capability.object === "console") return writeConsole(state, capability, transfer.size);
  if (!isPipe(capability)) return refuse(errno.badf, "wrong-kind");
  return writePipe(state, capability, transfer.size);
}

const isPipe = ({ object }: Capability): boolean => object === "pipe-reader" || object === "pipe-writer";

type SizeRequest = Extract<Request, { readonly call: "fd_allocate" | "fd_filestat_set_size" }>;

function changeSize(state: KernelState, pid: number, request: SizeRequest): Decision {
  const capability = capabilityIn(state.capabilities, pid, request.fd);
  if (capability === null) return noneIn(request.fd);
  if (capability.object !== "file") return refuse(errno.badf, "wrong-kind");
  if (request.call === "fd_allocate") return allocate(state, capability, request.offset, request.size);
  return setFileSize(state, capability, request.size);
}
