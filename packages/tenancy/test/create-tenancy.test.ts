import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTenancy } from '../src/index.ts';
import { becomeOnPglite, createTestTenancy, type TestTenancy } from './test-tenancy.ts';

let test: TestTenancy;
beforeAll(async () => {
  test = await createTestTenancy();
});
afterAll(() => test?.close());

describe('createTenancy', () => {
  it('refuses a superuser, by its name', async () => {
    await expect(createTenancy(test.adminUrl)).rejects.toMatchObject({
      code: 'FORBIDDEN',
      message: expect.stringMatching(/"postgres".*superuser/),
    });
  });

  it('takes a superuser that becomes tenancy_app in each transaction', async () => {
    const tenancy = await createTenancy({ url: test.adminUrl, max: 1, role: 'tenancy_app' });
    await tenancy.close();
  });

  it('refuses a role that is no plain name', async () => {
    await expect(
      createTenancy({ url: test.adminUrl, role: 'tenancy_app"; reset role; --' }),
    ).rejects.toMatchObject({ code: 'INVALID_INPUT' });
  });

  it.each(['users', 'tenants'])(
    'refuses a database whose row security of %s has been weakened',
    async (table) => {
      await test.admin.unsafe(`alter table ${table} no force row level security`);
      try {
        await expect(test.connect({ max: 1 })).rejects.toMatchObject({
          code: 'FORBIDDEN',
          message: expect.stringContaining(`: ${table} has no forced row security`),
        });
      } finally {
        await test.admin.unsafe(`alter table ${table} force row level security`);
      }
    },
  );

  it('takes a table without row security that belongs to no tenant', async () => {
    await test.admin`create table rates (currency text primary key)`;
    try {
      await (await test.connect({ max: 1 })).close();
    } finally {
      await test.admin`drop table rates`;
    }
  });

  it('refuses a role that may reach a partition', async () => {
    await test.admin`grant select on document_chunks_p03 to tenancy_app`;
    try {
      await expect(test.connect({ max: 1 })).rejects.toMatchObject({
        message: expect.stringContaining('document_chunks_p03'),
      });
    } finally {
      await test.admin`revoke select on document_chunks_p03 from tenancy_app`;
    }
  });
});

describe('createTenancy, by the login role', () => {
  const cases: [string, string, RegExp][] = [
    ['BYPASSRLS', 'alter role ROLE bypassrls', /has BYPASSRLS/],
    ['membership of a superuser', 'grant postgres to ROLE', /may become postgres/],
    ['ownership of a table', 'alter table users owner to ROLE', /owns users/],
  ];
  for (const [what, prepare, message] of cases) {
    it(`refuses ${what}`, async () => {
      const role = `tenancy_bad_${randomBytes(6).toString('hex')}`;
      await test.admin.unsafe(`create role ${role} login password 'secret' in role tenancy_app`);
      const url = new URL(test.adminUrl);
      url.username = role;
      url.password = 'secret';
      try {
        await test.admin.unsafe(prepare.replace('ROLE', role));
        await becomeOnPglite(test.admin, role);
        await expect(createTenancy(url.href)).rejects.toMatchObject({
          code: 'FORBIDDEN',
          message: expect.stringMatching(new RegExp(`"${role}".*${message.source}`)),
        });
      } finally {
        await becomeOnPglite(test.admin, 'postgres');
        await test.admin.unsafe(`reassign owned by ${role} to postgres; drop role ${role}`);
      }
    });
  }
});
