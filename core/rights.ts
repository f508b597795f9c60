import { spellRight } from "./spell-right.ts";

/** WASI preview 1 `rights`: what one may do through a descriptor. All fit into 30 bits, so a set is a small integer. */
export const right = {
  fdDatasync: 1 << 0,
  fdRead: 1 << 1,
  fdSeek: 1 << 2,
  fdFdstatSetFlags: 1 << 3,
  fdSync: 1 << 4,
  fdTell: 1 << 5,
  fdWrite: 1 << 6,
  fdAdvise: 1 << 7,
  fdAllocate: 1 << 8,
  pathCreateDirectory: 1 << 9,
  pathCreateFile: 1 << 10,
  pathLinkSource: 1 << 11,
  pathLinkTarget: 1 << 12,
  pathOpen: 1 << 13,
  fdReaddir: 1 << 14,
  pathReadlink: 1 << 15,
  pathRenameSource: 1 << 16,
  pathRenameTarget: 1 << 17,
  pathFilestatGet: 1 << 18,
  pathFilestatSetSize: 1 << 19,
  pathFilestatSetTimes: 1 << 20,
  fdFilestatGet: 1 << 21,
  fdFilestatSetSize: 1 << 22,
  fdFilestatSetTimes: 1 << 23,
  pathSymlink: 1 << 24,
  pathRemoveDirectory: 1 << 25,
  pathUnlinkFile: 1 << 26,
  pollFdReadwrite: 1 << 27,
  sockShutdown: 1 << 28,
  sockAccept: 1 << 29,
} as const;

export type RightName = keyof typeof right;

export const allRights = 2 ** 30 - 1;

const socketRights = right.sockShutdown | right.sockAccept;

const onFiles =
  right.fdDatasync |
  right.fdRead |
  right.fdSeek |
  right.fdFdstatSetFlags |
  right.fdSync |
  right.fdTell |
  right.fdWrite |
  right.fdAdvise |
  right.fdAllocate |
  right.fdFilestatGet |
  right.fdFilestatSetSize |
  right.fdFilestatSetTimes |
  right.pollFdReadwrite;

const onlyOnFiles =
  right.fdRead |
  right.fdSeek |
  right.fdTell |
  right.fdWrite |
  right.fdAdvise |
  right.fdAllocate |
  right.fdFilestatSetSize |
  right.pollFdReadwrite;

/** What can be done with a regular file through its descriptor. */
export const regularFileRights = onFiles;
/** What can be done with a directory, and with what is in it, through its descriptor. */
export const directoryRights = allRights & ~onlyOnFiles & ~socketRights;
/** What changes a directory, a file or what it says of them. */
export const writeRights =
  right.fdWrite |
  right.fdAllocate |
  right.pathCreateDirectory |
  right.pathCreateFile |
  right.pathLinkTarget |
  right.pathRenameSource |
  right.pathRenameTarget |
  right.pathFilestatSetSize |
  right.pathFilestatSetTimes |
  right.fdFilestatSetSize |
  right.fdFilestatSetTimes |
  right.pathSymlink |
  right.pathRemoveDirectory |
  right.pathUnlinkFile |
  right.pathLinkSource;

const spelled = Object.entries(right).map(([name, bit]) => [spellRight(name), bit] as const);

/** The names of the rights in a set as WASI preview 1 spells them, in the order of their bits. */
export const rightNamesOf = (rights: number): readonly string[] =>
  spelled.flatMap(([name, bit]) => ((rights & bit) === 0 ? [] : [name]));
