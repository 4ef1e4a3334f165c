import { randomBytes } from 'node:crypto';
import postgres from 'postgres';

/** Runs `work` on one connection of an empty database, which is dropped afterwards. */
export async function withDatabase<T>(
  server: string,
  work: (sql: postgres.Sql) => Promise<T>,
): Promise<T> {
  const name = `bench_${randomBytes(6).toString('hex')}`;
  const admin = postgres(server, { max: 1, onnotice: () => {} });
  await admin`create database ${admin(name)}`;
  const url = new URL(server);
  url.pathname = `/${name}`;
  const sql = postgres(url.href, { max: 1, onnotice: () => {} });
  try {
    return await work(sql);
  } finally {
    await sql.end();
    await admin`drop database ${admin(name)}`;
    await admin.end();
  }
}

/** Milliseconds of a piece of work. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

/** Bytes of a table or an index on the disk, without its other parts. */
export async function sizeOf(sql: postgres.Sql, relation: string): Promise<number> {
  const [row] = await sql<{ bytes: string }[]>`
    select pg_relation_size(${relation}::regclass) as bytes`;
  return Number(row?.bytes);
}
