// Renames a column of the tasks schema in steps, in a scratch copy with rows, while two releases write:
// the present one by the old name, the next one by the new name. Prints what it saw as JSON.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { createClient } from '@reference/kit';
import { migrate, type PlannedFile, plan, review, scratchOnServer } from '@reference/migrator';
import { migrationsFolder } from '@reference/tasks';

const url = process.env.TASKS_DATABASE_URL ?? '';
const [from, to] = ['max_duration', 'max_minutes'];
const rows = 20_000;

const [finding] = await review(
  [{ name: 'rename.sql', sql: `ALTER TABLE tasks RENAME COLUMN ${from} TO ${to};` }],
  { squawk: false },
);
const { files, left } = await plan(
  { kind: 'rename-column', table: 'tasks', column: from, to },
  { folder: migrationsFolder, scratch: scratchOnServer(url) },
);
const contract = files.filter(({ name }) => name.startsWith('contract'));
const before = files.filter((file) => !contract.includes(file));

const folder = await mkdtemp(join(tmpdir(), 'rename-column-'));
const scratch = await scratchOnServer(url)();
const copy = new URL(url);
copy.pathname = `/${scratch.address[0].database}`;
const { sql, close } = createClient({ url: copy.href, max: 3 }, { schema: {} });

/** Adds a step to the folder, as a developer would, and applies it. */
async function apply({ name, up, down }: PlannedFile): Promise<void> {
  const journalFile = join(folder, 'meta/_journal.json');
  const journal: { entries: { idx: number; when: number }[] } = JSON.parse(
    await readFile(journalFile, 'utf8'),
  );
  const last = journal.entries.at(-1);
  const idx = (last?.idx ?? -1) + 1;
  const tag = `${String(idx).padStart(4, '0')}_${name}`;
  const entry = { idx, version: '7', when: (last?.when ?? 0) + 1, tag, breakpoints: true };
  await writeFile(join(folder, `${tag}.sql`), up);
  await writeFile(join(folder, `${tag}.down.sql`), down);
  await writeFile(
    journalFile,
    JSON.stringify({ ...journal, entries: [...journal.entries, entry] }),
  );
  await migrate(copy.href, { folder });
}

/** Adds and changes rows by one name of the column, one after the other, until it is stopped. */
function startRelease(release: string, column: string) {
  let isOn = true;
  const refused: string[] = [];
  let writes = 0;
  let longestMs = 0;
  const write = async (statement: string) => {
    const start = performance.now();
    await sql.unsafe(statement).catch((error: unknown) => refused.push(String(error)));
    longestMs = Math.max(longestMs, performance.now() - start);
    writes += 1;
  };
  const running = (async () => {
    for (let n = 0; isOn; n += 1) {
      await write(
        `insert into tasks (id, user_id, prompt, ${column}) values ('${release}-${n}', 'scratch', 'meanwhile', 5)`,
      );
      await write(`update tasks set ${column} = ${column} + 1 where id = '${release}-${n}'`);
    }
  })();
  return {
    /** Resolves after a few more writes: it works with the schema as it is now. */
    async goesOn() {
      for (const until = writes + 6; writes < until; ) await setTimeout(5);
    },
    async stop() {
      isOn = false;
      await running;
      return { writes, refused, longestMs: Math.round(longestMs) };
    },
  };
}

const count = async (condition: string): Promise<number> =>
  (await sql.unsafe<{ n: number }[]>(`select count(*)::int as n from tasks where ${condition}`))[0]
    ?.n ?? 0;

try {
  await cp(migrationsFolder, folder, { recursive: true });
  await migrate(copy.href, { folder });
  await sql.unsafe(
    "insert into users (id, provider, external_id, access_token, username) values ('scratch', 'github', 'scratch', 'eyJhbGciOiJkaXIifQ..a.b.c', 'scratch')",
  );
  await sql.unsafe(
    `insert into tasks (id, user_id, prompt, ${from}) select 'row-' || n, 'scratch', 'before', n % 60 + 1 from generate_series(1, ${rows}) n`,
  );
  const present = startRelease('present', from);
  for (const file of before) {
    await apply(file);
    await present.goesOn();
  }
  const next = startRelease('next', to);
  await Promise.all([present.goesOn(), next.goesOn()]);
  const formerWrites = await present.stop();
  const different = await count(`${from} is distinct from ${to}`);
  for (const file of contract) {
    await apply(file);
    await next.goesOn();
  }
  const nextWrites = await next.stop();
  const kept = await count(`id like 'row-%' and ${to} = substr(id, 5)::int % 60 + 1`);
  console.log(
    JSON.stringify({
      direct: finding,
      steps: files.map(({ name }) => name),
      left,
      formerWrites,
      nextWrites,
      different,
      kept,
      rows,
    }),
  );
} finally {
  await close();
  await scratch.close();
  await rm(folder, { recursive: true });
}
