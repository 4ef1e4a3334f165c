import { describe, expect, it } from 'vitest';
import { isLostNode, objectsOf } from '../src/worker-errors.ts';

describe("a worker's violation, whose names stand in the message alone", () => {
  const cases: [string, string, ReturnType<typeof objectsOf>][] = [
    [
      '23505',
      'duplicate key value violates unique constraint "tenants_pkey_102008"',
      { constraint: 'tenants_pkey', table: undefined },
    ],
    [
      '23503',
      'insert or update on table "conversations_102104" violates foreign key constraint "conversations_user_fkey_102104"',
      { constraint: 'conversations_user_fkey', table: 'conversations' },
    ],
    [
      '23503',
      'update or delete on table "users_102041" violates foreign key constraint "conversations_user_fkey_102104" on table "conversations_102104"',
      { constraint: 'conversations_user_fkey', table: 'users' },
    ],
    [
      '23514',
      'new row for relation "documents_102072" violates check constraint "documents_size_2"',
      { constraint: 'documents_size_2', table: 'documents' },
    ],
    [
      '23P01',
      'conflicting key value violates exclusion constraint "bookings_no_overlap_102009"',
      { constraint: 'bookings_no_overlap', table: undefined },
    ],
    [
      '23502',
      'null value in column "title" of relation "documents_102072" violates not-null constraint',
      { constraint: undefined, table: 'documents' },
    ],
    [
      '23505',
      'a trigger says: constraint "of its own"',
      { constraint: undefined, table: undefined },
    ],
  ];
  for (const [code, message, expected] of cases) {
    it(`${code} ${message}`, () => {
      expect(objectsOf({ code, message })).toEqual(expected);
    });
  }

  it('believes the fields where the server sent them', () => {
    expect(
      objectsOf({
        code: '23505',
        message: 'duplicate key value violates unique constraint "plans_2"',
        constraint_name: 'plans_2',
        table_name: 'plans_1',
      }),
    ).toEqual({ constraint: 'plans_2', table: 'plans_1' });
  });
});

describe('an internal error that is a lost node', () => {
  it.each([
    'server closed the connection unexpectedly\n\tThis probably means the server terminated abnormally',
    'connection not open',
    'connection to the remote node app@worker-1:5432 failed with the following error: timeout',
  ])('%s', (message) => {
    expect(isLostNode({ code: 'XX000', message })).toBe(true);
    expect(isLostNode({ code: 'P0001', message })).toBe(false);
  });

  it('no other internal error is', () => {
    expect(
      isLostNode({
        code: 'XX000',
        message: 'cannot execute a distributed query from a query on a shard',
      }),
    ).toBe(false);
  });
});
