import { addDrive, addMember, addUser } from '../people.ts';
import type { Workspace } from '../workspace.ts';

/** A drive with its owner and a member without any grant, and a person without any part in it. */
export async function makeScene({ db }: Workspace) {
  const [owner, member, stranger] = [await addUser(db), await addUser(db), await addUser(db)];
  const driveId = await addDrive(db, owner);
  await addMember(db, driveId, member, 'MEMBER');
  return { db, owner, member, stranger, driveId };
}
