import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface File {
  readonly name: string;
  readonly sql: string;
  readonly down?: string;
  /** Milliseconds; default: the place in the list. */
  readonly when?: number;
}

/** A drizzle-kit folder on disk, for a test. */
export class MigrationsFolder {
  readonly path: string;

  private constructor(path: string) {
    this.path = path;
  }

  static async create(files: readonly File[] = []): Promise<MigrationsFolder> {
    const folder = new MigrationsFolder(await mkdtemp(join(tmpdir(), 'migrator-test-')));
    await folder.write(files);
    return folder;
  }

  /** Makes the folder hold exactly these files, and a journal that names them. */
  async write(files: readonly File[]): Promise<void> {
    await this.remove();
    await mkdir(join(this.path, 'meta'), { recursive: true });
    for (const { name, sql, down } of files) {
      await writeFile(join(this.path, `${name}.sql`), sql);
      if (down !== undefined) await writeFile(join(this.path, `${name}.down.sql`), down);
    }
    const entries = files.map(({ name, when }, idx) => ({
      idx,
      version: '7',
      when: when ?? 1_700_000_000_000 + idx,
      tag: name,
      breakpoints: true,
    }));
    const journal = { version: '7', dialect: 'postgresql', entries };
    await writeFile(join(this.path, 'meta', '_journal.json'), JSON.stringify(journal));
  }

  edit(name: string, sql: string): Promise<void> {
    return writeFile(join(this.path, `${name}.sql`), sql);
  }

  remove(): Promise<void> {
    return rm(this.path, { recursive: true, force: true });
  }
}
