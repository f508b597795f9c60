/** Questions about who may do what, asked of a machine of three processes with capabilities of most kinds. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { ROOT_INODE } from "../../reducers/files/file-state.ts";
import { GuestPaths } from "../guest-paths.ts";
import { Timeline } from "../timeline.ts";
import { authorityGraph, dotLines } from "./authority-graph.ts";
import { AuthorityView } from "./authority-view.ts";
import { heldTerms, termsText } from "./capability-text.ts";
import { derivationLines, noBounds } from "./derivation-lines.ts";
import { holderText } from "./holder.ts";
import { listProcess } from "./list-process.ts";
import { EventLookup, originOf, originText } from "./origin.ts";
import { scriptedRecording } from "./scripted-recording.ts";
import { authorityScene } from "./scripted-scene.ts";
import { takenBackBy } from "./taken-back.ts";
import { whoHolds } from "./who-holds.ts";

const folder = mkdtempSync(join(tmpdir(), "foldos-authority-"));
const { machine, moments } = authorityScene();
let timeline: Timeline;

beforeAll(() => {
  timeline = new Timeline(
    scriptedRecording(join(folder, "rec"), machine.events, { groupEvents: 7, keyframeEvents: 20 }),
  );
});

afterAll(() => {
  timeline.store.close();
  rmSync(folder, { recursive: true, force: true });
});

const viewAt = (moment: number): AuthorityView =>
  new AuthorityView(timeline.stateAt(moment), GuestPaths.of(timeline.groups));

function held(view: AuthorityView, word: string): readonly string[] {
  const wanted = view.names.find(word);
  if (!wanted.ok) return [wanted.error];
  return whoHolds(view, wanted.value).map(
    ({ row, way, rights }) =>
      `${way} ${holderText(row.holder)} ${rights.length > 4 ? rights.length : rights.join(" ")}`,
  );
}

describe("who holds an object", () => {
  test("is told of slots, and of what lies in a table with who can fetch it", () => {
    const view = viewAt(moments.shared);
    expect(held(view, "notification:4")).toEqual([
      "holds process:1 slot 5 signal",
      "holds process:1 slot 6 signal wait",
      "holds process:1 slot 13 signal wait",
      "holds process:2 slot 0 signal wait",
      "holds table:2[7] signal wait",
    ]);
    const inTable = whoHolds(view, { kind: "notification", id: 4 }).find(
      ({ row }) => row.holder.kind === "kept",
    );
    expect(inTable?.through.map(({ holder }) => holderText(holder))).toEqual([
      "process:1 slot 11",
      "process:2 slot 11",
    ]);
  });

  test("is told of messages on their way, with who may receive them", () => {
    const view = viewAt(moments.sent);
    const [given] = whoHolds(view, { kind: "notification", id: 4 }).filter(
      ({ row }) => row.holder.kind === "message",
    );
    expect(given?.rights).toEqual(["wait"]);
    expect(given?.through.map(({ holder }) => holderText(holder))).toEqual([
      "process:1 slot 12",
      "process:3 slot 12",
    ]);
    expect(held(view, "endpoint:3")).toEqual([
      "holds process:1 slot 12 send receive grant grant_reply",
      "holds process:3 slot 12 send receive grant grant_reply",
      "holds way of the message of process:1 send grant grant_reply",
    ]);
  });

  test("is told of a file: who has it open, and who holds a directory above it", () => {
    const view = viewAt(moments.shared);
    expect(held(view, "/d/text")).toEqual([
      "holds process:1 slot 4 13",
      "may-open process:1 slot 3 13",
      "may-open process:2 slot 3 13",
    ]);
    expect(held(view, "file:/d/text")).toEqual(held(view, "/d/text"));
    expect(held(view, "directory:/d")).toEqual([
      "may-open process:1 slot 3 20",
      "may-open process:2 slot 3 20",
    ]);
  });

  test("is told of one capability with all that was made of it", () => {
    const view = viewAt(moments.shared);
    const [first] = whoHolds(view, { kind: "notification", id: 4 }).filter(
      ({ row }) => row.holder.kind === "slot" && row.holder.slot === 13,
    );
    expect(held(view, `#${first?.row.capability.id}`)).toHaveLength(5);
    expect(held(view, view.idOf(first?.row as never))).toHaveLength(5);
  });

  test("is nobody once all was taken back", () => {
    expect(held(viewAt(moments.revoked), "notification:4")).toEqual(["holds process:1 slot 13 signal wait"]);
  });
});

test("each says how it came to be", () => {
  const view = viewAt(moments.shared);
  const lookup = new EventLookup(timeline.groups);
  const origins = whoHolds(view, { kind: "notification", id: 4 }).map(({ row }) => {
    const origin = originOf(lookup.at(row.capability.id));
    return originText(origin).replaceAll(/#\d+/g, "#N");
  });
  expect(origins).toEqual([
    "minted by process:1 from #N",
    "leased by process:1 from #N",
    "made by process:1",
    "fetched by process:2 from #N",
    "stored by process:1 from #N",
  ]);
  expect(originText(originOf(lookup.at(1)))).toBe("");
});

test("a capability is named by its object, the seq that made that, and its own", () => {
  const view = viewAt(moments.shared);
  const ids = whoHolds(view, { kind: "notification", id: 4 }).map(({ row }) => view.idOf(row));
  const born = machine.events.find(
    (event) => event.type === "object/created" && event.object === "notification",
  )?.seq;
  for (const id of ids) expect(id).toMatch(new RegExp(`^notification:4/${born}#\\d+$`));
  const open = whoHolds(view, { kind: "file", id: ROOT_INODE })[0]?.row;
  expect(view.idOf(open as never)).toMatch(/^directory:\/\/(\d+)#\1$/);
});

describe("what a process holds", () => {
  test("is its slots, with terms, badges and services", () => {
    const list = listProcess(viewAt(moments.shared), 1);
    expect(list?.slots.map(({ capability }) => capability.object)).toEqual([
      "console",
      "console",
      "console",
      "file",
      "file",
      "notification",
      "notification",
      "budget",
      "table",
      "endpoint",
      "notification",
    ]);
    expect(
      list?.slots
        .map(({ capability }) => termsText(heldTerms(capability.terms)))
        .filter((text) => text !== ""),
    ).toEqual(["3 uses left, ends with its source"]);
    expect(list?.services.map(({ ref }) => ref.kind)).toEqual(["clock", "clock", "timers", "entropy"]);
    expect(listProcess(viewAt(moments.shared), 9)).toBeNull();
  });

  test("is a void where a revocation took something, which says who did", () => {
    const voids = listProcess(viewAt(moments.revoked), 2)?.slots.filter(
      ({ capability }) => capability.object === "void",
    );
    const [row] = voids ?? [];
    expect(voids).toHaveLength(1);
    const event = new EventLookup(timeline.groups).at(row?.capability.target ?? -1);
    expect(takenBackBy(event)).toMatchObject({ why: "revoked", pid: 1 });
  });
});

describe("the tree", () => {
  const drawn = (view: AuthorityView, bounds = noBounds): readonly string[] =>
    [...derivationLines(view, { kind: "notification", id: 4 }, bounds)].map(
      ({ row, depth, omitted }) =>
        `${" ".repeat(depth)}${row === null ? `+${omitted}` : holderText(row.holder)}`,
    );

  test("has each below what it was made of, the eldest first", () => {
    expect(drawn(viewAt(moments.shared))).toEqual([
      "process:1 slot 13",
      " process:1 slot 5",
      " table:2[7]",
      "  process:2 slot 0",
      " process:1 slot 6",
    ]);
  });

  test("is cut where it is deep, wide or long, and says how much is left", () => {
    const view = viewAt(moments.shared);
    expect(drawn(view, { ...noBounds, depth: 0 })).toEqual(["process:1 slot 13", " +3"]);
    expect(drawn(view, { ...noBounds, children: 1 })).toEqual([
      "process:1 slot 13",
      " process:1 slot 5",
      " +2",
    ]);
    expect(drawn(view, { ...noBounds, lines: 2 })).toEqual(["process:1 slot 13", " process:1 slot 5", "+2"]);
  });

  test("of a file shows the directory that it was opened through", () => {
    const view = viewAt(moments.shared);
    const wanted = view.names.find("/d/text");
    const lines = [...derivationLines(view, wanted.ok ? wanted.value : null)];
    expect(lines.map(({ row }) => view.names.nameOf(row?.ref as never))).toEqual([
      "directory:/",
      "file:/d/text",
    ]);
  });
});

test("the graph has a node for each process and object, and quotes what it says", () => {
  const graph = authorityGraph(viewAt(moments.sent));
  expect(graph.nodes.filter(({ kind }) => kind === "process").map(({ name }) => name)).toEqual([
    "process:1 guest",
    "process:2 guest-2",
    "process:3 guest-3",
  ]);
  expect(graph.nodes.map(({ id }) => id)).toEqual(
    expect.arrayContaining(["message:1", "table:2", "endpoint:3"]),
  );
  const hostile = {
    ...graph,
    nodes: [{ id: "file:1", kind: "file" as const, name: 'a"b\\n\u0007\n' }],
    edges: [],
  };
  expect([...dotLines(hostile)][2]).toBe('  "file:1" [label="a\\"b\\\\n\\\\x07\\n", shape=ellipse];');
  for (const { from, to } of graph.edges)
    expect(graph.nodes.map(({ id }) => id)).toEqual(expect.arrayContaining([from, to]));
});

describe("a word that names nothing", () => {
  test.each([
    ["endpont:3", "endpont is no kind of object; was `endpoint:3` meant?"],
    ["endpoint:9", "there is none at that moment; there is endpoint:3"],
    ["endpoint:x", 'a number was expected behind endpoint:, not "x"; endpoint:1 is one'],
    ["console:outptu", "was `console:output` meant?"],
    ["device:1", "there is no device"],
    ["process:99999999999", "a number was expected"],
    ["process:7", "there is process:1, process:2, process:3"],
    ["/none", "there is no such file at that moment"],
    ["inode:999", "there is no such inode"],
  ])("%s is told: %s", (word, why) => {
    const found = viewAt(moments.shared).names.find(word);
    expect(found.ok ? JSON.stringify(found.value) : found.error).toContain(why);
  });
});
