import type { Around } from '../items.ts';
import { statementsOf } from './squash.ts';

/** A table's partitioning, which drizzle-kit cannot declare. */
export interface Partitioned {
  readonly table: string;
  /** `PARTITION BY LIST (day)` */
  readonly by: string;
  /** The statements that make its partitions. */
  readonly partitions: readonly string[];
}

/** The partitioned tables of a dump, as the migrator writes it. */
export function partitionedIn(dump: string): Partitioned[] {
  const statements = statementsOf(dump);
  return statements.flatMap((statement) => {
    const [, table, by] =
      /^CREATE TABLE public\.("?[\w$]+"?) \([\s\S]*\) (PARTITION BY [^;]*);$/.exec(statement) ?? [];
    if (!table || !by) return [];
    const partitions = statements.filter((one) => one.includes(` PARTITION OF public.${table} `));
    return [
      {
        table: table.replaceAll('"', ''),
        by,
        partitions: partitions.map((one) => one.replaceAll('public.', '')),
      },
    ];
  });
}

/** A migration of drizzle-kit with the statements around it that its tables need. */
export function withAround(migration: string, around: readonly Around[]): string {
  const here = around.filter(({ table }) => migration.includes(`CREATE TABLE "${table}"`));
  if (here.length === 0) return migration;
  return `${[
    ...here.flatMap(({ first }) => first),
    migration.trimEnd(),
    ...here.flatMap(({ last }) => last),
  ].join('\n--> statement-breakpoint\n')}\n`;
}

/** A migration of drizzle-kit with these tables partitioned. */
export function withPartitions(migration: string, tables: readonly Partitioned[]): string {
  return tables.reduce((text, { table, by, partitions }) => {
    const made = new RegExp(`(CREATE TABLE "${table}" \\([\\s\\S]*?\\n\\));`);
    return text.replace(made, (_, start) =>
      [`${start} ${by};`, ...partitions].join('\n--> statement-breakpoint\n'),
    );
  }, migration);
}
