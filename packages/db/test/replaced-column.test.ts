// The safe way to `ALTER TABLE pages DROP COLUMN old_field, ADD COLUMN new_field text NOT NULL`, as
// docs/worked-examples.md tells it, while two releases of an application write at the same time.
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createId } from '@paralleldrive/cuid2';
import { capabilities } from '@reference/local-postgres';
import { migrate, review } from '@reference/migrator';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { updatePage } from '../src/queries/core.ts';
import { addDrive, addUser } from './people.ts';
import { openWorkspace, type Workspace } from './workspace.ts';

/** The example's starting point: a required column that the present release writes. */
const start = `ALTER TABLE pages ADD COLUMN old_field text NOT NULL DEFAULT 'old';`;

const steps = {
  /** Before the next release: it may leave the old column out, and finds the new one filled. */
  expand: `ALTER TABLE pages ALTER COLUMN old_field DROP NOT NULL, ALTER COLUMN old_field DROP DEFAULT;
ALTER TABLE pages ADD COLUMN new_field text;
CREATE FUNCTION fill_new_field() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'INSERT' OR NEW.old_field IS DISTINCT FROM OLD.old_field THEN
    NEW.new_field := coalesce('from ' || NEW.old_field, NEW.new_field, '');
  END IF;
  RETURN NEW;
END $$;
CREATE TRIGGER fill_new_field BEFORE INSERT OR UPDATE OF old_field ON pages
  FOR EACH ROW EXECUTE FUNCTION fill_new_field();`,
  /** In batches that commit one by one: no row is locked for long. */
  backfill: `-- migrator: no-transaction
DO $$ DECLARE changed bigint; BEGIN
  LOOP
    UPDATE pages SET new_field = coalesce('from ' || old_field, '') WHERE ctid IN (
      SELECT ctid FROM pages WHERE new_field IS NULL LIMIT 500 FOR UPDATE SKIP LOCKED);
    GET DIAGNOSTICS changed = ROW_COUNT;
    COMMIT;
    EXIT WHEN changed = 0 AND NOT EXISTS (SELECT 1 FROM pages WHERE new_field IS NULL);
  END LOOP;
END $$;
ALTER TABLE pages ADD CONSTRAINT pages_new_field_check CHECK (new_field IS NOT NULL) NOT VALID;`,
  /** In a file of its own: the scan lets reads and writes go on, and SET NOT NULL trusts the check. */
  require: `ALTER TABLE pages VALIDATE CONSTRAINT pages_new_field_check;
ALTER TABLE pages ALTER COLUMN new_field SET NOT NULL;
ALTER TABLE pages DROP CONSTRAINT pages_new_field_check;`,
  /** Once no process of the former release runs. */
  contract: `-- migrator: allow drop-column: no running release names it
DROP TRIGGER fill_new_field ON pages;
DROP FUNCTION fill_new_field();
ALTER TABLE pages DROP COLUMN old_field;`,
};

/** A release of the application, by the one column whose name it knows. */
type Release = 'old_field' | 'new_field';

let workspace: Workspace;
let folder: string;
let who: { userId: string; driveId: string };
let versions = 0;
beforeAll(async () => {
  workspace = await openWorkspace();
  const { db } = workspace;
  const userId = await addUser(db);
  who = { userId, driveId: await addDrive(db, userId) };
  folder = await mkdtemp(join(tmpdir(), 'replaced-column-'));
  await cp(fileURLToPath(new URL('../drizzle', import.meta.url)), folder, { recursive: true });
});
afterAll(async () => {
  await workspace.close();
  await rm(folder, { recursive: true, force: true });
});

/** Adds a migration to the folder, as a deployment brings it, and runs it. */
async function deploy(text: string): Promise<void> {
  const journalFile = join(folder, 'meta/_journal.json');
  const journal = JSON.parse(await readFile(journalFile, 'utf8'));
  const idx = journal.entries.length;
  const tag = `${String(idx).padStart(4, '0')}_step_${++versions}`;
  journal.entries.push({ idx, version: '7', when: Date.now() + versions, tag, breakpoints: true });
  await writeFile(join(folder, `${tag}.sql`), text);
  await writeFile(join(folder, `${tag}.down.sql`), 'SELECT 1;');
  await writeFile(journalFile, JSON.stringify(journal));
  await migrate(workspace.url, { folder });
}

/** Lets a release write until it is stopped; rejects with the first error that a user would see. */
function run(release: Release) {
  let running = true;
  const made: string[] = [];
  const work = (async () => {
    for (let n = 0; running; n++) {
      const { db } = workspace;
      const { userId, driveId } = who;
      const pageId = createId();
      const column = sql.identifier(release);
      await db.execute(sql`
        insert into pages (id, "driveId", title, type, position, ${column})
        values (${pageId}, ${driveId}, 'Page', 'DOCUMENT', ${n}, 'first')`);
      made.push(pageId);
      await db.execute(sql`update pages set ${column} = ${`value ${n}`} where id = ${pageId}`);
      await updatePage(db, {
        userId,
        pageId,
        revision: 0,
        changes: { title: `Renamed ${n}` },
      });
    }
  })();
  return {
    made,
    stop: () => {
      running = false;
      return work;
    },
  };
}

const column = (name: string) =>
  workspace.sql`
    select is_nullable as nullable from information_schema.columns
    where table_name = 'pages' and column_name = ${name}`;

describe.skipIf(!capabilities.concurrency)('replacing a column', () => {
  test('in one statement is refused by the review, for what it loses and for what it breaks', async () => {
    const found = await review(
      'ALTER TABLE pages DROP COLUMN old_field, ADD COLUMN new_field text NOT NULL;',
    );
    expect(found.map(({ rule }) => rule)).toEqual(['drop-column', 'add-required-column']);
  });

  test('in steps stops nobody: neither release fails, and no value is missing', async () => {
    const { db } = workspace;
    await deploy(start);
    await db.execute(sql`
      insert into pages (id, "driveId", title, type, position, old_field)
      select 'before' || n, ${who.driveId}, 'Page', 'DOCUMENT', n, 'value' from generate_series(1, 3000) n`);
    const former = [run('old_field'), run('old_field')];
    await deploy(steps.expand);
    await deploy(steps.backfill);
    await deploy(steps.require);
    const next = [run('new_field'), run('new_field')];
    await expect.poll(() => next.every(({ made }) => made.length > 3)).toBe(true);
    await Promise.all(former.map(({ stop }) => stop()));
    await deploy(steps.contract);
    const later = next.map(({ made }) => made.length);
    await expect
      .poll(() => next.every(({ made }, n) => made.length > (later[n] ?? 0) + 2))
      .toBe(true);
    await Promise.all(next.map(({ stop }) => stop()));

    expect(await column('old_field')).toHaveLength(0);
    expect(await column('new_field')).toMatchObject([{ nullable: 'NO' }]);
    const valuesOf = async (ids: readonly string[]) => {
      const rows = await workspace.sql`
        select distinct regexp_replace(new_field, '\\d+', 'n') as value from pages where id = any(${[...ids]})`;
      return rows.map(({ value }) => value);
    };
    expect(await valuesOf(['before1', 'before3000'])).toEqual(['from value']);
    expect(await valuesOf(former.flatMap(({ made }) => made))).toEqual(['from value n']);
    expect(await valuesOf(next.flatMap(({ made }) => made))).toEqual(['value n']);
  }, 60_000);
});
