import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { modulesOfNext } from '@reference/drizzle-next';

const at = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The line of Drizzle that a project is on. */
export type Line = '0.x' | '1.0';

/** Histories written by drizzle-kit 0.31, by 1.0, and by 0.31 and then converted by `drizzle-kit up` of 1.0. */
export type History = 'journal' | 'folders' | 'converted';

/** Directories of projects that have nothing of this workspace but one line of Drizzle. */
export class ForeignProjects {
  private readonly root: string;

  private constructor(root: string) {
    this.root = root;
  }

  static async on(line: Line): Promise<ForeignProjects> {
    const own = at('../node_modules');
    const modules = line === '1.0' ? modulesOfNext : own;
    // Below node_modules, which nothing here reads as source.
    await mkdir(join(own, '.foreign-test'), { recursive: true });
    const root = await mkdtemp(join(own, '.foreign-test', 'on-'));
    await mkdir(join(root, 'node_modules'));
    for (const name of ['drizzle-kit', 'drizzle-orm'])
      await symlink(await realpath(join(modules, name)), join(root, 'node_modules', name));
    return new ForeignProjects(root);
  }

  /** A project with a history, its schema and a configuration. */
  async create(history: History): Promise<string> {
    const directory = await this.createEmpty();
    await cp(at(`./fixtures/${history}`), directory, { recursive: true });
    return directory;
  }

  /** A project without a history. */
  async createEmpty(schema = ''): Promise<string> {
    const directory = await mkdtemp(join(this.root, 'project-'));
    await writeFile(join(directory, 'package.json'), '{ "name": "foreign", "private": true }\n');
    await writeFile(join(directory, 'schema.ts'), schema);
    await writeFile(
      join(directory, 'drizzle.config.ts'),
      `import { defineConfig } from 'drizzle-kit';\nexport default defineConfig({ dialect: 'postgresql', schema: './schema.ts', out: './drizzle' });\n`,
    );
    return directory;
  }

  remove(): Promise<void> {
    return rm(this.root, { recursive: true, force: true });
  }
}

/** Runs the project's own drizzle-kit there. */
export async function drizzleKit(directory: string, ...args: string[]): Promise<void> {
  const command = join(directory, '..', 'node_modules', 'drizzle-kit', 'bin.cjs');
  await promisify(execFile)(process.execPath, [command, ...args], { cwd: directory });
}
