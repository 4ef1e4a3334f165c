import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { z } from 'zod';
import { databaseUrl } from '../server/databases.ts';
import { processWide } from '../server/process-wide.ts';
import type { SchemaPackage } from './schema-packages.ts';
import { projectRoot } from './source-files.ts';

const severity = z.enum(['error', 'warning', 'info']);

const findingSchema = z.object({
  rule: z.string(),
  severity,
  /** `table`, `table.column`, `table.constraint`, or a function of a query module. */
  object: z.string(),
  message: z.string(),
  waived: z.string().optional(),
  known: z.boolean().optional(),
  location: z.object({ file: z.string(), line: z.number() }).optional(),
  fix: z.object({ language: z.enum(['ts', 'sql']), code: z.string() }).optional(),
});

const reportSchema = z.object({
  tables: z.number(),
  rules: z.array(
    z.object({
      id: z.string(),
      group: z.string(),
      title: z.string(),
      severity,
      state: z.enum(['pass', 'fail', 'off', 'not run']),
      /** The input that a skipped rule would have needed. */
      needs: z.string().optional(),
      open: z.number(),
      waived: z.number(),
    }),
  ),
  findings: z.array(findingSchema),
  notes: z.array(z.string()),
});

/** A finding, with the lines of source that it is about. */
export interface AuditFinding extends z.infer<typeof findingSchema> {
  /** From the project's root. */
  readonly source?: { readonly path: string; readonly line: number; readonly excerpt: string };
}

export interface AuditReport extends Omit<z.infer<typeof reportSchema>, 'findings'> {
  readonly findings: readonly AuditFinding[];
  readonly takenAt: Date;
}

/** How long a report is shown before another is taken: one costs seconds of a processor. */
const KEPT_MS = 60_000;

const reports = processWide(
  'reference-demo-audits',
  () => new Map<string, { readonly until: number; readonly report: Promise<AuditReport> }>(),
);

/**
 * Runs `audit` on a package: its schema, its queries and its database as it is now. In a
 * process of its own, since it loads the schema's modules.
 *
 * @throws Error when the audit itself fails
 */
export function readAudit(shown: SchemaPackage): Promise<AuditReport> {
  const known = reports.get(shown.slug);
  if (known && known.until > Date.now()) return known.report;
  const report = takeAudit(shown);
  reports.set(shown.slug, { until: Date.now() + KEPT_MS, report });
  // One that failed is taken again.
  report.catch(() => reports.delete(shown.slug));
  return report;
}

async function takeAudit({ slug, database }: SchemaPackage): Promise<AuditReport> {
  const folder = join('packages', slug);
  const read = reportSchema.parse(JSON.parse(await runAudit(folder, databaseUrl(database))));
  const findings = await Promise.all(
    read.findings.map(async (finding): Promise<AuditFinding> => {
      const { location } = finding;
      if (!location) return finding;
      const path = normalize(join(folder, location.file));
      return {
        ...finding,
        source: { path, line: location.line, excerpt: await excerpt(path, location.line) },
      };
    }),
  );
  return { ...read, findings, takenAt: new Date() };
}

/** The URL goes through the environment: the arguments of a process are anyone's to read. */
function runAudit(folder: string, url: string): Promise<string> {
  const root = projectRoot();
  const { PATH, HOME, NODE_ENV } = process.env;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [join(root, 'packages/audit/bin/audit.js'), '--format', 'json', '--url-env', 'AUDITED_URL'],
      {
        cwd: join(root, folder),
        // Nothing of this server's: neither its secrets nor its NODE_OPTIONS.
        env: { PATH, HOME, NODE_ENV, AUDITED_URL: url, NO_COLOR: '1' },
        maxBuffer: 32 * 1024 * 1024,
        timeout: 60_000,
      },
      (error, stdout, stderr) => {
        // Exit code 1 with a report says that there are errors in it.
        if (stdout.startsWith('{')) resolve(stdout);
        else reject(new Error(`The audit of ${folder} failed: ${stderr.trim()}`, { cause: error }));
      },
    );
  });
}

/** The line of a declaration, and what follows of it. */
async function excerpt(path: string, line: number): Promise<string> {
  const text = await readFile(join(projectRoot(), path), 'utf8').catch(() => '');
  return text
    .split('\n')
    .slice(line - 1, line + 5)
    .join('\n');
}
