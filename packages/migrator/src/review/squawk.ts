import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { isRecord } from './ast.ts';

/** A finding of squawk about a line. */
export interface SquawkFinding {
  readonly file: number;
  readonly line: number;
  readonly rule: string;
  readonly message: string;
}

/** Rules of taste, which find something in every second migration and no harm in any. */
const STYLE = [
  'ban-char-field',
  'prefer-bigint-over-int',
  'prefer-bigint-over-smallint',
  'prefer-identity',
  'prefer-robust-stmts',
  'prefer-text-field',
  'unused-ignore',
  'prefer-timestamp-tz',
  'require-timeout-settings',
  'identifier-too-long',
];

/** Set by the runner for every file, so their absence from a file is no risk. */
const RUNNER = ['require-lock-timeout', 'require-statement-timeout'];

/** Judged here with facts that squawk lacks: which tables are new, and a column's former type. */
const JUDGED_HERE = [
  'adding-field-with-default',
  'adding-foreign-key-constraint',
  'adding-not-nullable-field',
  'adding-required-field',
  'adding-serial-primary-key-field',
  'ban-alter-domain-with-add-constraint',
  'ban-concurrent-index-creation-in-transaction',
  'ban-drop-column',
  'ban-drop-database',
  'ban-drop-not-null',
  'ban-drop-table',
  'ban-truncate-cascade',
  'changing-column-type',
  'constraint-missing-not-valid',
  'disallowed-unique-constraint',
  'prefer-repack',
  'renaming-column',
  'renaming-table',
  'require-concurrent-index-creation',
  'require-concurrent-index-deletion',
  'require-concurrent-partition-detach',
  'require-concurrent-reindex',
  'require-enum-value-ordering',
  // The runner refuses a file that opens a transaction of its own, and names the line.
  'transaction-nesting',
  'ban-uncommitted-transaction',
];

const binary = (): string => {
  const require = createRequire(import.meta.url);
  const manifest = require.resolve('squawk-cli/package.json');
  const { bin }: { bin: { squawk: string } } = require('squawk-cli/package.json');
  return join(dirname(manifest), bin.squawk);
};

const run = promisify(execFile);

/** squawk exits with 1 if it finds something; it reports on stdout either way. */
const reportOf = async (args: readonly string[]): Promise<string> => {
  const options = { maxBuffer: 64 * 1024 * 1024 };
  try {
    return (await run(process.execPath, [binary(), ...args], options)).stdout;
  } catch (error) {
    if (error instanceof Error && 'stdout' in error && typeof error.stdout === 'string')
      return error.stdout;
    throw error;
  }
};

const parseReport = (text: string): SquawkFinding[] => {
  const report: unknown = JSON.parse(text.trim() || '[]');
  if (!Array.isArray(report)) return [];
  return report.flatMap((entry: unknown) => {
    if (!isRecord(entry)) return [];
    const help = typeof entry.help === 'string' ? ` ${entry.help}` : '';
    return [
      {
        file: Number(/(\d+)\.sql$/.exec(String(entry.file))?.[1] ?? 0),
        line: Number(entry.line) + 1,
        rule: String(entry.rule_name),
        message: `${entry.message}${help}`,
      },
    ];
  });
};

/**
 * Runs squawk over files, each under its own transaction mode.
 *
 * @param style also report rules of taste
 */
export const squawkFiles = async (
  files: readonly { readonly sql: string; readonly noTransaction: boolean }[],
  style: boolean,
): Promise<SquawkFinding[]> => {
  const folder = await mkdtemp(join(tmpdir(), 'migrator-review-'));
  try {
    const groups: [string[], string[]] = [[], []];
    await Promise.all(
      files.map(async ({ sql, noTransaction }, index) => {
        const path = join(folder, `${index}.sql`);
        await writeFile(path, sql);
        groups[noTransaction ? 1 : 0].push(path);
      }),
    );
    const exclude = [...JUDGED_HERE, ...RUNNER, ...(style ? [] : STYLE)];
    const args = [
      '--reporter',
      'json',
      '--no-error-on-unmatched-pattern',
      `--exclude=${exclude.join(',')}`,
    ];
    const reports = await Promise.all(
      groups.map((paths, index) =>
        paths.length === 0
          ? []
          : reportOf([...args, ...(index === 0 ? ['--assume-in-transaction'] : []), ...paths]).then(
              parseReport,
            ),
      ),
    );
    return reports.flat();
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
