import {
  type Db,
  getDriveTree,
  getPageAccess,
  listDrives,
  listPagesMentioning,
  searchPages,
} from '@pagespace/db';
import { driveId, pageId, people, userId } from '@pagespace/db/seed';
import pc from 'picocolors';
import { accessLine, drawTree, hitLines } from './drawing.ts';

const heading = (title: string, call: string) =>
  console.log(`\n${pc.bold(title)}  ${pc.dim(call)}`);

/** Prints what a few queries answer on the seeded workspace and the imported documents. */
export async function showTour(db: Db): Promise<void> {
  const ada = userId('ada');

  heading('A drive’s tree, one statement', 'getDriveTree(db, { userId: ada, driveId })');
  const tree = await getDriveTree(db, { userId: ada, driveId: driveId('product') });
  for (const line of drawTree(tree)) console.log(line);

  heading('Who may do what with “Launch plan”', 'getPageAccess(db, { userId, pageId })');
  const launchPlan = pageId('product', 'Launch plan');
  for (const person of people) {
    const access = await getPageAccess(db, { userId: userId(person), pageId: launchPlan });
    console.log(accessLine(person, access));
  }

  heading('What Dmitri sees of that drive', 'getDriveTree(db, { userId: dmitri, driveId })');
  const his = await getDriveTree(db, { userId: userId('dmitri'), driveId: driveId('product') });
  for (const line of drawTree(his)) console.log(line);

  for (const person of ['ada', 'zoe'] as const) {
    heading(
      `${person} searches for “migration”`,
      `searchPages(db, { userId: ${person}, words: 'migration' })`,
    );
    const found = await searchPages(db, { userId: userId(person), words: 'migration', limit: 3 });
    if (found.items.length === 0) console.log(pc.dim('  nothing: no part in any drive'));
    for (const hit of found.items) console.log(hitLines(hit));
  }

  await showBacklinks(db, ada);
}

async function showBacklinks(db: Db, ada: string): Promise<void> {
  const { items } = await listDrives(db, { userId: ada });
  const documents = items.find(({ slug }) => slug === 'project-documents');
  if (!documents) return;
  const roots = await getDriveTree(db, { userId: ada, driveId: documents.id });
  const target = roots.find(({ type }) => type === 'DOCUMENT');
  if (!target) return;
  heading(
    `This project’s documents that link to “${target.title}”`,
    'listPagesMentioning(db, { userId: ada, pageId })',
  );
  const { items: sources } = await listPagesMentioning(db, {
    userId: ada,
    pageId: target.id,
    limit: 5,
  });
  for (const { title } of sources) console.log(`  ← ${title}`);
}
