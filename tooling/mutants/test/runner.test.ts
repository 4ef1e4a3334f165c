import { mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Runner } from '../src/runner.ts';

let root: string;
let runner: Runner;
beforeAll(async () => {
  root = await realpath(await mkdtemp(join(tmpdir(), 'runner-')));
  await symlink(
    fileURLToPath(new URL('../node_modules', import.meta.url)),
    join(root, 'node_modules'),
  );
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  await writeFile(join(root, 'vitest.config.ts'), 'export default {};');
  for (const name of ['a', 'b']) {
    await writeFile(join(root, `${name}.ts`), 'export const one = 1;');
    await writeFile(
      join(root, `${name}.test.ts`),
      `import { expect, test } from 'vitest'; import { one } from './${name}.ts';
       test('one', () => expect(one).toBe(1));`,
    );
  }
  runner = new Runner({ root, workers: 1 });
});
afterAll(async () => {
  await runner.close();
  await rm(root, { recursive: true, force: true });
});

test('a fault ends with its file restored, although vitest stays warm', async () => {
  const failed = async (changed: string) => {
    const answer = await runner.run({ changed: [changed], files: ['a.test.ts'] }, 60_000);
    if (answer === 'timeout') throw new Error('vitest took too long');
    return answer.files.map(({ failedTest }) => failedTest);
  };
  await writeFile(join(root, 'a.ts'), 'export const one = 2;');
  expect(await failed('a.ts')).toEqual(['one']);
  await writeFile(join(root, 'a.ts'), 'export const one = 1;');
  expect(await failed('b.ts')).toEqual([undefined]);
});
