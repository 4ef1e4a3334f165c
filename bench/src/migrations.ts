import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { startContainer } from '@reference/local-postgres';
import { migrate, review, status } from '@reference/migrator';
import Table from 'cli-table3';
import { Client } from 'pg';

const FILES = 268;
const ROUNDS = 5;

/** A history as projects grow one: a third tables, the rest columns, indexes, keys and backfills. */
function history(): { name: string; sql: string }[] {
  let tables = 0;
  return Array.from({ length: FILES }, (_, n) => {
    const name = `${String(n).padStart(4, '0')}_step`;
    const statements: string[] = [];
    if (n % 3 === 0) {
      const own = tables++;
      statements.push(
        `CREATE TABLE "t${own}" ("id" text PRIMARY KEY NOT NULL, "owner" text, "title" text NOT NULL, "data" jsonb DEFAULT '{}'::jsonb, "created_at" timestamp (3) with time zone DEFAULT now() NOT NULL);`,
        `CREATE INDEX "t${own}_created" ON "t${own}" USING btree ("created_at","id");`,
      );
      if (own > 0)
        statements.push(
          `ALTER TABLE "t${own}" ADD CONSTRAINT "t${own}_owner_fk" FOREIGN KEY ("owner") REFERENCES "t${own - 1}"("id") ON DELETE cascade;`,
        );
    } else {
      const table = `t${(n * 7) % tables}`;
      statements.push(
        `ALTER TABLE "${table}" ADD COLUMN "c${n}" text;`,
        n % 3 === 1
          ? `CREATE INDEX "i${n}" ON "${table}" USING btree ("c${n}");`
          : `UPDATE "${table}" SET "c${n}" = "title" WHERE "c${n}" IS NULL;`,
      );
    }
    return { name, sql: statements.join('\n--> statement-breakpoint\n') };
  });
}

async function writeFolder(files: readonly { name: string; sql: string }[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'bench-migrations-'));
  await mkdir(join(folder, 'meta'));
  for (const { name, sql } of files) await writeFile(join(folder, `${name}.sql`), sql);
  const entries = files.map(({ name }, idx) => ({ idx, version: '7', when: idx, tag: name }));
  await writeFile(join(folder, 'meta', '_journal.json'), JSON.stringify({ entries }));
  return folder;
}

/** The usual hand-written form: each file in a transaction, statement by statement. */
async function bareLoop(url: string, folder: string, names: readonly string[]): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  for (const name of names) {
    const sql = await readFile(join(folder, `${name}.sql`), 'utf8');
    await client.query('begin');
    for (const statement of sql.split('--> statement-breakpoint')) await client.query(statement);
    await client.query('commit');
  }
  await client.end();
}

async function milliseconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? Number.NaN;

const files = history();
const folder = await writeFolder(files);
const server = await startContainer({ durable: false });
const admin = new Client({ connectionString: server.url });
try {
  await admin.connect();
  let made = 0;
  const fresh = async (): Promise<string> => {
    made += 1;
    await admin.query(`create database bench_${made}`);
    const url = new URL(server.url);
    url.pathname = `/bench_${made}`;
    return url.href;
  };

  const names = files.map(({ name }) => name);
  const figures = { loop: [] as number[], migrate: [] as number[], ratio: [] as number[] };
  let last = '';
  for (let round = 0; round < ROUNDS; round += 1) {
    const [one, two] = [await fresh(), await fresh()];
    const byLoop = () => milliseconds(() => bareLoop(one, folder, names));
    const byMigrator = () => milliseconds(() => migrate(two, { folder }));
    // The order alternates, because the second finds warmer caches.
    let [loopMs, migrateMs] = [0, 0];
    if (round % 2 === 0) {
      loopMs = await byLoop();
      migrateMs = await byMigrator();
    } else {
      migrateMs = await byMigrator();
      loopMs = await byLoop();
    }
    figures.loop.push(loopMs);
    figures.migrate.push(migrateMs);
    figures.ratio.push(migrateMs / loopMs);
    last = two;
  }

  const statusMs: number[] = [];
  const processMs: number[] = [];
  const bin = join(
    dirname(createRequire(import.meta.url).resolve('@reference/migrator')),
    '../bin/migrator.js',
  );
  for (let round = 0; round < ROUNDS; round += 1) {
    statusMs.push(await milliseconds(() => status(last, { folder })));
    const started = performance.now();
    execFileSync(process.execPath, [bin, 'status', '--folder', folder, '--url', last]);
    processMs.push(performance.now() - started);
  }
  const few = files.slice(0, 250).map(({ name, sql }) => ({ name, sql }));
  await review('select 1');
  const reviewMs: number[] = [];
  for (let round = 0; round < ROUNDS; round += 1)
    reviewMs.push(await milliseconds(() => review(few, { deployed: 'each' })));

  const table = new Table({ head: ['', 'median', 'target'], style: { head: [], border: [] } });
  table.push(
    [`${FILES} files from zero, bare loop`, `${median(figures.loop).toFixed(0)} ms`, ''],
    [`${FILES} files from zero, migrate()`, `${median(figures.migrate).toFixed(0)} ms`, ''],
    ['ratio', median(figures.ratio).toFixed(2), 'at most 1.3'],
    ['status(), connection included', `${median(statusMs).toFixed(0)} ms`, 'under 300 ms'],
    ['the status command, start of the process included', `${median(processMs).toFixed(0)} ms`, ''],
    ['review of 250 files, squawk included', `${median(reviewMs).toFixed(0)} ms`, 'under 5000 ms'],
  );
  process.stdout.write(`${table.toString()}\n`);
} finally {
  await admin.end();
  await server.remove();
  await rm(folder, { recursive: true, force: true });
}
