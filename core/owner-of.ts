import { type Epochal, type EpochalKeys, own, type Own } from "./own.ts";

/**
 * `own` for one key of one kind of record, for the hot path: `own` itself sees records of every shape and is several times as slow
 * for it, so each key gets source code of its own (6 % of the samples of a fold). The key comes from our declarations, never from an
 * input.
 */
export const ownerOf =
  <Parent extends Epochal>() =>
  <Key extends EpochalKeys<Parent> & string>(
    key: Key,
  ): ((parent: Own<Parent>) => Own<NonNullable<Parent[Key]>>) =>
    new Function(
      "own",
      `return (parent) => {
        const child = parent.${key};
        return child !== null && child.epoch === parent.epoch ? child : own(parent, "${key}");
      };`,
    )(own);
