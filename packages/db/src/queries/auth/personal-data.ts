import { createId } from '@paralleldrive/cuid2';
import { ConflictError, transaction } from '@reference/kit';
import { appendEvents } from '@reference/kit/outbox';
import { erasePerson, exportPerson, type PersonalRows } from '@reference/kit/personal-data';
import type { PersonalPlan } from '@reference/kit/personal-plan';
import { and, eq, exists, inArray, isNull, ne, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Db } from '../../database.ts';
import { driveInvitations, driveMembers, drives, users } from '../../schema/index.ts';
import { forgetInAuditTrail, redactInAuditTrail } from '../audit/retention.ts';
import { listActivity } from '../monitoring/read.ts';
import { noSuchUser } from './issued.ts';

const ofDrive = { through: ['drives'] } as const;
const ofPage = { through: ['pages'] } as const;
const ofUser = { columns: { userId: 'delete' } } as const;
const token = { ...ofUser, secret: ['tokenHash'] } as const;

/** This database's data about a person. `test/auth/personal-data.test.ts` holds it against the catalog. */
export const personalPlan: PersonalPlan = {
  root: { table: 'users', key: 'id', secret: ['password'] },
  tables: {
    sessions: token,
    refresh_tokens: token,
    device_tokens: token,
    verification_tokens: token,
    mcp_tokens: token,
    user_profiles: ofUser,
    user_ai_settings: ofUser,
    user_provider_settings: { ...ofUser, secret: ['encryptedApiKey'] },
    notification_preferences: ofUser,
    email_notification_logs: { ...ofUser, emails: ['recipient'] },
    // Notifications to others contain the person's name.
    notifications: {
      columns: { userId: 'delete', triggeredByUserId: 'delete' },
      through: ['pages', 'drives'],
    },
    favorites: { ...ofUser, through: ['pages', 'drives'] },
    connections: {
      columns: { user1Id: 'delete', user2Id: 'delete', requestedBy: 'delete', blockedBy: 'unlink' },
    },
    direct_conversations: { columns: { user1Id: 'delete', user2Id: 'delete' } },
    direct_messages: { columns: { senderId: 'delete' }, through: ['direct_conversations'] },
    drives: { columns: { ownerId: 'delete' } },
    drive_roles: ofDrive,
    drive_members: { columns: { userId: 'delete', invitedBy: 'unlink' }, ...ofDrive },
    drive_invitations: {
      columns: { invitedBy: 'delete' },
      emails: ['email'],
      secret: ['tokenHash'],
      ...ofDrive,
    },
    tags: ofDrive,
    pages: { ...ofDrive, secret: ['searchVector'] },
    page_tags: { through: ['pages', 'tags'] },
    page_views: { ...ofUser, ...ofPage },
    page_versions: { columns: { replacedBy: 'unlink' }, ...ofPage },
    page_permissions: {
      columns: { userId: 'delete', grantedBy: { keep: { forget: ['note'] } } },
      ...ofPage,
    },
    share_links: { columns: { createdBy: 'delete' }, secret: ['tokenHash'], ...ofPage },
    page_comments: { columns: { authorId: 'delete' }, ...ofPage },
    mentions: { columns: { targetUserId: 'delete' }, ...ofPage },
    chat_messages: { ...ofUser, ...ofPage },
    conversations: { ...ofUser, through: ['pages', 'drives'] },
    messages: { ...ofUser, through: ['conversations'] },
    channel_messages: { ...ofUser, ...ofPage },
    channel_message_reactions: { ...ofUser, through: ['channel_messages'] },
    channel_read_status: { ...ofUser, ...ofPage },
    // A file may be on other people's pages, so its row stays and names nobody.
    files: { columns: { createdBy: 'unlink' } },
    file_pages: { columns: { uploadedBy: 'unlink' }, ...ofPage },
    storage_events: ofUser,
    // Usage and payments are kept for accounting.
    ai_usage_logs: {
      columns: { userId: { keep: { forget: ['error', 'metadata'], stays: ['model'] } } },
    },
    subscriptions: { columns: { userId: { keep: { forget: ['stripeSubscriptionId'] } } } },
    // The operator's logs, because a failed request may hold anything that the person sent.
    error_logs: ofUser,
    api_metrics: { columns: { userId: { keep: { stays: ['method', 'route'] } } } },
    system_logs: { mentions: ['message', 'context'] },
    billing_events: { mentions: ['payload'] },
    outbox_events: { mentions: ['key', 'payload'] },
    dead_events: { mentions: ['key', 'payload'] },
    idempotency_keys: { mentions: ['scope', 'answer'] },
    // The only row that leads from the person to their pseudonym in the audit trail.
    audit_pseudonyms: ofUser,
  },
  harmless: ['audit_entries.actorId', 'audit_entries.targetUserId'],
};

