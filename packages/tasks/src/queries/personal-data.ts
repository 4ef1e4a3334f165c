import { transaction } from '@reference/kit';
import { erasePerson, exportPerson, type PersonalRows } from '@reference/kit/personal-data';
import type { PersonalPlan } from '@reference/kit/personal-plan';
import type { Db } from '../database.ts';

const ofUser = { columns: { user_id: 'delete' } } as const;
const sealed = ['access_token', 'refresh_token'];

/** This database's data about a person. `test/personal-data.test.ts` holds it against the catalog. */
export const personalPlan: PersonalPlan = {
  root: { table: 'users', key: 'id', secret: sealed },
  tables: {
    accounts: { ...ofUser, secret: sealed },
    connectors: { ...ofUser, secret: ['env', 'oauth_client_secret'] },
    daily_usage: ofUser,
    keys: { ...ofUser, secret: ['value'] },
    preferences: ofUser,
    settings: ofUser,
    tags: ofUser,
    tasks: ofUser,
    task_logs: ofUser,
    task_messages: ofUser,
    task_tags: ofUser,
  },
  // Ids at the OAuth provider, in rows that have a rule.
  harmless: ['accounts.external_user_id'],
};

/**
 * Exports everything that this database holds of a person, table by table, from one snapshot,
 * without secrets.
 *
 * @param params.write takes up to 500 rows at a time
 * @throws NotFoundError when there is no such user
 */
export async function exportUser(
  db: Db,
  params: { userId: string; write: (rows: PersonalRows) => Promise<void> },
): Promise<void> {
  await exportPerson(db, personalPlan, { id: params.userId }, params.write);
}

/**
 * Erases a person and all of their rows; nothing has to be kept.
 *
 * @throws NotFoundError when there is no such user
 */
export async function eraseUser(db: Db, params: { userId: string }): Promise<void> {
  const person = { id: params.userId };
  await transaction(db, (tx) => erasePerson(tx, personalPlan, { person, pseudonym: '' }));
}
