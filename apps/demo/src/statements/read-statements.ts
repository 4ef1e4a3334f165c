import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { StatementCaller } from '@reference/kit';
import { z } from 'zod';
import { catalogSql } from '../catalog/catalog-client.ts';
import { type SchemaPackage, schemaPackages } from '../catalog/schema-packages.ts';
import { projectRoot, readPackageSource } from '../catalog/source-files.ts';
import { explainAll, type Plan } from '../lab/explain.ts';
import { labs } from '../lab/labs.ts';
import { prettySql } from '../lab/pretty-sql.ts';
import type { DatabaseName } from '../server/database-names.ts';
import { processWide } from '../server/process-wide.ts';
import type { AskedRequest, SentStatement } from './requests.ts';
import { positionsOf, type SourcePosition } from './source-position.ts';

/** A place in the sources, and the top-level function around it. */
export interface Frame extends SourcePosition {
  readonly name: string;
}

/** A statement as the panel shows it. */
export interface ShownStatement {
  readonly database: DatabaseName;
  readonly sql: string;
  /** The types of `$1`, `$2` and so on, in this order. */
  readonly parameterTypes: readonly string[];
  /** Undefined while it runs. */
  readonly ms: number | undefined;
  readonly rows: number | undefined;
  readonly failed: boolean;
  readonly isAfterAnswer: boolean;
  /** How often the request sent this text, if that was more than a list should need; else 0. */
  readonly repeated: number;
  /** The code that sent it, innermost first. */
  readonly frames: readonly Frame[];
  /** The query function of the package, and its page in the lab if it has one. */
  readonly query: { readonly name: string; readonly href: string | undefined } | undefined;
  readonly tables: readonly { readonly name: string; readonly href: string }[];
}

/** The same statement so many times in one request is still no loop over rows. */
const mostAlike = 3;

/** Gives two statements that differ only in the length of a list of parameters the same text. */
const fingerprintOf = (text: string): string =>
  text.replaceAll(/\s+/g, ' ').replaceAll(/\(\s*\$\d+(?:\s*,\s*\$\d+)*\s*\)/g, '($…)');

/** Settings of a transaction belong to it and not to a row. */
const isSetting = (text: string) => /^set\b/i.test(text);

/** How often each statement's text was sent, where that was more than `mostAlike`; else 0. */
export function repeatsOf(
  statements: readonly Pick<SentStatement, 'database' | 'text'>[],
): number[] {
  const keys = statements.map(({ database, text }) => `${database} ${fingerprintOf(text)}`);
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return statements.map(({ text }, index) => {
    const alike = isSetting(text) ? 0 : (counts.get(keys[index] ?? '') ?? 0);
    return alike > mostAlike ? alike : 0;
  });
}

/** A request's statements in the order of sending, with what the sources and the catalog say of them. */
export async function readStatements({ statements }: AskedRequest): Promise<ShownStatement[]> {
  const repeats = repeatsOf(statements);
  const shown: ShownStatement[] = [];
  for (const [index, statement] of statements.entries()) {
    const { database, text, end, isAfterAnswer } = statement;
    const frames = await framesOf(statement.caller);
    shown.push({
      database,
      sql: prettySql(text),
      parameterTypes: await typeNames(database, end?.parameterTypes ?? []),
      ms: end?.ms,
      rows: end?.rows,
      failed: end?.failed ?? false,
      isAfterAnswer,
      repeated: repeats[index] ?? 0,
      frames,
      query: await queryOf(database, frames),
      tables: await tablesOf(database, text),
    });
  }
  return shown;
}

/** The plan of one of a request's statements, under the settings that were sent before it. */
export async function planOf({ statements }: AskedRequest, index: number): Promise<Plan> {
  const wanted = statements[index];
  if (!wanted) return undefined;
  const before = statements
    .slice(0, index)
    .filter(({ database, text }) => database === wanted.database && isSetting(text));
  // The latest settings are the wanted one's own: a role or a tenant is set once a transaction.
  const sent: readonly SentStatement[] = [...before.slice(-2), wanted];
  const plans = await explainAll(catalogSql(wanted.database), sent);
  return plans.at(-1);
}

