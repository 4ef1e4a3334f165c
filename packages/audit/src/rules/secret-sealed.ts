import type { Column, Table } from '../model/model.ts';
import { literally } from '../model/pattern.ts';
import { at, defineRule, matches } from './rule.ts';
import { looksSecret } from './secret-names.ts';

const guarded = (table: Table, { name }: Column): boolean =>
  table.checks.some(
    ({ text }) =>
      new RegExp(`\\b${literally(name)}\\b`).test(text) &&
      /~|similar to|length\(|substr|like|left\(/i.test(text),
  );

export const secretSealed = defineRule({
  id: 'secret-sealed',
  group: 'secrets',
  severity: 'warning',
  needs: 'schema',
  title: 'A column for a secret accepts only its hash or its sealed form',
  why: 'A dump, a replica or one wrong log line reveals every plain token. A CHECK on the form makes the database reject a plain value from any writer.',
  source: 'OWASP Cryptographic Storage and Password Storage Cheat Sheets',
  perTable: true,
  options: {
    /** Columns that are not secret despite their names. */
    except: [] as string[],
    /** Further secret columns, as `table.column`. */
    secrets: [] as string[],
    /** True if a CHECK is required, false if a name (`passwordHash`) is enough. */
    checkHashes: false,
  },
  bad: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), password: text('password') });`,
    },
    {
      schema: `export const accounts = pgTable('accounts', { id: text('id').primaryKey(), refresh_token: text('refresh_token') });`,
    },
    {
      schema: `export const keys = pgTable('keys', { id: text('id').primaryKey(), value: text('value') });`,
      options: { secrets: ['keys.value'] },
    },
    {
      schema: `export const sessions = pgTable('sessions', { id: text('id').primaryKey(), tokenHash: text('token_hash') });`,
      options: { checkHashes: true },
    },
  ],
  good: [
    {
      schema: `export const users = pgTable('users', { id: text('id').primaryKey(), passwordHash: text('password_hash'), tokenCount: integer('token_count'), tokenType: text('token_type') });`,
    },
    {
      schema: `export const accounts = pgTable('accounts', { id: text('id').primaryKey(), accessToken: text('access_token') }, (t) => [check('c', sql\`\${t.accessToken} ~ '^eyJ'\`)]);`,
    },
  ],
  *check({ model }, { except, secrets, checkHashes }) {
    for (const table of model.tables)
      for (const column of table.columns) {
        const object = at(table, column);
        if (matches(except, object) || guarded(table, column)) continue;
        const hash =
          checkHashes &&
          /hash$/i.test(column.name) &&
          /token|password|secret|key/i.test(column.name);
        if (!looksSecret(column) && !matches(secrets, object) && !hash) continue;
        yield {
          object,
          message: hash
            ? 'takes any text where it should hold a hash'
            : 'looks like a secret and takes any text',
          location: column.location,
          fix: {
            language: 'ts',
            code: `// store a hash (what is only recognised) or a sealed value (what is read again), and\ncheck('${table.name}_${column.name}_check', sql\`\${t.${column.key}} ~ '^[0-9a-f]{64}$'\`)`,
          },
        };
      }
  },
});
