import { ConflictError, mapConstraints, parseInput } from '@reference/kit';
import { and, eq, or, type SQL, sql } from 'drizzle-orm';
import type { z } from 'zod';
import type { Db } from '../../database.ts';
import {
  connections,
  insertUserProfileSchema,
  type UserProfile,
  userProfiles,
} from '../../schema/index.ts';
import { noSuchUser } from '../auth/issued.ts';
import { onlyRow } from '../rows.ts';
import { isPair } from './pair.ts';

const shown = {
  userId: userProfiles.userId,
  username: userProfiles.username,
  displayName: userProfiles.displayName,
  bio: userProfiles.bio,
  avatarUrl: userProfiles.avatarUrl,
  isPublic: userProfiles.isPublic,
};
/** A person's profile as other people see it. */
export type Profile = Pick<UserProfile, keyof typeof shown>;

const profileSchema = insertUserProfileSchema.pick({
  userId: true,
  username: true,
  displayName: true,
  bio: true,
  avatarUrl: true,
  isPublic: true,
});

/**
 * Creates or updates the user's own profile. Omitted fields stay unchanged.
 *
 * @throws InvalidInputError for a malformed username or address of an image
 * @throws ConflictError when the username is taken, whatever its case
 * @throws NotFoundError when there is no such user
 */
export async function upsertProfile(
  db: Db,
  params: z.input<typeof profileSchema>,
): Promise<Profile> {
  const { userId, ...fields } = parseInput(profileSchema, params);
  const rows = await mapConstraints(
    db
      .insert(userProfiles)
      .values({ userId, ...fields })
      .onConflictDoUpdate({ target: userProfiles.userId, set: fields })
      .returning(shown),
    {
      user_profiles_username_key: () =>
        new ConflictError('This username is taken. Choose another.'),
      user_profiles_userId_fkey: noSuchUser,
    },
  );
  return onlyRow(rows);
}

/**
 * Gets a profile that the viewer may see: their own, a public one, or a connected person's; never
 * if one of the two blocked the other.
 *
 * @param params.userId or `username`: the profile's owner
 * @returns undefined when there is none, or none that the viewer may see
 */
export async function getProfile(
  db: Db,
  params: { viewerId: string } & ({ userId: string } | { username: string }),
): Promise<Profile | undefined> {
  const { viewerId } = params;
  const which =
    'userId' in params
      ? eq(userProfiles.userId, params.userId)
      : sql`lower(${userProfiles.username}) = lower(${params.username})`;
  const standing = (status: SQL) =>
    sql`exists (select 1 from ${connections} where ${isPair(connections, viewerId, userProfiles.userId)} and ${connections.status} = ${status})`;
  const [profile] = await db
    .select(shown)
    .from(userProfiles)
    .where(
      and(
        which,
        or(
          eq(userProfiles.userId, viewerId),
          and(userProfiles.isPublic, sql`not ${standing(sql`'BLOCKED'`)}`),
          standing(sql`'ACCEPTED'`),
        ),
      ),
    )
    .limit(1);
  return profile;
}
