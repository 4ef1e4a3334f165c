import { getDriveTree, listDrives } from '@pagespace/db';
import { pagespace } from '@/server/databases.ts';
import { answer } from '@/server/route.ts';
import type { TreeAnswer } from '@/workspace/tree/tree-answer.ts';

/**
 * The tree beside the pages of a drive. A request of its own, so that going from page to page does
 * not read it again, and that a long one does not hold up the page.
 */
export const GET = (_: Request, { params }: { params: Promise<{ driveId: string }> }) =>
  answer(async ({ userId }): Promise<TreeAnswer> => {
    const { driveId } = await params;
    const [drives, roots] = await Promise.all([
      listDrives(pagespace(), { userId }),
      getDriveTree(pagespace(), { userId, driveId }),
    ]);
    return { drives: drives.items.map(({ id, name }) => ({ id, name })), roots };
  });
