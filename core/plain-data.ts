/**
 * Plain data, held at compile time: a type that is the same with everything taken out that JSON cannot hold. State and events are
 * (`reducers/plain-data.test.ts`); Map, Set, Date, classes with methods, bigint, undefined and typed arrays do not pass.
 */
type OnlyPlain<Type> = Type extends string | number | boolean | null
  ? Type
  : Type extends bigint | symbol | undefined | ((...args: never[]) => unknown) | ArrayBufferView
    ? never
    : { readonly [Key in keyof Type]: OnlyPlain<Type[Key]> };

/** True if a type is plain data, else false. */
export type IsPlain<Type> = Type extends OnlyPlain<Type> ? true : false;
