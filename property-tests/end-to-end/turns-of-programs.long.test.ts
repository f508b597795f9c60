/** Real programs that are stopped every so many ticks: what they print and leave is the same, and so is a replay. */
import { join } from "node:path";
import { describe, expect, jest, test } from "@jest/globals";
import { eventsIn } from "../../cli/events-in.ts";
import { foldos, inFreshDirectory } from "./foldos-command.ts";
import { realPrograms } from "./real-programs.ts";
import { ran, undisturbed } from "./undisturbed-program.ts";

jest.setTimeout(240_000);

const quick = realPrograms.filter(({ name }) => /C\+\+|Rust|QuickJS|Lua|SQLite/.test(name));

describe.each(quick)("$name", (program) => {
  test.each(["100000", "9973"])(
    "is the same when it is stopped every %s ticks, and so is its replay",
    (quantum) =>
      inFreshDirectory(async (cwd) => {
        const stopped = await ran(cwd, program, ["--quantum", quantum]);
        expect(stopped).toEqual(await undisturbed(program));
        const text = eventsIn(join(cwd, "rec")).toLocaleString("en");
        expect((await foldos(["replay", "rec"], { cwd })).out).toBe(`${text} events, ${text} equal\n`);
      }),
  );
});
