import { createKeyring } from '@reference/kit';
import { listAccounts } from './accounts.ts';
import { listConnectors } from './connectors.ts';
import { getDailyUsage } from './daily-usage.ts';
import { type HotQuery, scanOrSort } from './hot-query.ts';
import { getKeyRetirement } from './key-rotation.ts';
import { getKey, listKeys } from './keys.ts';
import { getPreferences } from './preferences.ts';
import { getSettings } from './settings.ts';
import { listTags } from './tags.ts';
import { getUser, upsertUser } from './users.ts';

// Seals nothing that is kept, because the database of the plan test is dropped.
const keyring = createKeyring({ current: 'plans', keys: { plans: new Uint8Array(32) } });

/** The queries about users, their accounts and settings. */
export const accountPlans: readonly HotQuery[] = [
  {
    name: 'upsertUser',
    run: (db) =>
      upsertUser(db, {
        keyring,
        provider: 'github',
        externalId: 'new',
        accessToken: 'a',
        username: 'a',
      }),
    forbidden: scanOrSort,
    statements: 4,
    indexes: ['users_provider_external_id_key', 'accounts_provider_external_user_id_key'],
  },
  {
    name: 'getUser',
    run: (db, sample) => getUser(db, sample),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['users_pkey'],
  },
  {
    name: 'listAccounts',
    run: (db, sample) => listAccounts(db, sample),
    // Sorts at most one row a provider.
    forbidden: ['Seq Scan'],
    statements: 1,
    indexes: ['accounts_user_id_provider_key'],
  },
  {
    name: 'getKey',
    run: (db, { userId }) => getKey(db, { userId, keyring, provider: 'cursor' }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['keys_user_id_provider_key'],
  },
  {
    name: 'listKeys',
    run: (db, sample) => listKeys(db, sample),
    // Sorts at most one row a provider.
    forbidden: ['Seq Scan'],
    statements: 1,
    indexes: ['keys_user_id_provider_key'],
  },
  {
    name: 'listConnectors',
    run: (db, { userId }) => listConnectors(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['connectors_user_id_name_id_idx'],
  },
  {
    name: 'listTags',
    run: (db, { userId }) => listTags(db, { userId }),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['tags_user_id_name_key'],
  },
  {
    name: 'getSettings',
    run: (db, sample) => getSettings(db, sample),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['settings_user_id_key_key'],
  },
  {
    name: 'getPreferences',
    run: (db, sample) => getPreferences(db, sample),
    forbidden: scanOrSort,
    statements: 1,
    indexes: ['preferences_user_id_key_key'],
  },
  {
    name: 'getDailyUsage',
    run: (db, sample) => getDailyUsage(db, sample),
    forbidden: scanOrSort,
    statements: 2,
    indexes: ['daily_usage_pkey'],
  },
  {
    name: 'getKeyRetirement',
    run: (db) => getKeyRetirement(db, { keyId: 'retired' }),
    forbidden: scanOrSort,
    statements: 7,
    indexes: ['keys_value_key_idx', 'users_access_token_key_idx', 'connectors_env_key_idx'],
  },
];
