import { randomUUID } from 'node:crypto';
import { setTimeout } from 'node:timers/promises';
import { capabilities } from '@reference/local-postgres';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addDocument,
  appendMessage,
  createConversation,
  createUser,
  deleteConversation,
  deleteUser,
  getConversation,
  getUser,
  getUserByEmail,
  hashingEmbedder,
  listChunks,
  listConversations,
  listMessages,
  listUsers,
  type TenantTx,
  updateConversation,
  updateUser,
  withTenant,
} from '../../src/index.ts';
import { createTestTenancy, provision, type TestTenancy } from '../test-tenancy.ts';

let test: TestTenancy;
let acme: { id: string; owner: string };
let globex: { id: string; owner: string };
beforeAll(async () => {
  test = await createTestTenancy();
  const make = async (slug: string) => {
    const { tenant, owner } = await provision(test.tenancy, slug);
    return { id: tenant.id, owner: owner.id };
  };
  acme = await make('acme');
  globex = await make('globex');
});
afterAll(() => test?.close());

const as = <T>(tenant: { id: string }, work: (tx: TenantTx) => Promise<T>) =>
  withTenant(test.tenancy, tenant.id, work);

describe('users', () => {
  it('has one account for an address, kept in lower case, in a tenant, in whatever case, and one in another tenant', async () => {
    const user = await as(acme, (tx) => createUser(tx, { email: 'Ann@people.example' }));
    await expect(
      as(acme, (tx) => createUser(tx, { email: 'ann@PEOPLE.example' })),
    ).rejects.toMatchObject({ code: 'CONFLICT' });
    const other = await as(globex, (tx) => createUser(tx, { email: 'ann@people.example' }));
    expect(other.id).not.toBe(user.id);
    expect(await as(acme, (tx) => getUserByEmail(tx, { email: 'ANN@people.example' }))).toEqual(
      user,
    );
    await expect(
      test.admin`insert into users (tenant_id, email) values (${acme.id}, 'Bob@people.example')`,
    ).rejects.toMatchObject({ constraint_name: 'users_email_lower_case' });
  });

  it('pages through all users once, in order', async () => {
    await as(acme, async (tx) => {
      for (let index = 0; index < 25; index++) {
        await createUser(tx, { email: `page${index}@people.example` });
      }
    });
    const all = await as(acme, (tx) => listUsers(tx, { limit: 200 }));
    const paged: string[] = [];
    let after: string | null = null;
    do {
      const page = await as(acme, (tx) => listUsers(tx, { limit: 7, after }));
      paged.push(...page.items.map(({ id }) => id));
      after = page.nextCursor;
    } while (after);
    expect(paged).toEqual(all.items.map(({ id }) => id));
  });

  it('gives a cursor of another tenant no row of that tenant', async () => {
    const first = await as(acme, (tx) => listUsers(tx, { limit: 1 }));
    const page = await as(globex, (tx) => listUsers(tx, { after: first.nextCursor }));
    expect(page.items.every(({ tenantId }) => tenantId === globex.id)).toBe(true);
    await expect(as(globex, (tx) => listUsers(tx, { after: 'damaged' }))).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    });
  });

  it('neither finds, changes nor deletes a user of another tenant', async () => {
    const userId = acme.owner;
    expect(await as(globex, (tx) => getUser(tx, { userId }))).toBeUndefined();
    const attempts: ((tx: TenantTx) => Promise<unknown>)[] = [
      (tx) => updateUser(tx, { userId, name: 'stolen' }),
      (tx) => deleteUser(tx, { userId }),
    ];
    for (const work of attempts) {
      await expect(as(globex, work)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    expect(await as(acme, (tx) => getUser(tx, { userId }))).toMatchObject({ name: null });
    expect(await as(acme, (tx) => getUser(tx, { userId: 'no uuid' }))).toBeUndefined();
  });

  it('changes and deletes a user with the conversations', async () => {
    const user = await as(acme, (tx) => createUser(tx, { email: 'leaver@people.example' }));
    const changed = await as(acme, (tx) => updateUser(tx, { userId: user.id, role: 'admin' }));
    expect(changed).toMatchObject({ role: 'admin', email: user.email });
    const talk = await as(acme, (tx) => createConversation(tx, { userId: user.id }));
    await as(acme, (tx) => deleteUser(tx, { userId: user.id }));
    expect(
      await as(acme, (tx) => getConversation(tx, { conversationId: talk.id })),
    ).toBeUndefined();
  });
});

