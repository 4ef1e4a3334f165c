import type { Db } from '../src/database.ts';
import { onlyRow } from '../src/queries/rows.ts';
import {
  driveMembers,
  drives,
  type MemberRole,
  type PageType,
  pages,
  users,
} from '../src/schema/index.ts';

let counter = 0;

/** Adds a user without a password, under an address of their own. */
export async function addUser(db: Db, email = `person${++counter}@example.com`): Promise<string> {
  const rows = await db.insert(users).values({ email }).returning({ id: users.id });
  return onlyRow(rows).id;
}

/** Adds users whose ids a test wants to name; those who are there stay. */
export async function addUsersById(db: Db, ...ids: readonly string[]): Promise<void> {
  const rows = ids.map((id) => ({ id, email: `${id.replaceAll(' ', '-')}@example.com` }));
  await db.insert(users).values(rows).onConflictDoNothing();
}

/** Adds a drive without a page; its owner is its only member. */
export async function addDrive(db: Db, ownerId: string): Promise<string> {
  const slug = `drive-${++counter}`;
  const rows = await db
    .insert(drives)
    .values({ name: slug, slug, ownerId })
    .returning({ id: drives.id });
  const { id } = onlyRow(rows);
  await addMember(db, id, ownerId, 'OWNER');
  return id;
}

export async function addMember(
  db: Db,
  driveId: string,
  userId: string,
  role: MemberRole,
): Promise<void> {
  await db.insert(driveMembers).values({ driveId, userId, role });
}

/** Adds a page at the root of a drive. */
export async function addPage(
  db: Db,
  driveId: string,
  type: PageType = 'DOCUMENT',
): Promise<string> {
  const rows = await db
    .insert(pages)
    .values({ driveId, title: `Page ${++counter}`, type, position: counter })
    .returning({ id: pages.id });
  return onlyRow(rows).id;
}
