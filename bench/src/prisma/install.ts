// pnpm --filter ./bench prisma:install: installs Prisma in bench/prisma and generates its client there.
import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const cwd = fileURLToPath(new URL('../../prisma/', import.meta.url));
const run = (command: string, ...args: string[]) =>
  execFileSync(command, args, {
    cwd,
    stdio: 'inherit',
    // Generating needs no schema engine; named so, the command downloads none.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: process.execPath },
  });
run('npm', 'install', '--ignore-scripts', '--no-audit', '--no-fund');
run(process.execPath, 'node_modules/prisma/build/index.js', 'generate');
