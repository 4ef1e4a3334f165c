import { describe, expect, test } from 'vitest';
import { requireLocalUrl } from '../src/cli/local-address.ts';

const read = (url: string | undefined, PGHOST?: string) =>
  requireLocalUrl('DATABASE_URL', { DATABASE_URL: url, PGHOST });

describe('a command that only a local database may suffer', () => {
  test.each([
    'postgres://u:p@localhost:5432/app',
    'postgresql://127.0.0.1/app',
    'postgres://u@[::1]:5432/app',
    'postgres://%2Fvar%2Frun%2Fpostgresql/app',
    'postgres:///app?host=/var/run/postgresql',
    'postgres:///app',
    'postgres://u:p%40db.example.com@localhost/app',
  ])('accepts %s', (url) => {
    expect(read(url)).toBe(url);
  });

  test.each([
    'postgres://u:secret@db.example.com/app',
    'postgres://localhost,db.example.com/app',
    'postgres://localhost:5432,db.example.com:5432/app',
    'postgres://localhost/app?host=db.example.com',
    'postgres://localhost/app?hostaddr=192.0.2.1',
    'postgres://localhost@db.example.com/app',
    'postgres://localhost.db.example.com/app',
    'postgres://10.0.0.5/app',
  ])('refuses %s', (url) => {
    expect(() => read(url)).toThrow(/runs only against a database on this machine/);
    expect(() => read(url)).not.toThrow(/secret/);
  });

  test('refuses what PGHOST would decide', () => {
    expect(() => read('postgres:///app', 'db.example.com')).toThrow(/db\.example\.com/);
  });

  test.each([undefined, '', 'mysql://localhost/app', 'localhost:5432'])('refuses %s', (url) => {
    expect(() => read(url)).toThrow(/DATABASE_URL is not/);
  });
});
