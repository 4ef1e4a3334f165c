import type postgres from 'postgres';
import { sizeOf, timed } from './scratch-database.ts';

export interface KeyFigures {
  readonly name: string;
  readonly rowsPerSecond: number;
  readonly indexBytes: number;
  readonly logBytes: number;
}

const ROWS_A_STATEMENT = 1000;
/** As a server that writes steadily has one every few minutes; after each, a changed page is logged whole. */
const ROWS_A_CHECKPOINT = 100_000;

/** Each kind makes a key in the server, one for each row. */
const kinds = [
  {
    name: 'CUID2, text',
    type: 'text',
    // 24 characters as a CUID2 has them, random from the first on.
    make: `chr(97 + (random() * 25)::int) || left(md5(random()::text) || md5(random()::text), 23)`,
  },
  { name: 'UUID v4', type: 'uuid', make: 'gen_random_uuid()' },
  { name: 'UUID v7', type: 'uuid', make: 'uuidv7()' },
  { name: 'bigint identity', type: 'bigint', make: 'n' },
];

/**
 * Appends rows of a log under each kind of key, a statement of 1,000 rows a transaction. The keys are
 * made beforehand, so that only their storing is measured.
 */
export async function measureKeys(sql: postgres.Sql, rows: number): Promise<KeyFigures[]> {
  const figures: KeyFigures[] = [];
  for (const { name, type, make } of kinds) {
    await sql.unsafe(`create unlogged table keys (n bigint primary key, id ${type} not null)`);
    await sql.unsafe(`insert into keys select n, ${make} from generate_series(1, ${rows}) n`);
    await sql.unsafe(`create table lines (
      id ${type} primary key, "createdAt" timestamptz(3) not null default now(), message text not null)`);
    await sql.unsafe('analyze keys');
    await sql.unsafe('checkpoint');
    const from = await logPosition(sql);
    let ms = 0;
    for (let first = 1; first <= rows; first += ROWS_A_STATEMENT) {
      if ((first - 1) % ROWS_A_CHECKPOINT === 0) await sql.unsafe('checkpoint');
      ms += await timed(
        () => sql`
          insert into lines (id, message) select id, 'A request was answered' from keys
          where n >= ${first} and n < ${first + ROWS_A_STATEMENT} order by n`,
      );
    }
    const [log] = await sql<{ bytes: string }[]>`
      select pg_wal_lsn_diff(pg_current_wal_lsn(), ${from}::pg_lsn) as bytes`;
    figures.push({
      name,
      rowsPerSecond: (rows / ms) * 1000,
      indexBytes: await sizeOf(sql, 'lines_pkey'),
      logBytes: Number(log?.bytes),
    });
    await sql.unsafe('drop table keys, lines');
  }
  return figures;
}

async function logPosition(sql: postgres.Sql): Promise<string> {
  const [row] = await sql<{ position: string }[]>`select pg_current_wal_lsn()::text as position`;
  return row?.position ?? '0/0';
}
