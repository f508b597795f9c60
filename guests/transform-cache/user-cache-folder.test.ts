import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { userCacheFolder } from "./user-cache-folder.ts";

const home = (): string => "/home/ann";

test("the cache is in the home, unless the environment says where", () => {
  expect(userCacheFolder({}, home)).toBe("/home/ann/.cache/foldos");
  expect(userCacheFolder({ XDG_CACHE_HOME: "/caches" }, home)).toBe("/caches/foldos");
  expect(userCacheFolder({ XDG_CACHE_HOME: "/caches", FOLDOS_CACHE: "/mine" }, home)).toBe("/mine");
  expect(userCacheFolder({ FOLDOS_CACHE: "mine" }, home)).toBe(resolve("mine"));
});

test("an empty FOLDOS_CACHE turns it off", () => {
  expect(userCacheFolder({ FOLDOS_CACHE: "", XDG_CACHE_HOME: "/caches" }, home)).toBeNull();
});

test("a relative or empty XDG_CACHE_HOME counts for none", () => {
  expect(userCacheFolder({ XDG_CACHE_HOME: "caches" }, home)).toBe("/home/ann/.cache/foldos");
  expect(userCacheFolder({ XDG_CACHE_HOME: "" }, home)).toBe("/home/ann/.cache/foldos");
});

test("a user without a home has no cache", () => {
  expect(userCacheFolder({}, () => "")).toBeNull();
  const homeless = (): string => {
    throw new Error("ENOENT");
  };
  expect(userCacheFolder({}, homeless)).toBeNull();
});
