import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectRoot } from '../catalog/source-files.ts';

const run = promisify(execFile);
const longestMs = 120_000;
const mostBytes = 20_000_000;

/**
 * Runs one of the scripts of this folder in a process of its own, as a developer would from a terminal:
 * the migrator's and the audit's parsers are no part of the built application.
 *
 * @param script its name in this folder
 * @param environment for it alone: a URL holds a password and belongs on no command line
 * @returns the JSON that it prints, unread
 */
export async function runTool(
  script: 'rehearse-migrations' | 'rename-column' | 'audit-change' | 'review-migrations',
  environment: Readonly<Record<string, string>>,
): Promise<unknown> {
  const root = projectRoot();
  const file = join(root, 'apps/demo/src/tools', `${script}.ts`);
  const { stdout } = await run(process.execPath, ['--import', 'tsx', file], {
    cwd: join(root, 'apps/demo'),
    env: { ...process.env, ...environment },
    timeout: longestMs,
    maxBuffer: mostBytes,
  });
  return JSON.parse(stdout);
}