describe('conversations', () => {
  it('belongs to a user of the same tenant', async () => {
    await expect(
      as(globex, (tx) => createConversation(tx, { userId: acme.owner })),
    ).rejects.toMatchObject({ code: 'NOT_FOUND' });
  });

  it('lists a user’s, the latest written first', async () => {
    const made: string[] = [];
    for (let index = 0; index < 5; index++) {
      const { id } = await as(acme, (tx) =>
        createConversation(tx, { userId: acme.owner, title: `Talk ${index}` }),
      );
      made.push(id);
      // Times have milliseconds.
      await setTimeout(2);
    }
    const [first = ''] = made;
    await as(acme, (tx) =>
      appendMessage(tx, { conversationId: first, role: 'user', content: 'again' }),
    );
    const ids: string[] = [];
    let after: string | null = null;
    do {
      const page = await as(acme, (tx) =>
        listConversations(tx, { userId: acme.owner, limit: 2, after }),
      );
      ids.push(...page.items.map(({ id }) => id));
      after = page.nextCursor;
    } while (after);
    expect(ids).toEqual([first, ...made.slice(1).reverse()]);
    const others = await as(globex, (tx) => listConversations(tx, { userId: acme.owner }));
    expect(others.items).toEqual([]);
  });

  it('is found by its id', async () => {
    const [one, other] = await as(acme, async (tx) => [
      await createConversation(tx, { userId: acme.owner, title: 'One' }),
      await createConversation(tx, { userId: acme.owner, title: 'Other' }),
    ]);
    for (const made of [one, other]) {
      const conversationId = made?.id ?? '';
      expect(await as(acme, (tx) => getConversation(tx, { conversationId }))).toEqual(made);
    }
  });

  it('is neither found, changed nor deleted by another tenant', async () => {
    const { id } = await as(acme, (tx) => createConversation(tx, { userId: acme.owner }));
    const conversationId = id;
    expect(await as(globex, (tx) => getConversation(tx, { conversationId }))).toBeUndefined();
    const attempts: ((tx: TenantTx) => Promise<unknown>)[] = [
      (tx) => updateConversation(tx, { conversationId, title: 'stolen' }),
      (tx) => deleteConversation(tx, { conversationId }),
      (tx) => appendMessage(tx, { conversationId, role: 'user', content: 'intruder' }),
    ];
    for (const work of attempts) {
      await expect(as(globex, work)).rejects.toMatchObject({ code: 'NOT_FOUND' });
    }
    await as(acme, (tx) => updateConversation(tx, { conversationId, title: 'Mine' }));
    await as(acme, (tx) => deleteConversation(tx, { conversationId }));
  });
});

describe('chunks', () => {
  it('are listed in the order of the document, also where no index gives them so', async () => {
    const sections = Array.from({ length: 5 }, (_, n) => `# Part ${n}\n\nWhat part ${n} says.`);
    const { documentId } = await addDocument(
      test.tenancy,
      acme.id,
      { title: 'In parts', text: sections.join('\n\n') },
      { embedder: hashingEmbedder() },
    );
    // Writes a new version of the first chunk, behind the others.
    await test.admin`
      update document_chunks set token_count = token_count
      where document_id = ${documentId} and chunk_index = 0`;
    const { items } = await as(acme, async (tx) => {
      await tx.db.execute(sql`set local enable_indexscan = off`);
      await tx.db.execute(sql`set local enable_bitmapscan = off`);
      return listChunks(tx, { documentId });
    });
    expect(items.map(({ chunkIndex }) => chunkIndex)).toEqual([0, 1, 2, 3, 4]);
  });
});

