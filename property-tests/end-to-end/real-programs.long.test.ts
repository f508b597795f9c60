/** The real programs that take long; real-programs.test.ts has the others. */
import { jest } from "@jest/globals";
import { judgePrograms } from "./judge-programs.ts";
import { quickPrograms, realPrograms } from "./real-programs.ts";

jest.setTimeout(300_000);

judgePrograms(realPrograms.filter((program) => !quickPrograms.includes(program)));
