import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  cpSync,
  mkdirSync,
  mkdtempSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openSource } from '../src/source/tree.ts';
import { linkModules } from './host.ts';

const { root: clone } = openSource();
const exec = promisify(execFile);
const env = { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' } as const;

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'take-next-')));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), text);
}

function link(target: string, path: string): void {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  symlinkSync(join(clone, target), join(root, path));
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

it('an application of Next finds the migrations of a package after next build, also when it is deployed elsewhere', {
  timeout: 900_000,
}, async () => {
  write('package.json', '{ "name": "host", "private": true }');
  write(
    'next.config.mjs',
    `export default {
  transpilePackages: ['@pagespace/db', '@reference/kit'],
  typescript: { ignoreBuildErrors: true },
  // The packages lie in this repository, which is beside the application.
  turbopack: { root: '/' },
  outputFileTracingRoot: '/',
};\n`,
  );
  write(
    'app/layout.js',
    'export default ({ children }) => <html lang="en"><body>{children}</body></html>;\n',
  );
  write(
    'app/folder/route.js',
    `import { migrationsFolder } from '@pagespace/db';
export const dynamic = 'force-dynamic';
export const GET = () => new Response(migrationsFolder);\n`,
  );
  for (const part of ['package.json', 'src', 'drizzle'])
    cpSync(join(clone, 'packages/db', part), join(root, 'node_modules/@pagespace/db', part), {
      recursive: true,
    });
  linkModules(join(clone, 'packages/db'), root);
  for (const name of ['next', 'react', 'react-dom'])
    link(`apps/demo/node_modules/${name}`, `node_modules/${name}`);
  const next = 'node_modules/next/dist/bin/next';
  await exec(process.execPath, [next, 'build'], { cwd: root, env });
  expect(await folderOf(root, next)).toBe(join(root, 'node_modules/@pagespace/db/drizzle'));

  const built = root;
  root = `${built}-deployed`;
  renameSync(built, root);
  expect(await folderOf(root, next)).toBe(join(root, 'node_modules/@pagespace/db/drizzle'));
});

/** The answer of the application that was built there. */
async function folderOf(cwd: string, next: string): Promise<string> {
  const port = await freePort();
  const server = spawn(process.execPath, [next, 'start', '-H', '127.0.0.1', '-p', `${port}`], {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  try {
    for await (const line of createInterface(server.stdout)) if (/Ready/.test(line)) break;
    const response = await fetch(`http://127.0.0.1:${port}/folder`);
    return await response.text();
  } finally {
    server.kill();
    await once(server, 'exit');
  }
}
