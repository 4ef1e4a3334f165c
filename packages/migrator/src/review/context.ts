import type { Remark } from './finding.ts';
import type { Runner } from './runner.ts';
import type { Action } from './statements.ts';
import type { World } from './world.ts';

/** The context of a rule besides its statement. */
export interface Context {
  /** The database before the statement. */
  readonly world: World;
  readonly noTransaction: boolean;
  readonly runner: Runner;
  /** Everything that the file creates or sets, as `kind:name`, wherever in the file. */
  readonly createdInFile: ReadonlySet<string>;
  /** Whether the file, in the same transaction, changes the schema of a table that has rows. */
  readonly altersExistingTable: boolean;
}

/** Looks at one action and says what is to be said of it. */
export type Rule = (action: Action, context: Context) => readonly Remark[];
