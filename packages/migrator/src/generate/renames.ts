import { refused } from '../errors.ts';

/** An answer to "is this new column the old one under another name?". */
export interface Rename {
  /** A table, or an enum. */
  readonly table: string;
  /** A column, or a value of the enum. Undefined when the table or the enum itself is renamed. */
  readonly column?: string;
  readonly to: string;
}

/** Reads `table=new`, `table.column=new` or `enum.VALUE=NEW`. */
export const parseRename = (text: string): Rename => {
  const match = /^([^.=]+)(?:\.([^.=]+))?=([^.=]+)$/.exec(text);
  if (!match?.[1] || !match[3])
    throw refused(
      'usage',
      `--rename ${text}: write table.column=new_name, table=new_name or enum.VALUE=NEW_VALUE`,
    );
  return { table: match[1], to: match[3], ...(match[2] ? { column: match[2] } : {}) };
};

/** The inverse renames, last first. */
export const reverseRenames = (renames: readonly Rename[]): Rename[] =>
  [...renames]
    .reverse()
    .map((rename) =>
      rename.column === undefined
        ? { table: rename.to, to: rename.table }
        : { table: rename.table, column: rename.to, to: rename.column },
    );

/** An enum that loses values and gains others, which may be renames. */
export interface SwappedValues {
  readonly name: string;
  readonly gone: readonly string[];
  readonly fresh: readonly string[];
}

/** The values that one of two forms of an enum lacks; undefined if they cannot be a rename. */
export const swapOf = (
  name: string,
  before: readonly string[],
  after: readonly string[],
): SwappedValues | undefined => {
  const gone = before.filter((value) => !after.includes(value));
  const fresh = after.filter((value) => !before.includes(value));
  return gone.length > 0 && fresh.length > 0 ? { name, gone, fresh } : undefined;
};

/**
 * Refuses such an enum, because drizzle-kit recreates it without a question, and rows with an old
 * value make that fail.
 */
export const refuseSwapped = ([swapped]: readonly SwappedValues[]): void => {
  if (swapped)
    throw refused(
      'usage',
      `the enum ${swapped.name} loses ${swapped.gone.join(', ')} and gains ${swapped.fresh.join(', ')}, which may be a rename. Say which with --rename ${swapped.name}.${swapped.gone[0]}=${swapped.fresh[0]}, or --no-renames when none was renamed: then rows that hold the old value have to be changed first.`,
    );
};
