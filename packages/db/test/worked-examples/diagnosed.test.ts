// The failures of docs/worked-examples.md, made again on a real database and by the audit.
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createId } from '@paralleldrive/cuid2';
import { audit } from '@reference/audit';
import { DbError } from '@reference/kit';
import { migrate } from '@reference/migrator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pages } from '../../src/schema/core.ts';
import { addDrive, addPage, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';

const here = (path: string) => fileURLToPath(new URL(path, import.meta.url));
let workspace: Workspace;
let markdown: string;
beforeAll(async () => {
  workspace = await openWorkspace();
  markdown = await readFile(here('../../../../docs/worked-examples.md'), 'utf8');
});
afterAll(() => workspace.close());

/** The code blocks of one language in one numbered example. */
function blocksOf(example: number, language: string): string[] {
  const section = markdown.split(/^## /m).find((text) => text.startsWith(`${example}. `)) ?? '';
  const fence = new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\``, 'gm');
  return [...section.matchAll(fence)].map(([, block]) => block?.trim() ?? '');
}

test('9: a failing migration names its line, its cause and the state of the database', async () => {
  const { db, url } = workspace;
  await addPage(db, await addDrive(db, await addUser(db)));
  const folder = await mkdtemp(join(tmpdir(), 'worked-example-'));
  try {
    await cp(here('../../drizzle'), folder, { recursive: true });
    const journalFile = join(folder, 'meta/_journal.json');
    const journal = JSON.parse(await readFile(journalFile, 'utf8'));
    const idx = journal.entries.length;
    const tag = `${String(idx).padStart(4, '0')}_require_last_viewed_at`;
    journal.entries.push({ idx, version: '7', when: Date.now(), tag, breakpoints: true });
    await writeFile(join(folder, `${tag}.sql`), blocksOf(9, 'sql')[0] ?? '');
    await writeFile(join(folder, `${tag}.down.sql`), 'SELECT 1;');
    await writeFile(journalFile, JSON.stringify(journal));
    const failure = await migrate(url, { folder }).then(
      () => 'applied',
      (error: Error) => error.message,
    );
    for (const line of (blocksOf(9, 'text')[0] ?? 'nothing').split('\n')) {
      expect(failure).toContain(line.replace(/^0000_/, '').trim());
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});

test('10: a foreign-key violation names its constraint', async () => {
  const { db } = workspace;
  const insert = db
    .insert(pages)
    .values({ id: createId(), driveId: createId(), title: 'Lost', type: 'DOCUMENT', position: 1 });
  const error = await insert.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(DbError);
  expect(error).toMatchObject({ sqlstate: '23503', constraint: 'pages_driveId_fkey' });
  expect(blocksOf(10, 'text')[0]).toContain('23503 pages_driveId_fkey');
});

test('11 and 12: the audit finds what the review of a list and of a table finds', async () => {
  const folder = here('../../.examples/worked');
  await mkdir(join(folder, 'queries'), { recursive: true });
  try {
    const [schema] = blocksOf(12, 'ts');
    const [bad, good] = blocksOf(11, 'ts');
    await writeFile(join(folder, 'audit.config.ts'), 'export default {};');
    await writeFile(join(folder, 'schema.ts'), schema ?? '');
    await writeFile(join(folder, 'queries/bad.ts'), bad ?? '');
    await writeFile(join(folder, 'queries/good.ts'), good ?? '');
    const { findings } = await audit({
      config: join(folder, 'audit.config.ts'),
      schema: [join(folder, 'schema.ts')],
      queries: [join(folder, 'queries')],
    });
    const unbounded = findings.filter(({ rule }) => rule === 'query-unbounded');
    expect(unbounded.map(({ message }) => message)).toEqual([expect.stringContaining('invoices')]);
    const listed = [...(blocksOf(12, 'text')[0] ?? '').matchAll(/^(?:error|warning) (\S+)/gm)];
    const found = findings.filter(
      ({ rule, severity }) => severity !== 'info' && !rule.startsWith('query'),
    );
    expect(found.map(({ rule }) => rule)).toEqual(listed.map(([, rule]) => rule));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
});
