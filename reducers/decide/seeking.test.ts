import { describe, expect, test } from "@jest/globals";
import { errno } from "../../core/errno.ts";
import { regularFileRights, right } from "../../core/rights.ts";
import { ROOT_FD, scriptedMachine } from "../scripted-machine.ts";
import type { Request } from "./request.ts";

/** Why else than for want of a right is told in refusal-reasons.test.ts. */
const refused = (code: number, missing = 0) => ({
  kind: "refused",
  errno: code,
  reason: missing === 0 ? expect.any(String) : "lacks-right",
  missing,
});

/** A machine with a file of 100 bytes in slot 4, held with these rights. */
function withFile(rights = regularFileRights) {
  const machine = scriptedMachine();
  machine.perform({ call: "fd_close", fd: machine.file("a", 100) });
  return { machine, fd: machine.open("a", 0, rights) };
}

describe("seeking", () => {
  test.each([
    ["from the start", 7, 0, 7],
    ["from the position", 7, 1, 37],
    ["back from the position", -30, 1, 0],
    ["from the end", -7, 2, 93],
    ["behind the end", 7, 2, 107],
    ["to the last place that numbers can say", 2 ** 53 - 1, 0, 2 ** 53 - 1],
  ])("%s", (_, offset, whence, expected) => {
    const { machine, fd } = withFile();
    machine.perform({ call: "fd_seek", fd, offset: 30, whence: 0 });
    expect(machine.perform({ call: "fd_seek", fd, offset, whence })).toMatchObject({ offset: expected });
  });

  test("beyond what numbers can say is EOVERFLOW", () => {
    const { machine, fd } = withFile();
    expect(machine.ask({ call: "fd_seek", fd, offset: 2 ** 53 - 1, whence: 2 })).toEqual(
      refused(errno.overflow),
    );
  });

  test("by nothing from the position wants no more than the right to tell", () => {
    const { machine, fd } = withFile(right.fdTell);
    expect(machine.ask({ call: "fd_seek", fd, offset: 0, whence: 1 }).kind).toBe("facts");
    expect(machine.ask({ call: "fd_seek", fd, offset: 1, whence: 1 })).toEqual(
      refused(errno.notcapable, right.fdSeek),
    );
  });

  test("and telling are what the right to seek gives too, and the lesser right is named", () => {
    const telling: readonly Request[] = [
      { call: "fd_seek", fd: 4, offset: 0, whence: 1 },
      { call: "fd_tell", fd: 4 },
    ];
    for (const request of telling) {
      expect(withFile(right.fdSeek).machine.ask(request).kind).toBe("facts");
      expect(withFile(right.fdTell).machine.ask(request).kind).toBe("facts");
      expect(withFile(right.fdRead).machine.ask(request)).toEqual(refused(errno.notcapable, right.fdTell));
    }
  });

  test("in a directory is EBADF, whatever else is wrong", () => {
    const machine = scriptedMachine();
    expect(machine.ask({ call: "fd_seek", fd: ROOT_FD, offset: -1, whence: 9 })).toEqual(refused(errno.badf));
    expect(machine.ask({ call: "fd_tell", fd: ROOT_FD })).toEqual(refused(errno.badf));
    expect(machine.ask({ call: "fd_advise", fd: ROOT_FD, offset: 0, size: 0, advice: 9 })).toEqual(
      refused(errno.badf),
    );
  });
});
