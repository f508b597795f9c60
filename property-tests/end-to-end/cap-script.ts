/** Machines of processes that go through steps of property-tests/guests/programs/cap-script.c. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "@jest/globals";
import { foldos, guest } from "./foldos-command.ts";

export type Json = Readonly<Record<string, unknown>>;

export const endpoint = (rights: readonly string[], badge = 0): Json => ({ endpoint: "e", rights, badge });
export const spawns: Json = { program: guest("cap-script"), rights: ["spawn"] };

/** A process that goes through steps of cap-script.c. */
export const script = (steps: readonly string[], capabilities: Json, more: Json = {}): Json => ({
  program: guest("cap-script"),
  args: steps,
  capabilities,
  ...more,
});

export const plant = (cwd: string, processes: Json, more: Json = {}): void =>
  writeFileSync(
    join(cwd, "machine.json"),
    JSON.stringify({ version: 1, clock: "virtual", seed: 7, endpoints: { e: {} }, processes, ...more }),
  );

export async function replays(cwd: string): Promise<void> {
  for (const flags of [[], ["--fold-only"]]) {
    const { code, err } = await foldos(["replay", ...flags, "rec"], { cwd });
    expect([code, err]).toEqual([0, ""]);
  }
}
