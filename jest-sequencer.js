/** The order of the suites: jest's, which knows from the run before how long each takes, and in a fresh clone this one. */
import Sequencer from "@jest/test-sequencer";

/** The longest ones, longest first: one of them that began last would keep a core busy while the other has nothing to do. */
const longest = [
  "end-to-end/caps-history",
  "end-to-end/examples",
  "end-to-end/conformance",
  "cli/look",
  "end-to-end/bad-recordings",
  "end-to-end/caps",
  "end-to-end/show-guest",
  "end-to-end/boot",
  "end-to-end/bad-programs",
  "end-to-end/turns",
  "readme",
  "end-to-end/images",
  "laws/image-laws",
  "end-to-end/run-streams",
  "end-to-end/run-options",
  "machine/library",
  "laws/capability-laws",
  "cli/start",
];

const placeOf = ({ path }) => {
  const place = longest.findIndex((name) => path.endsWith(`/${name}.test.js`));
  return place < 0 ? longest.length : place;
};

export default class LongestFirst extends Sequencer {
  sort(tests) {
    const sorted = super.sort(tests);
    const isKnown = sorted.some(({ duration }) => duration !== undefined);
    return isKnown ? sorted : sorted.toSorted((one, other) => placeOf(one) - placeOf(other));
  }
}
