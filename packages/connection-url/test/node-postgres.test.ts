import { capabilities, createTestDatabase, type TestDatabase } from '@reference/local-postgres';
import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectFirst,
  type NodePostgresConfig,
  nodePostgresConfigs,
  parseConnectionUrl,
} from '../src/index.ts';

const configs = (url: string) => nodePostgresConfigs(parseConnectionUrl(url));

describe('a URL for node-postgres', () => {
  it('gives an address for each host, and with prefer one without TLS after each', () => {
    const tried = configs('postgres://u:p@a:1,b/d?sslmode=prefer');
    expect(tried.map(({ host, port, ssl }) => [host, port, ssl])).toEqual([
      ['a', 1, { rejectUnauthorized: false }],
      ['a', 1, false],
      ['b', 5432, { rejectUnauthorized: false }],
      ['b', 5432, false],
    ]);
    expect(tried[3]).toMatchObject({ user: 'u', password: 'p', database: 'd' });
  });

  it('takes a socket by its directory, without TLS', () => {
    expect(configs('postgres:///d?host=/run/pg&port=6&sslmode=require')).toEqual([
      expect.objectContaining({ host: '/run/pg', port: 6, ssl: false, database: 'd' }),
    ]);
  });

  it('sends a schema with blanks, an option, a name, and the wishes about time', () => {
    const url =
      'postgres://h/d?schema=my%20app&options=-c%20work_mem%3D7MB&application_name=a&connect_timeout=9&keepalives_idle=30';
    expect(configs(url)).toEqual([
      expect.objectContaining({
        options: '-c work_mem=7MB -c search_path="my\\ app"',
        application_name: 'a',
        connectionTimeoutMillis: 9_000,
        keepAliveInitialDelayMillis: 30_000,
      }),
    ]);
    expect(configs('postgres://h/d?keepalives=0')[0]).toMatchObject({ keepAlive: false });
  });
});

describe('the first address that serves', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await createTestDatabase();
  });
  afterAll(() => database.close());

  const connect = async (config: NodePostgresConfig) => {
    const client = new pg.Client(config);
    client.on('error', () => {});
    await client.connect();
    return client;
  };
  const openFirst = async (change: (url: URL) => void) => {
    const url = new URL(database.url);
    change(url);
    const addresses = configs(url.href);
    const { connection, address } = await connectFirst(addresses, connect);
    try {
      const { rows } = await connection.query('select current_database() as name');
      return { name: rows[0]?.name, ssl: address.ssl };
    } finally {
      await connection.end();
    }
  };
  const name = () => new URL(database.url).pathname.slice(1);

  it('is the one after a host where nothing listens', async () => {
    const { username, password, host, pathname } = new URL(database.url);
    const addresses = configs(`postgres://${username}:${password}@127.0.0.1:1,${host}${pathname}`);
    const { connection, address } = await connectFirst(addresses, connect);
    await connection.end();
    expect(address.port).toBe(Number(new URL(database.url).port));
  });

  it('is without TLS where TLS is only preferred and not to be had', async () => {
    const opened = await openFirst((url) => url.searchParams.set('sslmode', 'prefer'));
    expect(opened).toEqual({ name: name(), ssl: false });
  });

  it.skipIf(!capabilities.concurrency)('is not asked again with a wrong password', async () => {
    const tried: NodePostgresConfig[] = [];
    const url = new URL(database.url);
    url.password = 'wrong';
    const { host } = url;
    const addresses = configs(url.href.replace(host, `${host},${host}`));
    const refused = connectFirst(addresses, (config) => {
      tried.push(config);
      return connect(config);
    });
    await expect(refused).rejects.toMatchObject({ code: '28P01' });
    expect(tried).toHaveLength(1);
  });

  it('passes over what is not accepted, and says so when nothing is left', async () => {
    const url = new URL(database.url);
    const addresses = configs(url.href.replace(url.host, `${url.host},${url.host}`));
    const asked: pg.Client[] = [];
    const decline = async (client: pg.Client) => {
      asked.push(client);
      await client.end();
      return false;
    };
    await expect(connectFirst(addresses, connect, decline)).rejects.toThrow(/No server among/);
    expect(asked).toHaveLength(2);
  });
});
