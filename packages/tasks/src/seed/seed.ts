import { type Keyring, transaction } from '@reference/kit';
import { sql } from 'drizzle-orm';
import type { PgTable } from 'drizzle-orm/pg-core';
import type { Db } from '../database.ts';
import { maskSecret, sealedPlace } from '../queries/secrets.ts';
import * as schema from '../schema/index.ts';
import { at, people, workOf } from './rows.ts';

/** The rows that seeding added, by table; an existing row is neither counted nor changed. */
export type SeedSummary = Record<string, number>;

/**
 * Fills a migrated database with two people and their tasks in every status, with messages, logs,
 * tags, keys, connectors and settings. The rows are the same every time, except for the
 * ciphertexts; a second run adds missing rows and changes none. All or none.
 *
 * @param keyring seals the made-up tokens and keys
 */
export async function seedTasks(
  db: Db,
  { keyring }: { readonly keyring: Keyring },
): Promise<SeedSummary> {
  return transaction(db, async (tx) => {
    const summary: SeedSummary = {};
    const add = async <T extends PgTable>(name: string, table: T, rows: T['$inferInsert'][]) => {
      const added = await tx
        .insert(table)
        .values(rows)
        .onConflictDoNothing()
        .returning({ one: sql`1` });
      summary[name] = (summary[name] ?? 0) + added.length;
    };
    const times = { createdAt: at(20_000), updatedAt: at(20_000) };
    for (const person of people) {
      const { id, name, username } = person;
      const seal = (place: Parameters<typeof sealedPlace>[0], plain: string) =>
        keyring.seal(plain, sealedPlace(place));
      const owner = { userId: id };
      await add('users', schema.users, [
        {
          id,
          provider: 'github',
          externalId: id,
          accessToken: await seal(
            { table: 'users', column: 'access_token', rowId: id, ...owner },
            `gho_${id}-made-up-token`,
          ),
          username,
          name,
          email: `${username}@example.com`,
          lastLoginAt: at(0),
          ...times,
        },
      ]);
      const accountId = `${id}-vercel`;
      await add('accounts', schema.accounts, [
        {
          id: accountId,
          ...owner,
          provider: 'vercel',
          externalUserId: accountId,
          accessToken: await seal(
            { table: 'accounts', column: 'access_token', rowId: accountId, ...owner },
            `vcl_${id}-made-up-token`,
          ),
          username,
          ...times,
        },
      ]);
      for (const provider of ['anthropic', 'openai'] as const) {
        const keyId = `${id}-${provider}`;
        const value = `sk-made-up-key-of-${username}-for-${provider}`;
        await add('keys', schema.keys, [
          {
            id: keyId,
            ...owner,
            provider,
            value: await seal({ table: 'keys', column: 'value', rowId: keyId, ...owner }, value),
            valueHint: maskSecret(value),
            ...times,
          },
        ]);
      }
      const [remoteId, localId] = [`${id}-search`, `${id}-files`];
      const clientSecret = `ocs_made-up-client-secret-of-${username}`;
      await add('connectors', schema.connectors, [
        {
          id: remoteId,
          ...owner,
          name: 'Search',
          type: 'remote',
          baseUrl: 'https://mcp.example.com',
          oauthClientId: 'shop',
          oauthClientSecret: await seal(
            { table: 'connectors', column: 'oauth_client_secret', rowId: remoteId, ...owner },
            clientSecret,
          ),
          oauthClientSecretHint: maskSecret(clientSecret),
          status: 'connected',
          ...times,
        },
        {
          id: localId,
          ...owner,
          name: 'Files',
          type: 'local',
          command: 'npx server-filesystem /workspace',
          env: await seal(
            { table: 'connectors', column: 'env', rowId: localId, ...owner },
            JSON.stringify({ LOG_LEVEL: 'warn' }),
          ),
          envNames: ['LOG_LEVEL'],
          ...times,
        },
      ]);
      await add('settings', schema.settings, [
        { id: `${id}-limit`, ...owner, key: 'maxMessagesPerDay', value: '200', ...times },
      ]);
      await add('preferences', schema.preferences, [
        { id: `${id}-theme`, ...owner, key: 'theme', value: 'dark', ...times },
      ]);
      await add('daily_usage', schema.dailyUsage, [
        { ...owner, day: '2026-01-31', messages: person.tasks, ...times },
      ]);
      const { tags, tasks, messages, logs, taskTags } = workOf(person);
      await add('tags', schema.tags, tags);
      await add('tasks', schema.tasks, tasks);
      await add('task_messages', schema.taskMessages, messages);
      await add('task_logs', schema.taskLogs, logs);
      await add('task_tags', schema.taskTags, taskTags);
    }
    return summary;
  });
}
