/** Some real programs, each in another language, are what they are under node:wasi; real-programs.long.test.ts has the others. */
import { jest } from "@jest/globals";
import { judgePrograms } from "./judge-programs.ts";
import { quickPrograms } from "./real-programs.ts";

jest.setTimeout(300_000);

judgePrograms(quickPrograms);
