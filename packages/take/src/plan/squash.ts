import { posix } from 'node:path';
import { TakeError } from '../errors.ts';
import type { WholePackage } from '../items.ts';
import type { SourceTree } from '../source/tree.ts';

const tag = '0000_init';
const noParent = '00000000-0000-0000-0000-000000000000';

interface Journal {
  readonly version: string;
  readonly dialect: string;
  readonly entries: readonly {
    readonly idx: number;
    readonly version: string;
    readonly when: number;
    readonly tag: string;
    readonly breakpoints: boolean;
  }[];
}

/**
 * One initial migration with the effect of all migrations of a folder. It is made from the dump,
 * which every check compares with them, and so has FORCE, grants, policies and partitions, which no
 * snapshot holds.
 *
 * @param dump the schema after every migration, as the migrator writes it
 * @param verbatim migrations with effects that no dump holds
 */
export function squashMigrations(
  tree: SourceTree,
  folder: string,
  dump: string,
  verbatim: WholePackage['verbatim'] = { first: [], last: [] },
): { path: string; text: string }[] {
  const journal: Journal = JSON.parse(tree.read(`${folder}/meta/_journal.json`));
  const last = journal.entries.at(-1);
  if (!last) throw new TakeError(`${folder} has no migration.`, 1);
  const snapshot: Record<string, unknown> = JSON.parse(
    tree.read(`${folder}/meta/${last.tag.slice(0, 4)}_snapshot.json`),
  );
  const migration = (name: string) => tree.read(posix.join(folder, `${name}.sql`)).trim();
  const down = (name: string) => tree.read(posix.join(folder, `${name}.down.sql`)).trim();
  const schema = statementsOf(tree.read(dump)).filter(
    (statement, _, all) =>
      !statement.startsWith('SET check_function_bodies') ||
      all.some((other) => /^CREATE (?:OR REPLACE )?(?:FUNCTION|PROCEDURE)/.test(other)),
  );
  const parts = [
    ...verbatim.first.map(migration),
    schema.join('\n--> statement-breakpoint\n'),
    ...verbatim.last.map(migration),
  ];
  const back = [
    ...verbatim.last.toReversed().map(down),
    ...dropsFor(schema),
    ...verbatim.first.toReversed().map(down),
  ];
  const entry = { idx: 0, version: last.version, when: last.when, tag, breakpoints: true };
  return [
    { path: `${folder}/${tag}.sql`, text: `${parts.join('\n--> statement-breakpoint\n')}\n` },
    { path: `${folder}/${tag}.down.sql`, text: `${back.join('\n--> statement-breakpoint\n')}\n` },
    {
      path: `${folder}/meta/0000_snapshot.json`,
      text: `${JSON.stringify({ ...snapshot, prevId: noParent }, null, 2)}\n`,
    },
    {
      path: `${folder}/meta/_journal.json`,
      text: `${JSON.stringify({ ...journal, entries: [entry] }, null, 2)}\n`,
    },
  ];
}

/** The statements of a dump, without the comments between them; bodies in dollar quotes stay whole. */
export function statementsOf(sql: string): string[] {
  const statements: string[] = [];
  let current: string[] = [];
  let quote: string | undefined;
  for (const line of sql.split('\n')) {
    if (current.length === 0 && (line.trim() === '' || line.startsWith('--'))) continue;
    current.push(line);
    for (const [mark] of line.matchAll(/\$\w*\$/g)) {
      if (quote === undefined) quote = mark;
      else if (quote === mark) quote = undefined;
    }
    if (quote !== undefined || !line.trimEnd().endsWith(';')) continue;
    statements.push(current.join('\n').trim());
    current = [];
  }
  return statements;
}

const identifier = '(?:"(?:[^"]|"")*"|[\\w$]+)(?:\\.(?:"(?:[^"]|"")*"|[\\w$]+))?';

/** The down migration, which drops everything that the statements made, the last first. */
function dropsFor(statements: readonly string[]): string[] {
  const made = (kind: string) => {
    const pattern = new RegExp(
      `^CREATE (?:OR REPLACE )?${kind} (?:IF NOT EXISTS )?(${identifier})`,
    );
    return statements.flatMap((statement) => pattern.exec(statement)?.[1] ?? []);
  };
  // A partition is dropped with its table.
  const tables = statements.flatMap((statement) =>
    / PARTITION OF /.test(statement.split('\n')[0] ?? '')
      ? []
      : (new RegExp(`^CREATE (?:UNLOGGED )?TABLE (${identifier})`).exec(statement)?.[1] ?? []),
  );
  const schemaGrants = statements.flatMap((statement) => {
    const [, what, role] =
      /^GRANT (.* ON SCHEMA .*) TO (.*?)(?: WITH GRANT OPTION)?;$/.exec(statement) ?? [];
    return what && role ? [`REVOKE ${what} FROM ${role};`] : [];
  });
  const drop = (kind: string, names: readonly string[]) =>
    names.toReversed().map((name) => `DROP ${kind} ${name};`);
  return [
    ...schemaGrants,
    ...drop('MATERIALIZED VIEW', made('MATERIALIZED VIEW')),
    ...drop('VIEW', made('VIEW')),
    ...(tables.length > 0 ? [`DROP TABLE ${tables.join(', ')};`] : []),
    ...drop('FUNCTION', made('FUNCTION')),
    ...drop('PROCEDURE', made('PROCEDURE')),
    ...drop('TYPE', made('TYPE')),
    ...drop('DOMAIN', made('DOMAIN')),
    ...drop('EXTENSION', made('EXTENSION')),
    ...drop('SCHEMA', made('SCHEMA')),
  ];
}
