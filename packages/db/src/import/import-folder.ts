import { type Problem, UnreadableFile } from '@reference/folder-reader';
import { ConflictError, NotFoundError, transaction } from '@reference/kit';
import { asc, desc } from 'drizzle-orm';
import type { Db, Tx } from '../database.ts';
import { hasEmail } from '../queries/auth/users.ts';
import { createDrive, getDriveBySlug } from '../queries/core/drives.ts';
import { lockDrive } from '../queries/core/locked-drive.ts';
import { slugFrom } from '../queries/core/slug.ts';
import { type Drive, users } from '../schema/index.ts';
import { isEdited, planImport } from './plan.ts';
import { readSource, type SourceFile } from './read-source.ts';
import { type Source, scanSources, unreadSources } from './scan-folder.ts';
import { loadImported, reviveImported, storePlan } from './store.ts';

/** The progress of an import; `total` is known before the first file is read. */
export interface ImportProgress {
  readonly step: 'read' | 'store';
  readonly done: number;
  readonly total: number;
}

export interface ImportSummary {
  readonly drive: Drive;
  readonly created: number;
  readonly updated: number;
  readonly unchanged: number;
  /** Pages that came back from the trash, with their subtrees; counted above too. */
  readonly restored: number;
  /** Pages whose file is gone, with their subtrees; never one that could not be read. */
  readonly trashed: number;
  readonly mentionsAdded: number;
  readonly mentionsRemoved: number;
  /** The files that were left out, and why. A page that such a file made before stays as it is. */
  readonly problems: readonly Problem[];
  readonly otherFiles: number;
}

/**
 * Makes a drive show a folder: folders become FOLDER pages, Markdown and text DOCUMENT pages,
 * images FILE pages; relative links between them become mentions. A second import changes only what
 * differs. A page keeps its id by its path, goes to the trash with its file, and comes back with
 * it. One transaction: all or nothing. The folder wins: if somebody edited a page's title or
 * content since the last import, the page is set back to its file, even if that file has not
 * changed.
 *
 * A file that could not be read is not gone, so its page stays, as do all pages below an unreadable
 * folder.
 *
 * @param params.folder an absolute path
 * @param params.drive the drive's name; created for that user if they have none of its slug
 * @param params.email the drive's owner; default: the first administrator, or else the first user
 * @param params.all also hidden folders and `node_modules`
 * @param params.replace even if the drive shows another folder now
 * @throws InvalidInputError when the folder can't be read, is empty, or is not the one that the
 *   drive shows
 * @throws ConflictError when the drive is in the trash
 * @throws NotFoundError when there is no such user
 */
export async function importFolder(
  db: Db,
  params: {
    folder: string;
    drive: string;
    email?: string | undefined;
    all?: boolean | undefined;
    replace?: boolean | undefined;
    onProgress?: (progress: ImportProgress) => void;
  },
): Promise<ImportSummary> {
  const { folder, replace, onProgress = () => {} } = params;
  const scan = await scanSources(folder, params);
  return transaction(db, async (tx) => {
    const drive = await openDrive(tx, params);
    const before = await loadImported(tx, drive.id);
    const sources: Source[] = [...scan.entries, ...unreadSources(scan, before)];
    const paths = scan.entries.map(({ path }) => path);
    const restored = await reviveImported(tx, drive.id, before, paths);
    const known = restored > 0 ? await loadImported(tx, drive.id) : before;
    const { files, problems } = await readAll(folder, scan.entries, {
      hashOf: (path) => {
        const page = known.get(path);
        return page && !isEdited(page) ? page.contentHash : null;
      },
      onProgress,
    });
    const plan = planImport(drive.id, sources, files, known, { replace: replace ?? false });
    const total = plan.created.length + plan.updated.length;
    let done = 0;
    const stored = await storePlan(tx, drive.id, plan, (pages) => {
      done += pages;
      onProgress({ step: 'store', done, total });
    });
    return {
      drive,
      created: plan.created.length,
      updated: plan.updated.length,
      unchanged: plan.unchanged,
      restored,
      ...stored,
      problems: [...scan.problems, ...problems],
      otherFiles: scan.otherFiles,
    };
  });
}

/** The drive to fill, locked; created if there is none. */
async function openDrive(
  tx: Tx,
  { drive: name, email }: { drive: string; email?: string | undefined },
): Promise<Drive> {
  const [owner] = await tx
    .select({ id: users.id })
    .from(users)
    .where(email === undefined ? undefined : hasEmail(email))
    .orderBy(desc(users.role), asc(users.createdAt), asc(users.id))
    .limit(1);
  if (!owner) {
    throw new NotFoundError(
      email === undefined
        ? 'There is no user yet to own the drive. Run db:seed first.'
        : `There is no user ${email}. Name an existing one.`,
    );
  }
  const slug = slugFrom(name);
  const address = { userId: owner.id, ownerId: owner.id, slug };
  const found = await getDriveBySlug(tx, address);
  if (!found) return createDrive(tx, { ownerId: owner.id, name, slug });
  await lockDrive(tx, found.id);
  // Read again, because it may have gone to the trash or to another owner before the lock was held.
  const drive = await getDriveBySlug(tx, address);
  if (drive?.id !== found.id) throw new ConflictError('This drive changed meanwhile. Try again.');
  if (drive.isTrashed) {
    throw new ConflictError(`The drive ${name} is in the trash. Restore it, or name another.`);
  }
  return drive;
}

/** Files that are read at once: enough to keep the disk busy, far below any limit of open files. */
const readers = 16;

async function readAll(
  folder: string,
  sources: readonly Source[],
  {
    hashOf,
    onProgress,
  }: { hashOf: (path: string) => string | null; onProgress: (progress: ImportProgress) => void },
): Promise<{ files: Map<string, SourceFile>; problems: Problem[] }> {
  const queue = sources.filter(({ kind }) => kind !== 'folder');
  const files = new Map<string, SourceFile>();
  const problems: Problem[] = [];
  const total = queue.length;
  let next = 0;
  let done = 0;
  const work = async () => {
    for (let source = queue[next++]; source; source = queue[next++]) {
      try {
        files.set(source.path, await readSource(folder, source, hashOf(source.path)));
      } catch (error) {
        if (!(error instanceof UnreadableFile)) throw error;
        problems.push({ path: source.path, reason: error.message });
      }
      done += 1;
      onProgress({ step: 'read', done, total });
    }
  };
  await Promise.all(Array.from({ length: readers }, work));
  problems.sort((one, other) => (one.path < other.path ? -1 : 1));
  return { files, problems };
}
