/** What a recording holds, in the order of its keys. */
class Shelf {
  #values = new Map();
  put(key, value) {
    this.#values.set(key, value.slice());
  }
  remove(key) {
    this.#values.delete(key);
  }
  /** Changes what is held, as a damaged disk would. */
  damage(key, value) {
    this.#values.set(key, value);
  }
  get keys() {
    return [...this.#values.keys()].sort((left, right) => left - right);
  }
  get(key) {
    return this.#values.get(key) ?? null;
  }
  /** The last key at or before the bound. */
  before(bound) {
    return this.keys.filter((key) => key <= bound).at(-1) ?? null;
  }
}
/** The store's disk refused a commit. */
export class DiskFull extends Error {}
const diskFull = () => new DiskFull("no space is left on the model's disk");
/**
 * A model of the recording's store: transactions in memory, all or nothing, that fail from a chosen commit on, at the end or at
 * a chosen write. It stands wherever a RecordingStore does, and keeps what each commit wrote: its generations.
 */
export class MemoryStore {
  path = "a recording in memory";
  groups = new Shelf();
  streams = new Shelf();
  keyframes = new Shelf();
  roots = new Map();
  /** The image beside a keyframe, by the keyframe's seq. */
  images = new Map();
  packs = new Shelf();
  notes = new Shelf();
  #failsFrom;
  #failsAtWrite;
  #generations = [];
  #pending = null;
  constructor(failsFrom = Number.POSITIVE_INFINITY, failsAtWrite = Number.POSITIVE_INFINITY) {
    this.#failsFrom = failsFrom;
    this.#failsAtWrite = failsAtWrite;
  }
  /** How many commits are whole. */
  get commits() {
    return this.#generations.length;
  }
  /** The store as its first commits left it: what opens when the power went while the next was being written. */
  generation(commits) {
    const store = new MemoryStore();
    for (const writes of this.#generations.slice(0, commits)) store.#keep(writes);
    return store;
  }
  #keep(writes) {
    this.#generations.push(writes);
    for (const write of writes) write(this);
  }
  get #isFull() {
    return this.commits >= this.#failsFrom;
  }
  /** The same store, as the type of the one on disk. */
  get asStore() {
    return this;
  }
  /** The first groups of this store alone, as if power had gone after so many commits. */
  cutAfter(groups) {
    const cut = new MemoryStore();
    const kept = this.groups.keys.slice(0, groups);
    const end = this.groups.keys[groups] ?? Number.POSITIVE_INFINITY;
    for (const key of kept) cut.groups.put(key, this.groups.get(key));
    for (const key of this.streams.keys) cut.streams.put(key, this.streams.get(key));
    for (const key of this.keyframes.keys.filter((seq) => seq <= end && groups > 0)) {
      cut.keyframes.put(key, this.keyframes.get(key));
    }
    for (const [seq, root] of this.roots) cut.roots.set(seq, root);
    for (const [seq, image] of this.images) cut.images.set(seq, image);
    for (const key of this.packs.keys) cut.packs.put(key, this.packs.get(key));
    return cut;
  }
  /** This store with one byte of one pack changed. */
  withDamagedPack(place, change) {
    const damaged = this.generation(this.commits);
    const key = damaged.packs.keys[place % damaged.packs.keys.length];
    const pack = damaged.packs.get(key).slice();
    const at = Math.floor(place / 7) % pack.length;
    pack[at] = pack[at] ^ change;
    damaged.packs.put(key, pack);
    return damaged;
  }
  commit(write) {
    const pending = [];
    this.#pending = pending;
    try {
      write();
    } finally {
      this.#pending = null;
    }
    if (this.#isFull) throw diskFull();
    this.#keep(pending);
  }
  /** A write that stands outside of every commit is one of its own. */
  #put(put) {
    if (this.#pending === null) return this.#keep([put]);
    if (this.#isFull && this.#pending.length >= this.#failsAtWrite) throw diskFull();
    this.#pending.push(put);
  }
  refresh() {}
  putGroup(firstSeq, record) {
    const kept = record.slice();
    this.#put((to) => to.groups.put(firstSeq, kept));
  }
  groupAt(seq) {
    const key = this.groups.before(seq);
    return key === null ? null : this.groups.get(key);
  }
  lastGroup() {
    return this.groupAt(Number.POSITIVE_INFINITY);
  }
  *groupsFrom(firstSeq) {
    for (const key of this.groups.keys) if (key >= firstSeq) yield this.groups.get(key);
  }
  putStream(position, bytes) {
    const kept = bytes.slice();
    if (kept.length > 0) this.#put((to) => to.streams.put(position, kept));
  }
  streamAt(position) {
    const key = this.streams.before(position);
    const bytes = key === null ? null : this.streams.get(key);
    return key === null || bytes === null || key + bytes.length <= position ? null : { position: key, bytes };
  }
  putKeyframe({ seq, address, root, image }) {
    const kept = address.slice();
    this.#put((to) => {
      to.keyframes.put(seq, kept);
      to.roots.set(seq, root);
      if (image !== null) to.images.set(seq, image);
    });
  }
  keyframeAt(seq) {
    const key = this.keyframes.before(seq);
    return key === null ? null : this.#keyframe(key);
  }
  *imagesBefore(seq) {
    for (const key of [...this.images.keys()].reverse()) if (key <= seq) yield this.#keyframe(key);
  }
  *keyframesFrom(from) {
    for (const seq of this.keyframes.keys) if (seq >= from) yield this.#keyframe(seq);
  }
  #keyframe(seq) {
    return {
      seq,
      address: this.keyframes.get(seq),
      root: this.roots.get(seq) ?? -1,
      image: this.images.get(seq) ?? null,
    };
  }
  putPack(first, pack) {
    const kept = pack.slice();
    this.#put((to) => to.packs.put(first, kept));
  }
  packAt(number) {
    const first = this.packs.before(number);
    return first === null ? null : { first, bytes: this.packs.get(first) };
  }
  putNotes(firstSeq, notes) {
    const kept = notes.slice();
    this.#put((to) => to.notes.put(firstSeq, kept));
  }
  *notesFrom(from) {
    for (const firstSeq of this.notes.keys) {
      if (firstSeq >= from) yield { firstSeq, notes: this.notes.get(firstSeq) };
    }
  }
  setNote() {}
  note() {
    return null;
  }
  close() {}
}
//# sourceMappingURL=memory-store.js.map
