import { InvalidInputError } from '@reference/kit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type SearchHit, searchPages, trashDrive, trashPage } from '../../src/queries/core.ts';
import { getPageAccess } from '../../src/queries/permissions.ts';
import { pages } from '../../src/schema/index.ts';
import { addDrive, addMember, addUser } from '../people.ts';
import { openWorkspace, type Workspace } from '../workspace.ts';
import { makeScene } from './scene.ts';
import { addPages, grant } from './trees.ts';

let workspace: Workspace;
beforeAll(async () => {
  workspace = await openWorkspace();
});
afterAll(() => workspace.close());

async function write(driveId: string, written: Record<string, string>): Promise<string[]> {
  const rows = await workspace.db
    .insert(pages)
    .values(
      Object.entries(written).map(([title, content], n) => ({
        driveId,
        title,
        content,
        type: 'DOCUMENT' as const,
        position: n,
      })),
    )
    .returning({ id: pages.id });
  return rows.map(({ id }) => id);
}

const titles = (hits: { items: SearchHit[] }) => hits.items.map(({ title }) => title);
const marked = ({ snippet }: SearchHit) =>
  snippet.map(({ text, match }) => (match ? `[${text}]` : text)).join('');

test('finds words in any form, a title before a content, and marks them', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  await write(driveId, {
    Notes: 'We were indexing the harvest of apples.',
    'The index of apples': 'Nothing more.',
    Pears: 'No such word.',
  });
  const hits = await searchPages(db, { userId: owner, words: 'apple index' });
  expect(titles(hits)).toEqual(['The index of apples', 'Notes']);
  expect(hits.items.map(marked)[1]).toContain('[indexing] the harvest of [apples]');
  expect(titles(await searchPages(db, { userId: owner, words: 'apple -index' }))).toEqual([]);
  expect(
    titles(await searchPages(db, { userId: owner, words: '"such word" or harvest' })),
  ).toHaveLength(2);
});

test('a page cannot forge a mark: its markup and control characters are left out', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  await write(driveId, {
    Page: 'one quince \u0002forged\u0003 <b>two</b> quince <script>three</script>',
  });
  const [hit] = (await searchPages(db, { userId: owner, words: 'quince' })).items;
  const marks = hit?.snippet.flatMap(({ text, match }) => (match ? [text] : []));
  expect(new Set(marks)).toEqual(new Set(['quince']));
  const shown = hit ? marked(hit) : '';
  expect(['\u0002', '\u0003', '<', '>'].filter((mark) => shown.includes(mark))).toEqual([]);
});

test('gives a stop word, a strange or a huge page no trouble', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  const words = Array.from({ length: 400_000 }, (_, n) => n.toString(36)).join(' ');
  await write(driveId, { Huge: `medlar ${words}` });
  expect(titles(await searchPages(db, { userId: owner, words: 'medlar' }))).toEqual(['Huge']);
  expect(titles(await searchPages(db, { userId: owner, words: 'the of and' }))).toEqual([]);
  for (const odd of ["'", '"', ':*', '& | !', '\\', '%', '<->']) {
    expect(titles(await searchPages(db, { userId: owner, words: odd }))).toEqual([]);
  }
  for (const wrong of ['', '   ', 'a\0b', 'x'.repeat(501)]) {
    await expect(searchPages(db, { userId: owner, words: wrong })).rejects.toThrow(
      InvalidInputError,
    );
  }
});

describe('nothing reaches a person who may not view it', () => {
  test('members, strangers, expired grants, the trash, another drive', async () => {
    const { db, owner, member, stranger, driveId } = await makeScene(workspace);
    const other = await addDrive(db, owner);
    const [one = '', two = ''] = await write(driveId, { one: 'damson', two: 'damson' });
    await write(other, { three: 'damson' });
    const found = async (userId: string, more: object = {}) =>
      titles(await searchPages(db, { userId, words: 'damson', ...more })).sort();
    expect(await found(owner)).toEqual(['one', 'three', 'two']);
    expect(await found(owner, { driveId })).toEqual(['one', 'two']);
    for (const userId of [member, stranger]) expect(await found(userId)).toEqual([]);
    await grant(db, one, member, ['canView']);
    await grant(db, two, member, ['canView'], new Date(Date.now() - 1000));
    expect(await found(member)).toEqual(['one']);
    await trashPage(db, { userId: owner, pageId: one });
    expect(await found(member)).toEqual([]);
    expect(await found(owner)).toEqual(['three', 'two']);
    await grant(db, two, member, ['canView']);
    await trashDrive(db, { userId: owner, driveId });
    expect(await found(member)).toEqual([]);
  });

  test('search and the access check agree on random grants', { timeout: 60_000 }, async () => {
    const { db } = workspace;
    const role = fc.constantFrom('ADMIN' as const, 'MEMBER' as const, null);
    const granted = fc.constantFrom(null, 'lasting', 'expired');
    await fc.assert(
      fc.asyncProperty(
        role,
        fc.array(granted, { minLength: 4, maxLength: 4 }),
        async (part, grants) => {
          const [owner, userId] = [await addUser(db), await addUser(db)];
          const driveId = await addDrive(db, owner);
          if (part) await addMember(db, driveId, userId, part);
          const ids = await write(driveId, { a: 'sloe', b: 'sloe', c: 'sloe', d: 'sloe' });
          for (const [n, kind] of grants.entries()) {
            const expiry = kind === 'expired' ? new Date(Date.now() - 1000) : null;
            if (kind) await grant(db, ids[n] ?? '', userId, ['canView'], expiry);
          }
          await trashPage(db, { userId: owner, pageId: ids[3] ?? '' });
          const { items } = await searchPages(db, { userId, words: 'sloe', driveId });
          const allowed = [];
          for (const pageId of ids.slice(0, 3)) {
            if ((await getPageAccess(db, { userId, pageId })).canView) allowed.push(pageId);
          }
          expect(items.map(({ id }) => id).sort()).toEqual(allowed.sort());
        },
      ),
      { numRuns: 20 },
    );
  });
});

test('pages through equal ranks without losing or repeating a hit', async () => {
  const { db, owner, driveId } = await makeScene(workspace);
  // Half of the hits are the owner's, half granted to them elsewhere: the two come from separate reads.
  const elsewhere = await makeScene(workspace);
  const names = Array.from({ length: 23 }, (_, n) => `rowan ${n % 3 ? '' : 'rowan '}${n}`);
  await addPages(db, driveId, names.slice(12));
  for (const id of await addPages(db, elsewhere.driveId, names.slice(0, 12)))
    await grant(db, id, owner, ['canView']);
  const seen: SearchHit[] = [];
  let after: string | null = null;
  do {
    const page = await searchPages(db, { userId: owner, words: 'rowan', limit: 4, after });
    seen.push(...page.items);
    after = page.nextCursor;
  } while (after);
  expect(new Set(seen.map(({ id }) => id)).size).toBe(23);
  expect(seen).toHaveLength(23);
  const ranks = seen.map(({ rank }) => rank);
  expect(ranks).toEqual(ranks.toSorted((one, other) => other - one));
  const order = seen.map(({ id, rank }) => `${rank.toFixed(6)} ${id}`);
  expect(order).toEqual(order.toSorted().reverse());
  const damaged = searchPages(db, { userId: owner, words: 'rowan', after: 'x' });
  await expect(damaged).rejects.toThrow(InvalidInputError);
});
