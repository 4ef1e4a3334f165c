import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { processWide } from '../server/process-wide.ts';
import { runTool } from '../tools/run-tool.ts';
import type { SchemaPackage } from './schema-packages.ts';
import { projectRoot } from './source-files.ts';

const finding = z.object({
  file: z.string(),
  line: z.number(),
  level: z.enum(['safe', 'caution', 'danger', 'data loss']),
  rule: z.string(),
  message: z.string(),
  lock: z.string().optional(),
});
export type ReviewFinding = z.output<typeof finding>;

/** A migration's files, and the findings of its review. */
export interface MigrationFiles {
  /** Undefined for a migration whose file is gone. */
  readonly up: string | undefined;
  readonly down: string | undefined;
  readonly findings: readonly ReviewFinding[];
}

// A migration that landed never changes, so its review does not either.
const reviews = processWide(
  'reference-demo-reviews',
  () => new Map<string, Promise<readonly ReviewFinding[]>>(),
);

function reviewOf({ slug, migrations }: SchemaPackage): Promise<readonly ReviewFinding[]> {
  const known = reviews.get(slug);
  if (known) return known;
  const reviewing = runTool('review-migrations', {
    MIGRATIONS: join(projectRoot(), migrations),
  }).then((answer) => z.array(finding).parse(answer));
  reviews.set(slug, reviewing);
  reviewing.catch(() => reviews.delete(slug));
  return reviewing;
}

/** @param name of a migration that the migrator knows */
export async function readMigrationFiles(
  shown: SchemaPackage,
  name: string,
): Promise<MigrationFiles> {
  const read = (file: string) =>
    readFile(join(projectRoot(), shown.migrations, file), 'utf8').catch(() => undefined);
  const [up, down, findings] = await Promise.all([
    read(`${name}.sql`),
    read(`${name}.down.sql`),
    reviewOf(shown),
  ]);
  return { up, down, findings: findings.filter(({ file }) => file === `${name}.sql`) };
}
