/** What a condition is once it was read. @module */

/** What a path may begin with. */
export const roots = ["arguments", "annotations", "tool", "principal"] as const;
/** How two values may be compared. */
export const comparisons = ["==", "!=", "===", "!==", "<", "<=", ">", ">=", "in"] as const;
/** What may be asked of a text (or, for `contains`, of a list). */
export const textTests = ["contains", "startsWith", "endsWith"] as const;

/** One of {@linkcode roots}. */
export type ConditionRoot = typeof roots[number];

/** One of {@linkcode comparisons}. */
export type Comparison = typeof comparisons[number];

/** One of {@linkcode textTests}. */
export type TextTest = typeof textTests[number];

/** A value that a condition names. */
export type ConditionValue =
  | { readonly type: "literal"; readonly value: string | number | boolean | null | undefined }
  | { readonly type: "list"; readonly items: readonly ConditionValue[] }
  | {
    readonly type: "path";
    readonly root: ConditionRoot;
    readonly steps: readonly (string | number)[];
  };

/** The two sides of a comparison. */
export type Operands = { readonly left: ConditionValue; readonly right: ConditionValue };

/** A condition, read. */
export type Condition =
  | ConditionValue
  | ({ readonly type: "compare"; readonly by: Comparison } & Operands)
  | ({ readonly type: "test"; readonly by: TextTest } & Operands)
  | { readonly type: "not"; readonly of: Condition }
  | { readonly type: "all" | "any"; readonly of: readonly Condition[] };
