import { execFileSync } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Item, Piece } from '../src/items.ts';
import type { Choices } from '../src/plan/plan.ts';

/** A project of somebody else, in a temporary folder under git. */
export interface TestHost {
  readonly root: string;
  readonly folder: string;
  write(path: string, text: string): void;
  read(path: string): string;
  git(...args: string[]): string;
  commit(): void;
  remove(): void;
}

export function createHost(files: Readonly<Record<string, string>> = {}): TestHost {
  const root = mkdtempSync(join(tmpdir(), 'take-host-'));
  const write = (path: string, text: string) => {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  };
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=Ada', '-c', 'user.email=ada@example.com', ...args], {
      cwd: root,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  const host: TestHost = {
    root,
    folder: join(root, 'src/db'),
    write,
    read: (path) => readFileSync(join(root, path), 'utf8'),
    git,
    commit() {
      git('add', '-A');
      git('commit', '-q', '-m', 'state', '--allow-empty');
    },
    remove: () => rmSync(root, { recursive: true, force: true }),
  };
  const manifest = { name: 'host', version: '1.0.0', private: true };
  write('package.json', `${JSON.stringify(manifest, null, 2)}\n`);
  for (const [path, text] of Object.entries(files)) write(path, text);
  git('init', '-q');
  host.commit();
  return host;
}

/** Whether an item is a piece whose tables are a package's without the tables around them. */
export const isPortable = (item: Item): item is Piece =>
  item.kind === 'piece' && item.files.some((file) => file.includes('/portable/queries/'));

export const npmChoices: Choices = {
  manager: 'npm',
  ending: 'js',
  driver: 'postgres',
  form: 'source',
  into: 'src/db',
  project: '',
};

/** Lends a host what a package of this repository has installed, without replacing what it has. */
export function linkModules(from: string, host: string): void {
  const link = (below: string) => {
    for (const name of readdirSync(join(from, 'node_modules', below))) {
      const path = join('node_modules', below, name);
      if (name.startsWith('@') || name === '.bin') link(join(below, name));
      else if (!existsSync(join(host, path))) {
        mkdirSync(dirname(join(host, path)), { recursive: true });
        symlinkSync(join(from, path), join(host, path));
      }
    }
  };
  link('');
}
