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
  /** Everything that the file creates or sets anywhere, as `kind:name`. */
  readonly createdInFile: ReadonlySet<string>;
  /** True if the file, in the same transaction, changes the schema of a table with rows. */
  readonly altersExistingTable: boolean;
}

/** Gives the remarks on one action. */
export type Rule = (action: Action, context: Context) => readonly Remark[];
