import { hashToken } from '@reference/kit';
import type { NewDrive, NewDriveInvitation, NewDriveMember, NewUser } from '../schema/index.ts';
import { after, seedId, seedPasswordHash } from './fixed.ts';

const names = [
  'Ada Lovelace',
  'Ben Okafor',
  'Chloé Martin',
  'Dmitri Ivanov',
  'Emi Tanaka',
  'Zoe Stranger',
];

/** `ada`, `ben`, … as their addresses begin. */
export const people = ['ada', 'ben', 'chloe', 'dmitri', 'emi', 'zoe'] as const;
export type Person = (typeof people)[number];
export const userId = (person: Person) => seedId(`user ${person}`);

/** Ada administers the whole workspace; Zoe is a member of no drive. */
export const users: NewUser[] = people.map((person, n) => ({
  id: userId(person),
  email: `${person}@example.com`,
  password: seedPasswordHash,
  role: person === 'ada' ? 'ADMIN' : 'USER',
  displayName: names[n] ?? person,
  emailVerifiedAt: after(0, n),
  createdAt: after(0, n),
  updatedAt: after(0, n),
}));

export type DriveName = 'product' | 'handbook' | 'notes';
export const driveId = (drive: DriveName) => seedId(`drive ${drive}`);

const drive = (slug: DriveName, name: string, owner: Person, day: number): NewDrive => ({
  id: driveId(slug),
  name,
  slug,
  ownerId: userId(owner),
  createdAt: after(day),
  updatedAt: after(day),
});
export const drives: NewDrive[] = [
  drive('product', 'Product', 'ada', 1),
  drive('handbook', 'Handbook', 'ben', 2),
  drive('notes', 'Ada’s notes', 'ada', 3),
];

const member = (
  of: DriveName,
  person: Person,
  role: NewDriveMember['role'],
  day: number,
): NewDriveMember => ({
  id: seedId(`member ${of} ${person}`),
  driveId: driveId(of),
  userId: userId(person),
  role,
  invitedBy: role === 'OWNER' ? null : userId(of === 'handbook' ? 'ben' : 'ada'),
  joinedAt: after(day),
});
export const members: NewDriveMember[] = [
  member('product', 'ada', 'OWNER', 1),
  member('product', 'ben', 'ADMIN', 4),
  member('product', 'chloe', 'MEMBER', 5),
  member('product', 'dmitri', 'MEMBER', 6),
  member('handbook', 'ben', 'OWNER', 2),
  member('handbook', 'ada', 'MEMBER', 7),
  member('notes', 'ada', 'OWNER', 3),
];

/** One in each state; the plain token of each is `seed-invitation-<state>`. */
const invitation = (
  state: string,
  email: string,
  more: Partial<NewDriveInvitation>,
): NewDriveInvitation => ({
  id: seedId(`invitation ${state}`),
  driveId: driveId('product'),
  email,
  role: 'MEMBER',
  tokenHash: hashToken(`seed-invitation-${state}`),
  invitedBy: userId('ada'),
  createdAt: after(4),
  expiresAt: new Date(Date.UTC(2100, 0, 1)),
  ...more,
});
export const invitations: NewDriveInvitation[] = [
  invitation('pending', 'emi@example.com', { role: 'ADMIN' }),
  invitation('accepted', 'chloe@example.com', { acceptedAt: after(5) }),
  invitation('revoked', 'fay@example.com', { revokedAt: after(6) }),
  invitation('expired', 'gus@example.com', { expiresAt: after(11) }),
];
