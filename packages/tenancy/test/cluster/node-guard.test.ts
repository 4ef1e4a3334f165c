import { UnavailableError } from '@reference/kit';
import { capabilities, type PostgresContainer, startContainer } from '@reference/local-postgres';
import { migrate } from '@reference/migrator';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createNodeGuard } from '../../src/cluster/node-guard.ts';
import {
  createTenancy,
  listUsers,
  migrationsFolder,
  type Tenancy,
  withTenant,
} from '../../src/index.ts';
import { openAdmin, provision } from '../test-tenancy.ts';

const never = () => new Promise<never>(() => {});
const failing = () => Promise.reject(new UnavailableError('It did not answer.'));

describe('a guard of nodes', () => {
  it('lets one node hold its share of the pool, queues as many, and refuses the next at once', async () => {
    const guard = createNodeGuard(4, { share: 0.5 });
    let started = 0;
    const hang = () => {
      started += 1;
      return never();
    };
    for (let n = 0; n < 4; n++) void guard.run('Node a', hang);
    await expect(guard.run('Node a', hang)).rejects.toMatchObject({
      code: 'UNAVAILABLE',
      message:
        'Node a is busy: its 2 connections and as many waiting callers are taken. Try again later.',
    });
    expect(started).toBe(2);
    expect(await guard.run('Node b', async () => 'answered')).toBe('answered');
  });

  it('leaves a node alone after failures in a row, and tries it again after a rest', async () => {
    const guard = createNodeGuard(4, { failures: 3, restMs: 50 });
    for (let n = 0; n < 3; n++)
      await expect(guard.run('Node a', failing)).rejects.toThrow('answer');
    let asked = 0;
    const answer = async () => {
      asked += 1;
      return 'answered';
    };
    await expect(guard.run('Node a', answer)).rejects.toThrow(/left alone for 50 ms/);
    expect(asked).toBe(0);
    await new Promise((resolve) => setTimeout(resolve, 80));
    expect(await guard.run('Node a', answer)).toBe('answered');
    expect(await guard.run('Node a', answer)).toBe('answered');
  });

  it('counts failures in a row, and only those of the server', async () => {
    const guard = createNodeGuard(4, { failures: 2, restMs: 10_000 });
    const refuse = () => Promise.reject(new Error('the caller’s own'));
    for (let n = 0; n < 4; n++) await expect(guard.run('Node a', refuse)).rejects.toThrow('own');
    await expect(guard.run('Node a', failing)).rejects.toThrow('answer');
    await guard.run('Node a', async () => {});
    await expect(guard.run('Node a', failing)).rejects.toThrow('answer');
    expect(await guard.run('Node a', async () => 'answered')).toBe('answered');
  });
});

describe.skipIf(!capabilities.docker)('a frozen second server', () => {
  let first: PostgresContainer;
  let second: PostgresContainer;
  const opened: Tenancy[] = [];
  beforeAll(async () => {
    [first, second] = await Promise.all([
      startContainer({ hostNetwork: true, durable: false }),
      startContainer({ hostNetwork: true, durable: false }),
    ]);
    await migrate(first.url, { folder: migrationsFolder });
    const admin = openAdmin(first.url, 1);
    await admin`create extension dblink`;
    await admin`create role app login password 'secret' in role tenancy_app`;
    await admin.end();
  }, 120_000);
  afterAll(async () => {
    for (const tenancy of opened) await tenancy.close();
    await second?.unpause().catch(() => {});
    await Promise.all([first?.remove(), second?.remove()]);
  });

  /** How long ten reads of a tenant elsewhere take while twelve calls wait for the frozen server. */
  async function othersBeside(guard: 'guarded' | 'unguarded') {
    const url = new URL(first.url);
    url.username = 'app';
    url.password = 'secret';
    const tenancy = await createTenancy({
      url: url.href,
      max: 4,
      statementTimeoutMs: 2_000,
      deadlineMs: 20_000,
      guard: guard === 'guarded' && { share: 0.5, failures: 2, restMs: 60_000 },
    });
    opened.push(tenancy);
    const slugs = [`far-${guard}`, `near-${guard}`] as const;
    const [far, near] = await Promise.all(slugs.map((slug) => provision(tenancy, slug)));
    const address = new URL(second.url);
    const link = `host=127.0.0.1 port=${address.port} dbname=postgres user=postgres password=postgres`;
    const acrossServers = () =>
      withTenant(tenancy, far?.tenant.id ?? '', (tx) =>
        tx.db.execute(sql`select * from dblink(${link}, 'select 1') as answer (n int)`),
      );
    await acrossServers();
    await second.pause();
    try {
      const stuck = Array.from({ length: 12 }, () => acrossServers().catch((error) => error));
      const started = performance.now();
      for (let n = 0; n < 10; n++) {
        await withTenant(tenancy, near?.tenant.id ?? '', (tx) => listUsers(tx));
      }
      const elapsed = performance.now() - started;
      return { elapsed, failures: await Promise.all(stuck) };
    } finally {
      await second.unpause();
    }
  }

  it('stops everyone without a bound, and with one nobody else', async ({ skip }) => {
    // Below an engine with a loopback of its own the servers can't reach one another.
    if (new URL(second.url).hostname !== '127.0.0.1') skip();
    const unguarded = await othersBeside('unguarded');
    const guarded = await othersBeside('guarded');
    for (const failure of [...unguarded.failures, ...guarded.failures]) {
      expect(failure).toMatchObject({ code: 'UNAVAILABLE' });
    }
    // Unbounded, the others wait until a statement of the frozen server times out.
    expect(unguarded.elapsed).toBeGreaterThan(1_500);
    expect(guarded.elapsed).toBeLessThan(unguarded.elapsed / 2);
  }, 60_000);
});
