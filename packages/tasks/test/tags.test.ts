import { ConflictError, InvalidInputError, NotFoundError } from '@reference/kit';
import { capabilities } from '@reference/local-postgres';
import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  addTaskTag,
  createTag,
  deleteTag,
  listTags,
  removeTaskTag,
  requireTaskById,
  setTaskTags,
  softDeleteTask,
  tags,
  taskTags,
  updateTag,
} from '../src/index.ts';
import { addTask, addUser, openWorkbench, untyped, type Workbench } from './workbench.ts';

let bench: Workbench;
beforeAll(async () => {
  bench = await openWorkbench();
});
afterAll(() => bench.close());

const addTags = async (userId: string, ...names: string[]) => {
  const ids = [];
  for (const name of names) ids.push((await createTag(bench.db, { userId, name })).id);
  return ids;
};
const namesOf = async (userId: string, taskId: string) =>
  (await requireTaskById(bench.db, { userId, taskId })).tags.map(({ name }) => name);

describe('createTag and updateTag', () => {
  it('keep one tag a name, whatever its case, for each user', async () => {
    const [userId, other] = [await addUser(bench.db), await addUser(bench.db)];
    const tag = await createTag(bench.db, { userId, name: '  Urgent ', color: '#FF0000' });
    expect(tag).toMatchObject({ name: 'Urgent', color: '#FF0000' });
    await expect(createTag(bench.db, { userId, name: 'URGENT' })).rejects.toThrow(ConflictError);
    await createTag(bench.db, { userId: other, name: 'urgent' });

    const [tagId] = await addTags(userId, 'later');
    const rename = (name: string) =>
      updateTag(bench.db, { userId, tagId: tagId ?? '', changes: { name } });
    await expect(rename('urgent')).rejects.toThrow(ConflictError);
    expect(await rename('LATER')).toMatchObject({ name: 'LATER' });
  });

  it.each([{ name: '' }, { name: 'a\nb' }, { name: 'a'.repeat(51) }, { name: 'a', color: 'red' }])(
    'refuse %j',
    async (wrong) => {
      const userId = await addUser(bench.db);
      const creating = createTag(bench.db, { userId, ...untyped(wrong) });
      await expect(creating).rejects.toThrow(InvalidInputError);
      const [tagId = ''] = await addTags(userId, 'fine');
      const updating = updateTag(bench.db, { userId, tagId, changes: untyped(wrong) });
      await expect(updating).rejects.toThrow(InvalidInputError);
    },
  );
});

describe('listTags', () => {
  it('walks tags by name, whatever their case', async () => {
    const userId = await addUser(bench.db);
    await addTags(userId, 'b', 'A', 'c', 'D');
    const first = await listTags(bench.db, { userId, limit: 2 });
    const rest = await listTags(bench.db, { userId, limit: 2, after: first.nextCursor });
    expect([...first.items, ...rest.items].map(({ name }) => name)).toEqual(['A', 'b', 'c', 'D']);
    expect(rest.nextCursor).toBeNull();
  });
});

describe('tags of a task', () => {
  it('are put on, taken off and set as a whole', async () => {
    const userId = await addUser(bench.db);
    const taskId = await addTask(bench.db, userId);
    const [a = '', b = '', c = ''] = await addTags(userId, 'a', 'b', 'c');
    await addTaskTag(bench.db, { userId, taskId, tagId: a });
    await addTaskTag(bench.db, { userId, taskId, tagId: a });
    expect(await namesOf(userId, taskId)).toEqual(['a']);
    await setTaskTags(bench.db, { userId, taskId, tagIds: [b, c, b] });
    expect(await namesOf(userId, taskId)).toEqual(['b', 'c']);
    await setTaskTags(bench.db, { userId, taskId, tagIds: [] });
    expect(await namesOf(userId, taskId)).toEqual([]);
    await setTaskTags(bench.db, { userId, taskId, tagIds: [b, c] });
    await removeTaskTag(bench.db, { userId, taskId, tagId: b });
    await removeTaskTag(bench.db, { userId, taskId, tagId: b });
    expect(await namesOf(userId, taskId)).toEqual(['c']);
    await deleteTag(bench.db, { userId, tagId: c });
    expect(await namesOf(userId, taskId)).toEqual([]);
  });

  it('stay as they are when one is not there, or the task is deleted', async () => {
    const [userId, other] = [await addUser(bench.db), await addUser(bench.db)];
    const taskId = await addTask(bench.db, userId);
    const [own = ''] = await addTags(userId, 'a');
    const [foreign = ''] = await addTags(other, 'a');
    await setTaskTags(bench.db, { userId, taskId, tagIds: [own] });
    for (const tagIds of [[foreign], [own, 'none']]) {
      const setting = setTaskTags(bench.db, { userId, taskId, tagIds });
      await expect(setting).rejects.toThrow(NotFoundError);
    }
    expect(await namesOf(userId, taskId)).toEqual(['a']);
    await softDeleteTask(bench.db, { userId, taskId });
    const setting = setTaskTags(bench.db, { userId, taskId, tagIds: [] });
    await expect(setting).rejects.toThrow(NotFoundError);
    expect(await bench.db.$count(taskTags, eq(taskTags.taskId, taskId))).toBe(1);
  });

  it('can be of no other user, also in the table', async () => {
    const [userId, other] = [await addUser(bench.db), await addUser(bench.db)];
    const taskId = await addTask(bench.db, userId);
    const [foreign = ''] = await addTags(other, 'a');
    for (const owner of [userId, other]) {
      const inserting = bench.db.insert(taskTags).values({ userId: owner, taskId, tagId: foreign });
      await expect(inserting).rejects.toThrow();
    }
    expect(await bench.db.$count(tags, eq(tags.id, foreign))).toBe(1);
  });
});

describe.skipIf(!capabilities.concurrency)('setTaskTags by two at once', () => {
  it('leaves one of the two sets whole', async () => {
    const userId = await addUser(bench.db);
    const [a = '', b = '', c = '', d = ''] = await addTags(userId, 'a', 'b', 'c', 'd');
    const pools = [bench.connect({ max: 1 }), bench.connect({ max: 1 })];
    for (let round = 0; round < 10; round++) {
      const taskId = await addTask(bench.db, userId);
      await Promise.all(
        pools.map(({ db }, index) =>
          setTaskTags(db, { userId, taskId, tagIds: index === 0 ? [a, b] : [c, d] }),
        ),
      );
      const names = (await namesOf(userId, taskId)).join('');
      expect(['ab', 'cd']).toContain(names);
    }
    await Promise.all(pools.map((pool) => pool.close()));
  });
});
