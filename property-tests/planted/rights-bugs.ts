/** Bugs in what rights are asked for: one that is not, one that is not the right one, one that comes back. */
import type { PlantedBug } from "./planted-bug.ts";

export const rightsBugs: readonly PlantedBug[] = [
  {
    name: "a link into a directory without the right to link there",
    law: "B1-matrix",
    file: "reducers/decide/path-names.js",
    from: "request.toFd, right.pathLinkTarget)",
    to: "request.toFd, 0)",
  },
  {
    name: "a sync that asks for the lesser right",
    law: "B1-matrix",
    file: "reducers/decide/decide.js",
    from: "synchronize(state, pid, request.fd, right.fdSync)",
    to: "synchronize(state, pid, request.fd, right.fdDatasync)",
  },
  {
    name: "a new file without the right to make one",
    law: "B1-matrix",
    file: "reducers/decide/open-path.js",
    from: "(oflags & oflag.create ? right.pathCreateFile : 0)",
    to: "(oflags & oflag.exclusive ? right.pathCreateFile : 0)",
  },
  {
    name: "a poll that asks for no right to poll",
    law: "B1-matrix",
    file: "reducers/decide/deny-subscription.js",
    from: "(right.pollFdReadwrite | rightTo[kind])",
    to: "rightTo[kind]",
  },
  {
    name: "a positioned write without the right to seek",
    law: "B1-matrix",
    file: "reducers/decide/file-contents.js",
    from: "needed | (transfer.offset === undefined ? 0 : right.fdSeek)",
    to: "needed",
  },
  {
    name: "a file that is synchronised at once by who may not synchronise",
    law: "B1-matrix",
    file: "reducers/decide/open-path.js",
    from: "(fdflag.rsync | fdflag.sync)) !== 0",
    to: "fdflag.rsync) !== 0",
  },
  {
    name: "rights to hand on that are given back",
    law: "B1-matrix",
    file: "reducers/decide/descriptor-calls.js",
    from: "(request.inheriting & ~capability.inheriting)",
    to: "0",
  },
  {
    name: "a refusal that is told of the other directory",
    law: "B1-matrix",
    file: "reducers/decide/path-names.js",
    from: 'right.pathRenameTarget);\n    if (target.kind === "refused")\n        return refusedOf(request.toFd, target);',
    to: 'right.pathRenameTarget);\n    if (target.kind === "refused")\n        return target;',
  },
  {
    name: "a console that is written to without the right, and says EBADF",
    law: "B1-matrix",
    file: "reducers/decide/stream-calls.js",
    from: 'return refuse(errno.notcapable, "lacks-right", right.fdWrite);\n    const stream =',
    to: 'return refuse(errno.badf, "lacks-right", right.fdWrite);\n    const stream =',
  },
];
