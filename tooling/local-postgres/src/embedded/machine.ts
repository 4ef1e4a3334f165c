import { execFile } from 'node:child_process';
import { access, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Binaries, majorOf, programOf, versionOf } from './programs.ts';
import { canReach, type User } from './user.ts';

const run = promisify(execFile);

/** The major version that the migrations are written for and tested on. */
const oldest = 17;

/** Folders with a folder for each installed version: Debian, Red Hat, Homebrew, Postgres.app. */
const places = [
  { folder: '/usr/lib/postgresql', named: /^\d+$/ },
  { folder: '/usr', named: /^pgsql-\d+$/ },
  { folder: '/opt/homebrew/opt', named: /^postgresql(@\d+)?$/ },
  { folder: '/usr/local/opt', named: /^postgresql(@\d+)?$/ },
  { folder: '/Applications/Postgres.app/Contents/Versions', named: /^\d+$/ },
];

/** The newest PostgreSQL installed here that has pgvector, or undefined. */
export async function findOnMachine(user: User | undefined): Promise<Binaries | undefined> {
  const tools = ['pg_config'];
  for (const { folder, named } of places) {
    const versions = await readdir(folder).catch(() => []);
    for (const name of versions) {
      if (named.test(name)) tools.push(join(folder, name, 'bin', 'pg_config'));
    }
  }
  const found = await Promise.all(tools.map((tool) => look(tool, user).catch(() => undefined)));
  return found
    .filter((binaries) => binaries !== undefined)
    .sort((a, b) => majorOf(b.version) - majorOf(a.version))[0];
}

/** @throws Error when there is no such tool, or no server beside it */
async function look(tool: string, user: User | undefined): Promise<Binaries | undefined> {
  const { stdout } = await run(tool, ['--bindir', '--sharedir']);
  const [folder = '', share = ''] = stdout.trim().split('\n');
  await Promise.all([
    access(programOf(folder, 'initdb')),
    access(join(share, 'extension', 'vector.control')),
    // One of the contrib modules, which some systems package separately.
    access(join(share, 'extension', 'btree_gin.control')),
  ]);
  const version = await versionOf(folder);
  if (majorOf(version) < oldest || !(await canReach(user, folder))) return undefined;
  const description = `PostgreSQL ${version} of this machine, with pgvector (${folder})`;
  return { folder, version, vector: true, user, description };
}
