// The guide's steps: what each does on the databases, and what it observes.
import { createDrive, createPage, getPage, listDrives, updatePage } from '@pagespace/db';
import { pageId, userId } from '@pagespace/db/seed';
import { listDocuments, tenantIdOf, withTenant } from '@reference/tenancy';
import { z } from 'zod';
import { openDbBench } from '../lab/bench.ts';
import { createRecorder } from '../lab/recorder.ts';
import { databaseUrl, pagespace, tenancy } from '../server/databases.ts';
import { codeOf } from '../server/error-code.ts';
import { runTool } from '../tools/run-tool.ts';
import { type Fact, fact } from './observed.ts';

const counted = (count: number, of: string) => `${count} ${count === 1 ? of : `${of}s`}`;

/** The same questions, asked as two people and as two organisations. */
export async function seeIsolation(): Promise<Fact[]> {
  const launchPlan = pageId('product', 'Launch plan');
  const asPerson = async (person: 'ada' | 'zoe') => {
    const id = userId(person);
    const [drives, page] = await Promise.all([
      listDrives(pagespace(), { userId: id, limit: 50 }),
      getPage(pagespace(), { userId: id, pageId: launchPlan }),
    ]);
    return { drives: drives.items.length, page };
  };
  const documentsOf = async (slug: string) =>
    withTenant(await tenancy(), tenantIdOf(slug), async (tx) =>
      (await listDocuments(tx, { limit: 100 })).items.map(({ id }) => id),
    );
  const [ada, zoe, acme, globex] = await Promise.all([
    asPerson('ada'),
    asPerson('zoe'),
    documentsOf('acme'),
    documentsOf('globex'),
  ]);
  const shared = acme.filter((id) => globex.includes(id)).length;
  return [
    fact('Ada lists drives', counted(ada.drives, 'drive'), ada.drives > 0),
    fact(
      'Zoe lists drives, with the same function',
      counted(zoe.drives, 'drive'),
      zoe.drives === 0,
    ),
    fact('Ada opens the page “Launch plan”', ada.page ? 'the page' : 'not found', !!ada.page),
    fact('Zoe opens it by its id', zoe.page ? 'the page' : 'not found', !zoe.page),
    fact('Acme lists documents', counted(acme.length, 'document'), acme.length > 0),
    fact(
      'Globex lists documents, with the same statement',
      `${counted(globex.length, 'document')}, ${shared} of Acme’s`,
      shared === 0,
    ),
  ];
}

/** Two saves of one revision of a page. Its rows are rolled back. */
export async function seeConflict(person: string): Promise<Fact[]> {
  const bench = openDbBench(databaseUrl('pagespace'), createRecorder());
  try {
    return await bench.undo(async (tx) => {
      const drive = await createDrive(tx, { ownerId: person, name: 'A drive of the guide' });
      const page = await createPage(tx, {
        userId: person,
        page: { driveId: drive.id, parentId: null, title: 'Written by two', type: 'DOCUMENT' },
      });
      const save = (content: string) =>
        updatePage(tx, {
          userId: person,
          pageId: page.id,
          revision: page.revision,
          changes: { content },
        });
      const first = await save('The first window’s words');
      const second = await save('The second window’s words').catch((error: unknown) => error);
      const stored = await getPage(tx, { userId: person, pageId: page.id });
      return [
        fact('Both windows opened', `revision ${page.revision}`, true),
        fact('The first window saves', `revision ${first.revision}`, first.revision === 1),
        fact(
          'The second window saves its older revision',
          second instanceof Error ? `refused: ${second.message}` : 'stored',
          codeOf(second) === 'CONFLICT',
        ),
        fact(
          'Stored now',
          `“${stored?.content ?? ''}”`,
          stored?.content === 'The first window’s words',
        ),
      ];
    });
  } finally {
    await bench.close();
  }
}

const rehearsed = z.object({
  problems: z.array(z.object({ where: z.string(), message: z.string() })),
  reversed: z.number(),
  irreversible: z.number(),
  ms: z.number(),
});

/** Every migration of the tasks package, there and back, in a database that is gone afterwards. */
export async function seeMigration(): Promise<Fact[]> {
  const answer = await runTool('rehearse-migrations', {
    TASKS_DATABASE_URL: databaseUrl('tasks'),
  });
  const { problems, reversed, irreversible, ms } = rehearsed.parse(answer);
  return [
    fact(
      'Applied to an empty database, taken back, applied again',
      `${counted(reversed, 'migration')} in ${ms} ms`,
      reversed > 0,
    ),
    fact('Without a down migration', counted(irreversible, 'migration'), irreversible === 0),
    fact(
      'Differences between before and after',
      problems.map(({ where, message }) => `${where} ${message}`).join('; ') || 'none',
      problems.length === 0,
    ),
  ];
}

const audited = z.object({
  before: z.array(z.object({ rule: z.string(), message: z.string() })),
  after: z.array(z.object({ rule: z.string() })),
});

/** A table as somebody might add it, before and after the index that it lacks. */
export async function seeFinding(): Promise<Fact[]> {
  const { before, after } = audited.parse(
    await runTool('audit-change', { TASKS_DATABASE_URL: databaseUrl('tasks') }),
  );
  const isMissing = ({ rule }: { rule: string }) => rule === 'foreign-key-index';
  const finding = before.find(isMissing);
  return [
    fact(
      'The audit of the new table',
      finding ? `${finding.rule}: ${finding.message}` : 'found nothing',
      finding !== undefined,
    ),
    fact(
      'After “create index”',
      after.some(isMissing) ? 'found it still' : 'the finding is gone',
      !after.some(isMissing),
    ),
  ];
}
