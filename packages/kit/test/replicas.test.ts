import { capabilities, createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { unionAll } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type Client,
  createClient,
  type Database,
  InvalidInputError,
  type Placeholders,
  prepared,
  readFrom,
  transaction,
  walPosition,
} from '../src/index.ts';
import { createTables, people, schema } from './schema.ts';

type Db = Database<typeof schema>;

const emailOf = prepared((db: Db, p: Placeholders<{ id: number }>) =>
  db.select({ email: people.email }).from(people).where(eq(people.id, p.id)),
);
const emailsOfBoth = prepared((db: Db, p: Placeholders<{ id: number; other: number }>) => {
  const one = (id: typeof p.id | typeof p.other) =>
    db.select({ email: people.email }).from(people).where(eq(people.id, id));
  return unionAll(one(p.id), one(p.other));
});
const emailsAmong = prepared((db: Db, p: Placeholders<{ id: number }>) => {
  const found = db
    .$with('found')
    .as(db.select({ email: people.email }).from(people).where(eq(people.id, p.id)));
  return db.with(found).select({ email: found.email }).from(found);
});
const renamedAmong = prepared((db: Db, p: Placeholders<{ id: number; email: string }>) => {
  const changed = db.$with('changed').as(
    db
      .update(people)
      .set({ email: p.email as never })
      .where(eq(people.id, p.id))
      .returning({ email: people.email }),
  );
  return db.with(changed).select({ email: changed.email }).from(changed);
});
const renamed = prepared((db: Db, p: Placeholders<{ id: number; email: string }>) =>
  db
    .update(people)
    .set({ email: p.email as never })
    .where(eq(people.id, p.id))
    .returning({ email: people.email }),
);

// Two databases that don't replicate: which one answered shows in the answer.
describe.skipIf(!capabilities.concurrency)('with a read replica', () => {
  let primary: TestDatabase;
  let replica: TestDatabase;
  let client: Client<typeof schema>;
  beforeAll(async () => {
    [primary, replica] = await Promise.all([createTestDatabase(), createTestDatabase()]);
    for (const [url, email] of [
      [primary.url, 'primary'],
      [replica.url, 'replica'],
    ] as const) {
      const one = createClient({ url }, { schema });
      await one.sql.unsafe(createTables);
      await one.db.insert(people).values({ id: 1, email });
      await one.close();
    }
    client = createClient({ url: primary.url, replicas: [replica.url] }, { schema });
  });
  afterAll(async () => {
    await client.close();
    await Promise.all([primary.close(), replica.close()]);
  });

  it('selects, relational and hot queries read from it', async () => {
    const { db } = client;
    expect(await db.select({ email: people.email }).from(people)).toEqual([{ email: 'replica' }]);
    expect(await db.query.people.findFirst({ columns: { email: true } })).toEqual({
      email: 'replica',
    });
    expect(await emailOf(db, { id: 1 })).toEqual([{ email: 'replica' }]);
    expect(await emailsOfBoth(db, { id: 1, other: 2 })).toEqual([{ email: 'replica' }]);
    expect(await emailsAmong(db, { id: 1 })).toEqual([{ email: 'replica' }]);
  });

  it('writes and everything in a transaction go to the primary', async () => {
    const { db } = client;
    await transaction(db, async (tx) => {
      expect(await emailOf(tx, { id: 1 })).toEqual([{ email: 'primary' }]);
      expect(await tx.select({ email: people.email }).from(people)).toEqual([{ email: 'primary' }]);
    });
    await db.update(people).set({ balance: 1 }).where(eq(people.id, 1));
    expect(await renamed(db, { id: 1, email: 'primary' })).toEqual([{ email: 'primary' }]);
    expect(await renamedAmong(db, { id: 1, email: 'primary' })).toEqual([{ email: 'primary' }]);
    expect([...(await client.sql`select balance from people`)]).toEqual([{ balance: 1 }]);
  });

  describe('readFrom', () => {
    const origin = async (db: Db) => (await db.select({ email: people.email }).from(people))[0];

    it('gives a replica to whoever wrote nothing, and the primary while no replica has caught up', async () => {
      expect(await origin(await readFrom(client.db))).toEqual({ email: 'replica' });
      // This second database replays no log, so it never has a position.
      const after = await walPosition(client.db);
      expect(await origin(await readFrom(client.db, { after }))).toEqual({ email: 'primary' });
    });

    it('passes over a replica that does not answer', async () => {
      const gone = createClient(
        { url: primary.url, replicas: ['postgres://x:x@127.0.0.1:1/x'] },
        { schema },
      );
      const after = await walPosition(gone.db);
      expect(await origin(await readFrom(gone.db, { after }))).toEqual({ email: 'primary' });
      await gone.close();
    });

    it('gives a handle without replicas back, and refuses what is no position', async () => {
      const alone = createClient({ url: primary.url }, { schema });
      expect(await readFrom(alone.db, { after: '0/0' })).toBe(alone.db);
      await alone.close();
      await expect(readFrom(client.db, { after: "0/0'" })).rejects.toBeInstanceOf(
        InvalidInputError,
      );
    });
  });
});
