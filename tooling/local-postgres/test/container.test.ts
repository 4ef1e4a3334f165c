import postgres from 'postgres';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { sharesLoopback } from '../src/container.ts';
import { capabilities, type PostgresContainer, startContainer } from '../src/index.ts';

const loopback = capabilities.docker && (await sharesLoopback());

describe.skipIf(!capabilities.docker)('startContainer', () => {
  let container: PostgresContainer;
  beforeAll(async () => {
    container = await startContainer();
  });
  afterAll(() => container.remove());

  test.runIf(loopback)(
    'listens on the loopback of this host, at an address that it keeps',
    async () => {
      const own = await startContainer({ hostNetwork: true });
      const listens = async () => {
        const sql = postgres(own.url, { max: 1, connect_timeout: 1, onnotice: () => {} });
        const [row] = await sql<{ addresses: string; server: string }[]>`
          select current_setting('listen_addresses') as addresses, host(inet_server_addr()) as server
        `.finally(() => sql.end({ timeout: 1 }));
        return row;
      };
      try {
        // Behind a published port the server's end of the connection is an address of Docker's network.
        const loopbackOnly = { addresses: '127.0.0.1', server: '127.0.0.1' };
        expect(await listens()).toEqual(loopbackOnly);
        await own.restart();
        await expect
          .poll(() => listens().catch(() => undefined), { timeout: 10_000 })
          .toEqual(loopbackOnly);
      } finally {
        await own.remove();
      }
    },
  );

  test('hashes its own password once where the data is in memory only', async () => {
    const rounds = async (url: string) => {
      const sql = postgres(url, { max: 1, onnotice: () => {} });
      const [row] = await sql<{ rounds: string }[]>`
        select substring(rolpassword from '\\$(\\d+):') as rounds from pg_authid
        where rolname = current_user`.finally(() => sql.end());
      return row?.rounds;
    };
    expect(await rounds(container.url)).toBe('4096');
    const inMemory = await startContainer({ durable: false });
    try {
      expect(await rounds(inMemory.url)).toBe('1');
    } finally {
      await inMemory.remove();
    }
  });
});