describe('messages', () => {
  it('keeps the order of turns written in one transaction, and pages back in time', async () => {
    const { id: conversationId } = await as(acme, (tx) =>
      createConversation(tx, { userId: acme.owner }),
    );
    await as(acme, async (tx) => {
      for (let index = 1; index <= 30; index++) {
        await appendMessage(tx, { conversationId, role: 'user', content: `turn ${index}` });
      }
    });
    const newest = await as(acme, (tx) => listMessages(tx, { conversationId, limit: 10 }));
    expect(newest.items.map(({ position }) => position)).toEqual([
      30, 29, 28, 27, 26, 25, 24, 23, 22, 21,
    ]);
    const older = await as(acme, (tx) =>
      listMessages(tx, { conversationId, limit: 10, after: newest.nextCursor }),
    );
    expect(older.items[0]?.content).toBe('turn 20');
    const back = await as(acme, (tx) =>
      listMessages(tx, { conversationId, limit: 10, before: older.previousCursor }),
    );
    expect(back.items).toEqual(newest.items);
    const foreign = await as(globex, (tx) => listMessages(tx, { conversationId }));
    expect(foreign.items).toEqual([]);
  });

  it('cites chunks of the own tenant only', async () => {
    const add = (tenant: { id: string }) =>
      addDocument(
        test.tenancy,
        tenant.id,
        { title: 'Source', text: 'A fact worth citing.' },
        { embedder: hashingEmbedder() },
      );
    const chunkOf = async (tenant: { id: string }) => {
      const { documentId } = await add(tenant);
      const { items } = await as(tenant, (tx) => listChunks(tx, { documentId }));
      return items[0]?.id ?? '';
    };
    const [own, foreign] = [await chunkOf(acme), await chunkOf(globex)];
    const { id: conversationId } = await as(acme, (tx) =>
      createConversation(tx, { userId: acme.owner }),
    );
    const cite = (citations: string[]) =>
      as(acme, (tx) =>
        appendMessage(tx, { conversationId, role: 'assistant', content: 'So it is.', citations }),
      );
    expect((await cite([own])).citations).toEqual([own]);
    for (const missing of [foreign, randomUUID()]) {
      await expect(cite([own, missing])).rejects.toMatchObject({
        code: 'NOT_FOUND',
        message: expect.stringContaining(missing),
      });
    }
    const kept = await as(acme, (tx) => listMessages(tx, { conversationId }));
    expect(kept.items).toHaveLength(1);
  });
});

describe.skipIf(!capabilities.concurrency)('messages written at once', () => {
  it('keep the chunks that they cite until they are stored', async () => {
    const { documentId } = await addDocument(
      test.tenancy,
      acme.id,
      { title: 'Cited', text: 'A fact that somebody wants to delete.' },
      { embedder: hashingEmbedder() },
    );
    await as(acme, async (tx) => {
      const { items } = await listChunks(tx, { documentId });
      const { id: conversationId } = await createConversation(tx, { userId: acme.owner });
      await appendMessage(tx, {
        conversationId,
        role: 'assistant',
        content: 'So it is.',
        citations: items.map(({ id }) => id),
      });
      const deleting = test.admin.begin(async (sql) => {
        await sql`set local lock_timeout = 200`;
        await sql`delete from document_chunks where document_id = ${documentId}`;
      });
      await expect(deleting).rejects.toMatchObject({ code: '55P03' });
    });
  });

  it('get positions one after the other', async () => {
    const { id: conversationId } = await as(acme, (tx) =>
      createConversation(tx, { userId: acme.owner }),
    );
    await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        as(acme, (tx) =>
          appendMessage(tx, { conversationId, role: 'user', content: `at once ${index}` }),
        ),
      ),
    );
    const { items } = await as(acme, (tx) => listMessages(tx, { conversationId, limit: 200 }));
    expect(items.map(({ position }) => position)).toEqual(
      Array.from({ length: 40 }, (_, index) => 40 - index),
    );
  });
});
