import { statementsOf } from '../plan/squash.ts';

const head = (statement: string): RegExpExecArray | null =>
  /^CREATE (?:OR REPLACE )?(?:UNLOGGED )?(TABLE|TYPE|VIEW|MATERIALIZED VIEW|FUNCTION|PROCEDURE|DOMAIN) (?:IF NOT EXISTS )?public\.("[^"]+"|[\w$]+)/.exec(
    statement,
  );

const nameOf = (statement: string): string | undefined => head(statement)?.[2]?.replaceAll('"', '');

/** The statements of a dump that create tables and views, by name. */
export function relationsIn(dump: string): Map<string, string> {
  return new Map(
    statementsOf(dump).flatMap((statement) =>
      /TABLE|VIEW/.test(head(statement)?.[1] ?? '') ? [[nameOf(statement) ?? '', statement]] : [],
    ),
  );
}

/** True if a statement of a dump names a relation, a type or a function. */
const names = (statement: string, name: string): boolean =>
  new RegExp(`\\bpublic\\.("${name}"|${name}\\b)`).test(statement) ||
  // The body of a function names tables without their schema.
  (/^CREATE (?:OR REPLACE )?FUNCTION/.test(statement) && statement.includes(`"${name}"`));

/**
 * The dump of a schema without some tables: the others with their indexes, keys and triggers, and
 * the types and functions that these use.
 * @param dropped names of tables and views
 * @param types names of types that stay, also if unused
 */
export function narrowDump(
  dump: string,
  dropped: readonly string[],
  types: readonly string[] = [],
): string {
  const all = statementsOf(dump);
  const isMade = (statement: string) =>
    /TYPE|FUNCTION|PROCEDURE|DOMAIN/.test(head(statement)?.[1] ?? '');
  const kept = new Set(
    all.filter((one) => !isMade(one) && !dropped.some((name) => names(one, name))),
  );
  for (let before = -1; before < kept.size; ) {
    before = kept.size;
    for (const statement of all) {
      const name = nameOf(statement);
      if (kept.has(statement) || !isMade(statement) || name === undefined) continue;
      if (types.includes(name) || [...kept].some((one) => names(one, name))) kept.add(statement);
    }
  }
  const blocks = dump.split(/\n\n(?=(?:--|SET|CREATE|ALTER|COMMENT|GRANT|REVOKE)\b|--)/);
  return `${blocks
    .map((block) => narrowBlock(block, kept))
    .filter((block) => block !== '')
    .join('\n\n')
    .trimEnd()}\n`;
}

/** Reduces a block of a dump: a comment, one statement, or several of one kind, one a line. */
function narrowBlock(block: string, kept: ReadonlySet<string>): string {
  const own = statementsOf(block);
  if (own.length === 0) return block.trimEnd();
  return own.filter((statement) => kept.has(statement)).join('\n');
}

/** The further tables that triggers of the kept ones write. */
export function tablesOfTriggers(dump: string, kept: readonly string[]): string[] {
  const all = statementsOf(dump);
  const tables = [...relationsIn(dump).keys()];
  const triggers = all.filter((one) =>
    kept.some((table) => new RegExp(`^CREATE TRIGGER .* ON public\\.${table}\\b`).test(one)),
  );
  return tables.filter(
    (table) =>
      !kept.includes(table) &&
      all.some(
        (one) =>
          /^CREATE (?:OR REPLACE )?FUNCTION/.test(one) &&
          names(one, table) &&
          triggers.some((trigger) => names(trigger, nameOf(one) ?? '')),
      ),
  );
}

/** drizzle-kit's snapshot without some tables, views and types. */
export function narrowSnapshot(
  snapshot: string,
  dropped: readonly string[],
  types: readonly string[],
): string {
  const whole: Record<string, unknown> = JSON.parse(snapshot);
  const only = (value: unknown, isWanted: (name: string) => boolean) =>
    Object.fromEntries(
      Object.entries(Object(value)).filter(([, one]) =>
        isWanted(String(Reflect.get(Object(one), 'name'))),
      ),
    );
  const isKept = (name: string) => !dropped.includes(name);
  const narrowed = {
    ...whole,
    tables: only(whole.tables, isKept),
    views: only(whole.views, isKept),
    enums: only(whole.enums, (name) => types.includes(name)),
  };
  return `${JSON.stringify(narrowed, null, 2)}\n`;
}