const packageOf = (database: DatabaseName): SchemaPackage | undefined =>
  schemaPackages.find((known) => known.database === database);

const afterKeyword = /\b(?:from|join|into|update)\s+(?:only\s+)?"?(\w+)"?/gi;

/** The tables that a statement names, as far as the package declares them. */
async function tablesOf(database: DatabaseName, text: string) {
  const shown = packageOf(database);
  if (!shown) return [];
  const { tables } = await readPackageSource(shown.slug);
  const named = new Set([...text.matchAll(afterKeyword)].map(([, name = '']) => name));
  return [...named]
    .filter((name) => tables.has(name))
    .sort()
    .map((name) => ({ name, href: `/schema/${shown.slug}/tables/${name}` }));
}

async function framesOf({ stack, builderStack }: StatementCaller): Promise<Frame[]> {
  const sending = await positionsOf(stack);
  const positions = sending.length > 0 ? sending : await positionsOf(builderStack);
  return Promise.all(
    positions.slice(0, 8).map(async (position) => ({
      ...position,
      name: await functionAround(position),
    })),
  );
}

/** The last declaration at the beginning of a line, at or above a place. */
async function functionAround({ path, line }: SourcePosition): Promise<string> {
  const above = (await linesOf(path)).slice(0, line).reverse();
  const declared = /^(?:export )?(?:default )?(?:async )?(?:function|const|class) (\w+)/;
  return above.map((code) => declared.exec(code)?.[1]).find(Boolean) ?? '';
}

/**
 * The query function that the application called: by the application's own line where the stack has it
 * (a function that only returns another's promise leaves no frame), else the package's outermost frame.
 */
async function queryOf(
  database: DatabaseName,
  frames: readonly Frame[],
): Promise<ShownStatement['query']> {
  const slug = packageOf(database)?.slug;
  if (!slug) return undefined;
  const { exports } = await readPackageSource(slug);
  const calling = frames.find(({ path }) => path.startsWith('apps/'));
  const called = calling ? await namesCalledAt(calling) : [];
  const outermost = frames.findLast(
    ({ path, name }) => path.startsWith(`packages/${slug}/`) && exports.has(name),
  );
  const inStack = called.find((word) => frames.some((frame) => frame.name === word));
  const name = inStack ?? called.find((word) => exports.has(word)) ?? outermost?.name;
  if (!name) return undefined;
  const listed = labs[slug].queries.find(({ call }) => call.startsWith(`${name}(`));
  return { name, href: listed ? `/schema/${slug}/queries/${listed.slug}` : undefined };
}

async function namesCalledAt(position: SourcePosition): Promise<string[]> {
  const line = (await linesOf(position.path))[position.line - 1] ?? '';
  return [...line.matchAll(/\b(\w+)\(/g)].map(([, name = '']) => name);
}

const linesOf = async (path: string): Promise<string[]> =>
  (await readFile(join(projectRoot(), path), 'utf8').catch(() => '')).split('\n');

const typeName = z.array(z.object({ oid: z.coerce.number(), name: z.string() }));
const names = processWide('reference-demo-type-names', () => new Map<string, string>());

/** The names of types by their oids; those of a database's own differ between databases. */
async function typeNames(database: DatabaseName, oids: readonly number[]): Promise<string[]> {
  const unknown = [...new Set(oids)].filter((oid) => !names.has(`${database} ${oid}`));
  if (unknown.length > 0) {
    const rows = await catalogSql(database).unsafe(
      'select oid::int8 as oid, format_type(oid, null) as name from unnest($1::oid[]) as oid',
      [unknown],
    );
    for (const { oid, name } of typeName.parse([...rows])) names.set(`${database} ${oid}`, name);
  }
  return oids.map((oid) => names.get(`${database} ${oid}`) ?? 'unknown');
}
