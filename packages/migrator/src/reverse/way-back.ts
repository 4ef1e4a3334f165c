import { compareCatalogs, type Difference } from '../catalog/compare.ts';
import {
  type Catalog,
  type CatalogObject,
  catalogWithin,
  type DescribeOptions,
} from '../catalog/describe.ts';
import { messageOf } from '../errors.ts';
import type { Session } from '../run/session.ts';
import { type Identity, identitiesOf, nextRename } from './identities.ts';
import { type Way, waysToAlter, waysToDrop, waysToMake } from './undo.ts';

/** A database at one moment. */
export interface State {
  readonly catalog: Catalog;
  readonly identities: readonly Identity[];
}

/** Changes that could not be reversed. */
export interface Unmade {
  readonly difference: Difference;
  /** The server's error at the last attempt; undefined if none was possible. */
  readonly reason?: string;
  /** A required column whose table holds rows that the migration leaves there. */
  readonly lacksValues?: true;
}

export interface WayBack {
  readonly statements: readonly string[];
  readonly unmade: readonly Unmade[];
}

const keyOf = ({ kind, name }: CatalogObject): string => `${kind} ${name}`;

/** The order of drops: the reverse of the order of creation. */
const ORDER: readonly CatalogObject['kind'][] = [
  'comment',
  'default grant',
  'revoked from public',
  'grant',
  'event trigger',
  'trigger',
  'rule',
  'policy',
  'row security',
  'view',
  'materialized view',
  'statistics',
  'index',
  'constraint',
  'aggregate',
  'procedure',
  'function',
  'column',
  'table',
  'sequence',
  'range type',
  'type',
  'domain',
  'enum',
  'extension',
  'schema',
];
const rankOf = ({ kind }: CatalogObject): number => ORDER.indexOf(kind);

/** Views, policies and triggers that keep a column from changing, as the server's DETAIL lists them. */
const blockers = (error: unknown): string[] => {
  const detail = error instanceof Error && 'detail' in error ? String(error.detail) : '';
  return [
    ...detail.matchAll(
      /(?:rule _RETURN on (materialized view|view) (\S+)|(policy|trigger) (\S+) on table (\S+)) depends on/g,
    ),
  ].map(([, view, viewName, part, name, table]) =>
    view
      ? `DROP ${view.toUpperCase()} ${viewName} CASCADE;`
      : `DROP ${part?.toUpperCase()} ${name} ON ${table};`,
  );
};

const isNotNullViolation = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === '23502';

const MOST_BLOCKERS = 30;

class Walk {
  readonly statements: string[] = [];
  private readonly session: Session;

  constructor(session: Session) {
    this.session = session;
  }

  private async attempt(way: Way, depth = 0): Promise<unknown> {
    await this.session.run('savepoint attempt');
    try {
      for (const statement of way) await this.session.run(statement);
      await this.session.run('release savepoint attempt');
      this.statements.push(...way);
      return undefined;
    } catch (error) {
      await this.session.run('rollback to savepoint attempt; release savepoint attempt');
      const first = blockers(error);
      // Drops a blocking object now and creates it again in a later round. The server names one at
      // a time.
      if (first.length > 0 && depth < MOST_BLOCKERS)
        return this.attempt([...first, ...way], depth + 1);
      return error;
    }
  }

  async must(way: Way): Promise<void> {
    for (const statement of way) await this.session.run(statement);
    this.statements.push(...way);
  }

  /** @returns undefined if one of the ways worked, else the server's last error */
  async any(ways: readonly Way[]): Promise<unknown> {
    let last: unknown = new Error('there is no statement for it');
    for (const way of ways) {
      if (way.length === 0) continue;
      last = await this.attempt(way);
      if (last === undefined) return undefined;
    }
    return last;
  }
}

const MOST_ROUNDS = 8;

/**
 * Finds the statements that lead a database back, by trying them in an open transaction of a
 * scratch database that is in the state afterwards. It renames renamed objects back, to keep their
 * rows; the rest comes from the difference of the two catalogs. It tries a statement that fails
 * because of another object again in the next round.
 *
 * @param before the state to go back to
 * @param session in a transaction, with an empty search_path; it keeps the effect of the statements
 * @param first statements that come before all others
 */
export const findWayBack = async (
  session: Session,
  before: State,
  options: DescribeOptions,
  first: readonly string[] = [],
): Promise<WayBack> => {
  const walk = new Walk(session);
  await walk.must(first);
  const tried = new Set<string>();
  for (;;) {
    const rename = nextRename(before.identities, await identitiesOf(session), tried);
    if (rename === undefined) break;
    tried.add(rename);
    await walk.any([[rename]]);
  }
  const then = new Map(before.catalog.map((object) => [keyOf(object), object]));
  const reasons = new Map<string, unknown>();
  let current = await catalogWithin(session, options);
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const length = walk.statements.length;
    const now = new Map(current.map((object) => [keyOf(object), object]));
    const tables = new Set(current.filter(({ kind }) => kind === 'table').map(({ name }) => name));
    const note = (object: CatalogObject, error: unknown) => {
      if (error === undefined) reasons.delete(keyOf(object));
      else reasons.set(keyOf(object), error);
    };
    const counts = ({ kind }: CatalogObject) => kind !== 'column order';
    const extra = current.filter((object) => counts(object) && !then.has(keyOf(object)));
    const wholeExtra = new Set(
      extra.filter(({ kind }) => kind === 'table').map(({ name }) => name),
    );
    const belongs = ({ name }: CatalogObject, names: ReadonlySet<string>) =>
      [...names].some((table) => name.startsWith(`${table}.`));
    // It is dropped with its table.
    for (const object of [...extra].sort((a, b) => rankOf(a) - rankOf(b)))
      if (!belongs(object, wholeExtra)) note(object, await walk.any(waysToDrop(object)));
    for (const object of current.filter(counts)) {
      const old = then.get(keyOf(object));
      if (!old || old.definition === object.definition) continue;
      note(old, await walk.any(waysToAlter(object, old, current, before.catalog)));
    }
    const missing = before.catalog.filter((object) => counts(object) && !now.has(keyOf(object)));
    for (const object of [...missing].sort((a, b) => rankOf(b) - rankOf(a))) {
      const lacksTable = ['column', 'constraint'].includes(object.kind) && !belongs(object, tables);
      // It is created with its table; a foreign key in the next round.
      if (!lacksTable) note(object, await walk.any(waysToMake(object, before.catalog)));
    }
    current = await catalogWithin(session, options);
    if (compareCatalogs(before.catalog, current).length === 0) break;
    if (walk.statements.length === length) break;
  }
  return {
    statements: walk.statements,
    unmade: compareCatalogs(before.catalog, current).map((difference) => {
      const error = reasons.get(`${difference.kind} ${difference.name}`);
      return {
        difference,
        ...(error === undefined ? {} : { reason: messageOf(error) }),
        ...(difference.kind === 'column' && isNotNullViolation(error) ? { lacksValues: true } : {}),
      };
    }),
  };
};

/** The state of a scratch database, for `findWayBack`. */
export const stateOf = async (session: Session, options: DescribeOptions): Promise<State> => {
  await session.run("begin; set local search_path = ''; set local jit = off");
  try {
    return {
      catalog: await catalogWithin(session, options),
      identities: await identitiesOf(session),
    };
  } finally {
    await session.run('rollback');
  }
};
