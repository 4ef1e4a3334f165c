// Adds a table whose foreign key has no index to a scratch copy of the tasks schema, and lets the audit
// look at it before and after the index. Prints what it found as JSON.
import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { createClient } from '@reference/kit';
import { migrate, scratchOnServer } from '@reference/migrator';
import { migrationsFolder } from '@reference/tasks';

const url = process.env.TASKS_DATABASE_URL ?? '';
const audit = fileURLToPath(new URL('../../../../packages/audit/bin/audit.js', import.meta.url));
const run = promisify(execFile);

/** The findings about the new table. */
async function findings(of: string): Promise<unknown[]> {
  const { stdout } = await run(
    process.execPath,
    [audit, 'check', '--url-env', 'AUDITED', '--format', 'json'],
    { cwd: '/', env: { ...process.env, AUDITED: of }, maxBuffer: 20_000_000 },
  ).catch((error: unknown) => {
    // It exits with 1 when there is an error among the findings; the report is there all the same.
    if (error instanceof Error && 'stdout' in error) return { stdout: String(error.stdout) };
    throw error;
  });
  const report: { findings: object[] } = JSON.parse(stdout);
  return report.findings.filter((finding) => JSON.stringify(finding).includes('task_notes'));
}

const scratch = await scratchOnServer(url)();
try {
  const copy = new URL(url);
  copy.pathname = `/${scratch.address[0].database}`;
  await migrate(copy.href, { folder: migrationsFolder });
  const { sql, close } = createClient({ url: copy.href, max: 1 }, { schema: {} });
  try {
    await sql.unsafe(
      'create table task_notes (id text primary key, task_id text not null references tasks (id) on delete cascade, created_at timestamptz not null default now(), updated_at timestamptz not null default now())',
    );
    const before = await findings(copy.href);
    await sql.unsafe('create index task_notes_task_id_idx on task_notes (task_id)');
    const after = await findings(copy.href);
    console.log(JSON.stringify({ before, after }));
  } finally {
    await close();
  }
} finally {
  await scratch.close();
}