/**
 * Exports everything that this database holds of a person, table by table, without secrets. Later
 * statements read the audit trail; the rest is from one snapshot.
 *
 * @param params.write takes up to 500 rows at a time, such as into a file
 * @throws NotFoundError when there is no such user
 */
export async function exportUser(
  db: Db,
  params: { userId: string; write: (rows: PersonalRows) => Promise<void> },
): Promise<void> {
  const { userId: id, write } = params;
  await exportPerson(db, personalPlan, { id, email: await addressOf(db, id) }, write);
  for (const subject of ['actorId', 'targetUserId'] as const) {
    for (let after: string | null | undefined; after !== null; ) {
      const page = await listActivity(db, { subject, id, limit: 200, ...(after && { after }) });
      const rows = page.items.map((item) => ({ ...item }));
      if (rows.length > 0) await write({ table: 'activity_logs', rows });
      after = page.nextCursor ?? null;
    }
  }
}

/** The topic of the event that `closeAccount` writes. */
export const accountClosed = 'account.closed';
/** The payload of that event. */
export const accountClosedSchema = z.object({ userId: z.string(), email: z.string() });

/**
 * Closes an account, in one transaction. It ends every session and token, removes every means of
 * signing in, withdraws the invitations to the person's drives, and writes the event
 * `account.closed`. The event's handler erases the person in every database, in this one last.
 *
 * @throws NotFoundError when there is no such user
 * @throws ConflictError while the user owns a drive that has other members
 */
export async function closeAccount(db: Db, { userId }: { userId: string }): Promise<void> {
  await transaction(db, async (tx) => {
    // Locked, so that nobody joins after the check that nobody has.
    await tx.execute(
      sql`select count(*) from (select from ${drives} where ${drives.ownerId} = ${userId} order by ${drives.id} for no key update) owned`,
    );
    const [user] = await tx
      .update(users)
      .set({ tokenVersion: sql`${users.tokenVersion} + 1`, password: null, googleId: null })
      .where(eq(users.id, userId))
      .returning({ email: users.email });
    if (!user) throw noSuchUser();
    await refuseSharedDrives(tx, userId);
    // A member who joined now would prevent the erasure.
    await tx
      .update(driveInvitations)
      .set({ revokedAt: sql`now()` })
      .where(
        and(
          inArray(
            driveInvitations.driveId,
            tx.select({ id: drives.id }).from(drives).where(eq(drives.ownerId, userId)),
          ),
          isNull(driveInvitations.acceptedAt),
          isNull(driveInvitations.revokedAt),
        ),
      );
    const payload: z.input<typeof accountClosedSchema> = { userId, email: user.email };
    await appendEvents(tx, {
      events: [{ key: `account ${userId}`, topic: accountClosed, payload }],
    });
  });
}

/**
 * Erases a person. It deletes their content; rows that must be kept (usage, subscriptions, the
 * audit trail) stay under a pseudonym that leads to nobody.
 *
 * @returns how many rows were kept under the pseudonym, and the pseudonym
 * @throws NotFoundError when there is no such user
 * @throws ConflictError while the user owns a drive that has other members: transfer or empty it first
 */
export async function eraseUser(
  db: Db,
  { userId }: { userId: string },
): Promise<{ kept: number; pseudonym: string }> {
  // Redacts a long trail in batches first, so that the transaction below is short.
  await refuseSharedDrives(db, userId);
  await redactInAuditTrail(db, { userId });
  return transaction(db, async (tx) => {
    // Locked, so that nothing new refers to them until they are gone.
    await tx.select({ id: users.id }).from(users).where(eq(users.id, userId)).for('update');
    const email = await addressOf(tx, userId);
    await refuseSharedDrives(tx, userId);
    await forgetInAuditTrail(tx, { userId });
    const pseudonym = createId();
    // An empty row, for the foreign keys of kept rows; nobody can sign in with it.
    await tx
      .insert(users)
      .values({ id: pseudonym, email: `${pseudonym}@erased.invalid`, tokenVersion: 1 });
    const { kept } = await erasePerson(tx, personalPlan, {
      person: { id: userId, email },
      pseudonym,
    });
    return { kept, pseudonym };
  });
}

async function addressOf(db: Db, id: string): Promise<string> {
  const [user] = await db
    .select({ email: users.email })
    .from(users)
    .where(eq(users.id, id))
    .limit(1);
  if (!user) throw noSuchUser();
  return user.email;
}

async function refuseSharedDrives(db: Db, userId: string): Promise<void> {
  const others = db
    .select({ one: sql`1` })
    .from(driveMembers)
    .where(and(eq(driveMembers.driveId, drives.id), ne(driveMembers.userId, userId)));
  const shared = await db
    .select({ id: drives.id })
    .from(drives)
    .where(and(eq(drives.ownerId, userId), exists(others)))
    .limit(1);
  if (shared.length > 0) {
    throw new ConflictError(
      'This user owns a drive that has other members. Transfer it, or remove them, first.',
    );
  }
}
