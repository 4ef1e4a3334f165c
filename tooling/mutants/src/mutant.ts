/** A piece of a file that is replaced by another. Offsets are UTF-16 units. */
export interface Edit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** One deliberate fault. */
export interface Mutant {
  /** Stays the same while the code around it does: file, operator, the old text, which of its kind. */
  readonly id: string;
  /** Relative to the workspace. */
  readonly file: string;
  readonly line: number;
  /** The operator that made it: `lock`, `boundary`, `policy` … */
  readonly operator: string;
  readonly before: string;
  readonly after: string;
  readonly edit: Edit;
  /** Where the function that holds it starts; undefined at the top level of a file. */
  readonly functionStart?: number;
  /** For a rule of the database: the words by which tests that touch it are found, the most telling first. */
  readonly words?: readonly string[];
}

/** A place that one operator finds in a file, before it has a name. */
export interface Change extends Edit {
  readonly operator: string;
}
