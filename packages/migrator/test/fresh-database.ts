import { createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import { Client } from 'pg';
import { afterAll, beforeAll, beforeEach } from 'vitest';

const EMPTY = `
  do $$ declare name text; begin
    for name in select nspname from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema' loop
      execute format('drop schema %I cascade', name);
    end loop;
  end $$;
  create schema public;
  grant usage on schema public to public;`;

/** One database for a test file, emptied before each test. */
export const useEmptyDatabase = (): { readonly url: string } => {
  let database: TestDatabase | undefined;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  beforeEach(async () => {
    const client = new Client({ connectionString: database?.url });
    await client.connect();
    await client.query(EMPTY);
    await client.end();
  });
  afterAll(async () => {
    await database?.close();
  });
  return {
    get url() {
      return database?.url ?? '';
    },
  };
};
