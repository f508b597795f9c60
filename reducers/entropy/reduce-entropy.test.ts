import { expect, test } from "@jest/globals";
import { scriptedMachine } from "../scripted-machine.ts";

test("drawn bytes are counted since the first boot", () => {
  const machine = scriptedMachine();
  machine.perform({ call: "random_get", size: 8 });
  machine.happen(0, { type: "machine/powered-on", wall: 1, clock: "host", version: 1, nameSeed: 1 });
  machine.perform({ call: "random_get", size: 5 });
  expect(machine.state.entropy.drawnBytes).toBe(13);
});
