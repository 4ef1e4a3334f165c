import { execFile } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { capabilities, createTestDatabase } from '@reference/local-postgres';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { generateMigration } from '../src/finish.ts';
import { items, type Piece } from '../src/items.ts';
import type { Lock } from '../src/lock.ts';
import { planPieces } from '../src/plan/plan-pieces.ts';
import { openSource } from '../src/source/tree.ts';
import { createHost, isPortable, linkModules, npmChoices, type TestHost } from './host.ts';

const tree = openSource();
const exec = promisify(execFile);
/** The others run theirs in test/portable-pieces.test.ts. */
const pieces = items.filter((item): item is Piece => item.kind === 'piece' && !isPortable(item));

let host: TestHost;
beforeEach(() => {
  host = createHost();
});
afterEach(() => host.remove());

it.skipIf(!capabilities.concurrency)(
  'the tests of all pieces pass in the project that takes them, on a server, with none skipped',
  { timeout: 600_000 },
  async () => {
    const choices = { ...npmChoices, ending: 'ts' } as const;
    const plan = planPieces(tree, pieces, choices);
    for (const { path, text } of plan.files) {
      const target = join(host.folder, path);
      mkdirSync(dirname(target), { recursive: true });
      writeFileSync(target, text);
    }
    host.write('package.json', '{ "name": "host", "private": true, "type": "module" }');
    for (const folder of ['packages/take', 'packages/db', 'packages/kit'])
      linkModules(join(tree.root, folder), host.root);
    const lock: Lock = {
      version: 1,
      source: { version: '0.1.0', commit: null },
      choices,
      items: [],
      files: {},
      migrations: [],
      edits: [],
    };
    await generateMigration({ plan, folder: host.folder }, { project: host.root }, lock);
    const database = await createTestDatabase();
    const vitest = join(host.root, 'node_modules/.bin/vitest');
    const env = { ...process.env, TEST_DATABASE_URL: database.url, RACE_ROUNDS: '10' };
    const args = ['run', '--root', host.root, '--reporter=json', '--testTimeout=120000', 'src/db'];
    const { stdout } = await exec(vitest, args, { cwd: host.root, env, maxBuffer: 1e8 })
      .catch((error: { stdout: string }) => error)
      .finally(() => database.close());
    const report: {
      numPassedTests: number;
      numPendingTests: number;
      testResults: {
        message: string;
        assertionResults: { status: string; fullName: string; failureMessages: string[] }[];
      }[];
    } = JSON.parse(stdout);
    const failed = report.testResults.flatMap(({ message, assertionResults }) => [
      ...(message ? [message] : []),
      ...assertionResults
        .filter(({ status }) => status === 'failed')
        .map(({ fullName, failureMessages }) => `${fullName}: ${failureMessages[0]}`),
    ]);
    expect(failed).toEqual([]);
    expect(report.numPendingTests).toBe(0);
    expect(report.numPassedTests).toBeGreaterThan(100);
  },
);
