import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chown, mkdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, programOf } from './programs.ts';
import { environment, pathOf } from './surroundings.ts';

const run = promisify(execFile);

/** The system's locale, for everything outside of ICU's. */
const locale =
  process.platform === 'win32' ? 'C' : process.platform === 'darwin' ? 'en_US.UTF-8' : 'C.UTF-8';

/**
 * Creates a cluster in `folder/data` unless there is one. Like the official image's, it compares
 * text by the rules of American English, and its collation has a version. The rules are ICU's,
 * which are part of the programs, because the machine may lack the locale.
 * @returns its superuser's password, stored beside it
 * @throws Error when the existing cluster belongs to somebody else
 */
export async function initialise(
  binaries: Binaries,
  { folder, durable }: { folder: string; durable: boolean },
): Promise<string> {
  const data = join(folder, 'data');
  const kept = join(folder, 'password');
  const there = await stat(data).catch(() => undefined);
  if (there) {
    const me = process.getuid?.();
    if (me && there.uid !== me) {
      throw new Error(`${data} belongs to another user (${there.uid}). Use a folder of your own.`);
    }
    return readFile(kept, 'utf8');
  }
  // Under another name until it is complete, so that an interrupted one is never taken for a
  // cluster.
  const unfinished = join(folder, 'unfinished');
  await rm(unfinished, { recursive: true, force: true });
  const cwd = join(unfinished, 'data');
  await mkdir(cwd, { recursive: true, mode: 0o700 });
  const password = randomBytes(16).toString('hex');
  for (const file of [kept, join(unfinished, 'password')]) {
    await writeFile(file, password, { mode: 0o600 });
  }
  const { user } = binaries;
  const owner = user && { uid: user.uid, gid: user.gid };
  if (user) {
    for (const path of [unfinished, cwd, join(unfinished, 'password')]) {
      await chown(path, user.uid, user.gid);
    }
  }
  const options = [
    ...['-D', pathOf(cwd), '-U', 'postgres', '--pwfile=../password', '--auth=scram-sha-256'],
    ...['--encoding=UTF8', `--locale=${locale}`, '--lc-messages=C', '-T', 'english'],
    ...['--locale-provider=icu', '--icu-locale=en-US', '--no-instructions'],
    ...(durable ? [] : ['--no-sync']),
  ];
  await run(programOf(binaries.folder, 'initdb'), options, { ...owner, cwd, env: environment() });
  await rename(cwd, data);
  await rm(unfinished, { recursive: true });
  return password;
}
