// Each kind of change that SQL can make to a database, tried by hand, and the line of drift that names it. `#` is a
// name of the entry's own, so that all of them can be made in one database.
import { cosmetic } from './kinds-of-change/cosmetic.ts';
import { enforcement } from './kinds-of-change/enforcement.ts';
import type { Entry } from './kinds-of-change/objects.ts';
import { otherObjects } from './kinds-of-change/other-objects.ts';
import { performance } from './kinds-of-change/performance.ts';
import { rights } from './kinds-of-change/rights.ts';
import { tables } from './kinds-of-change/tables.ts';

export { OTHER, ROLE } from './kinds-of-change/objects.ts';

export interface Kind {
  readonly what: string;
  /** In the migration. */
  readonly before: string;
  readonly change: string;
  readonly level: 'safety' | 'behaviour' | 'performance' | 'cosmetic';
  /** Kind and name, as drift prints them. */
  readonly says: string;
  /** Run after every other change, because it stops them. */
  readonly last: boolean;
}

const of = (level: Kind['level'], entries: readonly Entry[]): Kind[] =>
  entries.map(([what, before, change, says, last]) => ({
    what,
    before,
    change,
    says,
    level,
    last: last !== undefined,
  }));

/** All of them, each under names of its own. */
export const KINDS: readonly Kind[] = [
  ...of('safety', [...rights, ...enforcement]),
  ...of('behaviour', [...tables, ...otherObjects]),
  ...of('performance', performance),
  ...of('cosmetic', cosmetic),
].map((kind, index) => {
  const own = (text: string) => text.replaceAll('#', `k${index}`);
  return { ...kind, before: own(kind.before), change: own(kind.change), says: own(kind.says) };
});
