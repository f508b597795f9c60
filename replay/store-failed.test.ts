import { expect, test } from "@jest/globals";
import { asStoreFailed, StoreFailed } from "./store-failed.ts";

const failed = (code: unknown, message: string): unknown =>
  asStoreFailed("rec", Object.assign(new Error(message), { code }));

test("an error of LMDB's says what failed, and not what LMDB was about", () => {
  const error = failed(
    28,
    "No space left on device: Attempting to write page at position 262144, size 94208",
  );
  expect(error).toBeInstanceOf(StoreFailed);
  expect(error).toMatchObject({
    why: "No space left on device",
    message: "rec: it could not be written (No space left on device); make room and try again",
  });
});

test.each(["ENOSPC", "EDQUOT"])("%s of the host is a disk without space", (code) => {
  expect(failed(code, "write")).toMatchObject({ name: "StoreFailed", why: "no space is left on its disk" });
});

test("any other error stays what it was", () => {
  const error = new RangeError("ours");
  expect(asStoreFailed("rec", error)).toBe(error);
  expect(failed("EACCES", "permission denied")).not.toBeInstanceOf(StoreFailed);
});
