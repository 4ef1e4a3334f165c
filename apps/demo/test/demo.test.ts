import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url));
let data: string;
beforeAll(async () => {
  data = await mkdtemp(join(tmpdir(), 'demo-'));
});
afterAll(() => rm(data, { recursive: true }));

interface Ended {
  readonly code: number | null;
  readonly output: string;
}

function demo(options: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<Ended> {
  const child = spawn(process.execPath, ['--import', 'tsx', main, ...options], {
    cwd: fileURLToPath(new URL('..', import.meta.url)),
    env: { ...process.env, DATABASE_URL: '', NO_COLOR: '1', ...env },
  });
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    output += chunk;
  });
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, output })));
}

const limit = { timeout: 240_000 };

describe('the demo, from nothing', limit, () => {
  test('starts, fills and shows a database, and keeps it for the next time', async () => {
    const first = await demo(['--data', data, '--port', '0']);
    expect(first.output).toContain('rows seeded');
    expect(first.output).toMatch(/├─ Roadmap {2}folder\n {2}│ {2}├─ Launch plan/);
    expect(first.output).toMatch(/chloe +view {2}edit/);
    expect(first.output).toMatch(/zoe +· +· +· +·/);
    expect(first.output).toContain('nothing: no part in any drive');
    expect(first.code).toBe(0);

    const second = await demo(['--data', data, '--port', '0']);
    expect(second.output).toContain('migrations are up to date');
    expect(second.output).toContain('seeded already');
    // Not all: somebody may be writing one of the documents.
    expect(second.output).toMatch(/[1-9]\d* as they were/);
    expect(second.code).toBe(0);
  });

  test('takes another port when its own is taken, and begins anew with --reset', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, output } = await demo(['--data', data, '--port', String(port), '--reset']);
    server.close();
    expect(output).toContain(`port ${port} is taken`);
    expect(output).toContain('rows seeded');
    expect(code).toBe(0);
  });

  test('says what is wrong with a DATABASE_URL', async () => {
    const wrong = await demo([], { DATABASE_URL: 'mysql://user:secret@host/x' });
    expect(wrong.code).toBe(1);
    expect(wrong.output).toContain('DATABASE_URL is not a URL');
    expect(wrong.output).not.toContain('secret');
    const nobody = await demo([], { DATABASE_URL: 'postgres://user:secret@127.0.0.1:1/x' });
    expect(nobody.code).toBe(1);
    expect(nobody.output).not.toContain('secret');
  });
});
