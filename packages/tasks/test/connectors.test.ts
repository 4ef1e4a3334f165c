import { InvalidInputError, NotFoundError } from '@reference/kit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  connectors,
  createConnector,
  deleteConnector,
  getConnector,
  listConnectors,
  requireConnectorSecrets,
  updateConnector,
} from '../src/index.ts';
import { addUser, keyring, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const remote = {
  name: 'Search',
  type: 'remote',
  baseUrl: 'https://mcp.example.com/sse',
  oauthClientId: 'client',
  oauthClientSecret: 'ocs_0123456789abcdefghij',
} as const;
const local = {
  name: 'Files',
  type: 'local',
  command: 'npx server-files',
  env: { API_TOKEN: 'very secret', EMPTY: '' },
} as const;

describe('createConnector', () => {
  it('seals the client secret and the environment, and shows a hint and names', async () => {
    const userId = await addUser(bench.db);
    const search = await createConnector(bench.db, { userId, keyring, ...remote });
    expect(search).toMatchObject({
      oauthClientSecretHint: 'ocs_…ghij',
      envNames: [],
      status: 'disconnected',
    });
    const files = await createConnector(bench.db, { userId, keyring, ...local });
    expect(files).toMatchObject({ envNames: ['API_TOKEN', 'EMPTY'], oauthClientSecretHint: null });

    const open = (connectorId: string) =>
      requireConnectorSecrets(bench.db, { userId, connectorId, keyring });
    expect(await open(search.id)).toEqual({
      oauthClientSecret: remote.oauthClientSecret,
      env: {},
    });
    expect(await open(files.id)).toEqual({ oauthClientSecret: null, env: local.env });
  });

  it.each([
    { name: 'a', type: 'remote' },
    { name: 'a' },
    { name: 'a', type: 'local', baseUrl: 'https://example.com' },
    { ...local, name: '' },
    { ...local, env: { 'NOT A NAME': 'a' } },
    { ...local, env: { A: 'a\nb' } },
    { ...local, env: Object.fromEntries(Array.from({ length: 101 }, (_, i) => [`A${i}`, ''])) },
    { ...remote, baseUrl: 'ftp://example.com' },
    { ...remote, baseUrl: 'https://user:password@example.com' },
    { ...remote, userName: 'x' },
  ])('refuses %j', async (wrong) => {
    const userId = await addUser(bench.db);
    const creating = createConnector(bench.db, { userId, keyring, ...untyped(wrong) });
    await expect(creating).rejects.toThrow(InvalidInputError);
  });
});

describe('updateConnector', () => {
  it('changes what is given, and keeps or empties secrets', async () => {
    const userId = await addUser(bench.db);
    const { id: connectorId } = await createConnector(bench.db, { userId, keyring, ...remote });
    const change = (changes: Parameters<typeof updateConnector>[1]['changes']) =>
      updateConnector(bench.db, { userId, connectorId, keyring, changes });
    const open = () => requireConnectorSecrets(bench.db, { userId, connectorId, keyring });

    expect(await change({ status: 'connected' })).toMatchObject({
      status: 'connected',
      oauthClientSecretHint: 'ocs_…ghij',
    });
    expect(await open()).toMatchObject({ oauthClientSecret: remote.oauthClientSecret });
    await change({ oauthClientSecret: 'another-secret-of-length-30-zz', env: { A: 'b' } });
    expect(await open()).toEqual({
      oauthClientSecret: 'another-secret-of-length-30-zz',
      env: { A: 'b' },
    });
    expect(await change({ oauthClientSecret: null, env: null })).toMatchObject({
      oauthClientSecretHint: null,
      envNames: [],
    });
    expect(await open()).toEqual({ oauthClientSecret: null, env: {} });
  });

  it('refuses to leave a connector without what its type needs', async () => {
    const userId = await addUser(bench.db);
    const { id: connectorId } = await createConnector(bench.db, { userId, keyring, ...remote });
    for (const changes of [{ type: 'local' }, { baseUrl: null }, {}] as const) {
      const updating = updateConnector(bench.db, { userId, connectorId, keyring, changes });
      await expect(updating).rejects.toThrow(InvalidInputError);
    }
    await updateConnector(bench.db, {
      userId,
      connectorId,
      keyring,
      changes: { type: 'local', command: 'npx a', baseUrl: null },
    });
  });
});

describe('listConnectors', () => {
  it('walks a user’s connectors by name', async () => {
    const userId = await addUser(bench.db);
    for (const name of ['b', 'a', 'c', 'a', 'b']) {
      await createConnector(bench.db, { userId, keyring, ...remote, name });
    }
    const first = await listConnectors(bench.db, { userId, limit: 3 });
    const rest = await listConnectors(bench.db, { userId, limit: 3, after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual([
      'a',
      'a',
      'b',
      'b',
      'c',
    ]);
    expect(rest.nextCursor).toBeNull();
    for (const item of first.items) {
      expect(item).not.toHaveProperty('oauthClientSecret');
      expect(item).not.toHaveProperty('env');
    }
  });
});

describe('deleteConnector', () => {
  it('deletes one, once', async () => {
    const userId = await addUser(bench.db);
    const { id: connectorId } = await createConnector(bench.db, { userId, keyring, ...local });
    await deleteConnector(bench.db, { userId, connectorId });
    expect(await getConnector(bench.db, { userId, connectorId })).toBeUndefined();
    await expect(deleteConnector(bench.db, { userId, connectorId })).rejects.toThrow(NotFoundError);
  });
});

describe('the connectors table', () => {
  it.each([
    [{ type: 'remote', command: 'a' }, 'connectors_type_check'],
    [{ type: 'local', baseUrl: 'https://a.b' }, 'connectors_type_check'],
    [{ baseUrl: 'https://a.b', env: '{"A":"b"}' }, 'connectors_env_check'],
    [
      { baseUrl: 'https://a.b', oauthClientSecret: 'plain', oauthClientSecretHint: '…' },
      'connectors_oauth_client_secret_check',
    ],
  ] as const)('refuses %j', async (row, constraint) => {
    const userId = await addUser(bench.db);
    const inserting = bench.db.insert(connectors).values({ userId, name: 'a', ...row });
    await expect(inserting).rejects.toMatchObject({ constraint });
  });
});
