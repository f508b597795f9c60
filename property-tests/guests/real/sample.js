// qjs.wasm /sample.js: objects, regular expressions, sorting, closures, generators, promises, files.
const words = "the quick brown fox jumps over the lazy dog and the fox runs away".split(/\s+/);
const counts = new Map();
for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1);
print(
  [...counts]
    .sort(([a, m], [b, n]) => n - m || (a < b ? -1 : 1))
    .map(([word, n]) => `${word}=${n}`)
    .join(" "),
);

function* primes() {
  const found = [];
  for (let n = 2; ; n++)
    if (found.every((p) => n % p !== 0)) {
      found.push(n);
      yield n;
    }
}
const first = [];
for (const p of primes()) {
  if (first.length === 300) break;
  first.push(p);
}
print("the 300th prime is", first.at ? first.at(-1) : first[299]);

class Point {
  #x;
  #y;
  constructor(x, y) {
    this.#x = x;
    this.#y = y;
  }
  plus(other) {
    return new Point(this.#x + other.#x, this.#y + other.#y);
  }
  toJSON() {
    return { x: this.#x, y: this.#y };
  }
}
print(JSON.stringify([new Point(1, 2).plus(new Point(3, 4)), { nested: [1.5, null, "é€🐟"] }]));

let hash = 5381;
for (let i = 0; i < 300000; i++) hash = (Math.imul(hash, 33) ^ i) >>> 0;
print("hash", hash.toString(16));
print(
  "fib",
  (function fib(n) {
    return n < 2 ? n : fib(n - 1) + fib(n - 2);
  })(20),
);

writeFile("/sample-output.txt", first.join("\n"));
print("read back", readFile("/sample-output.txt").split("\n").length, "lines");
try {
  readFile("/missing");
} catch (error) {
  print("caught:", error.message);
}
Promise.resolve(1)
  .then((n) => {
    print("promise", n);
    return new Promise((resolve) => resolve(n + 1));
  })
  .then((n) => print("promise", n));
(async () => {
  for (let i = 3; i < 6; i++) {
    await null;
    print("await", i);
  }
})();
print("arguments", scriptArgs.slice(1).join(","));
