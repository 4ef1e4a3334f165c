import { createId } from '@paralleldrive/cuid2';
import { compareNames } from '@reference/folder-reader';
import { InvalidInputError } from '@reference/kit';
import { positionBetween } from '../queries/core/position.ts';
import type { NewPage, PageType } from '../schema/index.ts';
import type { SourceFile } from './read-source.ts';
import type { Source, SourceKind } from './scan-folder.ts';

/** A page that an earlier import made. */
export interface ImportedPage {
  readonly id: string;
  readonly filePath: string;
  readonly parentId: string | null;
  readonly type: PageType;
  readonly title: string;
  readonly position: number;
  readonly revision: number;
  /** The revision that the last import left; null if the import did not record it. */
  readonly importedRevision: number | null;
  readonly isTrashed: boolean;
  readonly contentHash: string | null;
  /** Paths that its links point to. */
  readonly links: readonly string[];
}

/** The changes that make a drive show a folder. */
export interface Plan {
  readonly created: NewPage[];
  readonly updated: NewPage[];
  /** Pages whose file is gone and that lie under no other such page. */
  readonly gone: string[];
  readonly unchanged: number;
  /** From each document's page to those it links to. */
  readonly mentions: { readonly sourcePageId: string; readonly targetPageId: string }[];
  /** The pages whose file was read: only their mentions are known, and may be removed. */
  readonly read: ReadonlySet<string>;
}

const pageTypes: Record<SourceKind, PageType> = {
  folder: 'FOLDER',
  document: 'DOCUMENT',
  image: 'FILE',
};

/**
 * Compares a folder with its earlier import.
 *
 * @param sources the folder's entries, and those that it may still hold though the scan did not see
 *   them
 * @param files the files that were read, by path; a source without an entry could not be read, and
 *   its page stays as it is
 * @throws InvalidInputError when the drive shows another folder, without a path in common
 */
export function planImport(
  driveId: string,
  sources: readonly Source[],
  files: ReadonlyMap<string, SourceFile>,
  known: ReadonlyMap<string, ImportedPage>,
  { replace = false } = {},
): Plan {
  const kept = sources.filter(
    ({ path, kind }) => kind === 'folder' || files.has(path) || known.has(path),
  );
  const ids = new Map(kept.map(({ path }) => [path, known.get(path)?.id ?? createId()]));
  const positions = placeAll(kept, known, ids);
  const plan = {
    created: [] as NewPage[],
    updated: [] as NewPage[],
    gone: topmostGone(known, ids),
    unchanged: 0,
    mentions: [] as Plan['mentions'],
    read: new Set<string>(),
  };

  if (plan.gone.length > 0 && !replace) rejectOtherFolder(sources, known);

  for (const source of kept) {
    const id = ids.get(source.path);
    const position = positions.get(source.path);
    if (id === undefined || position === undefined) continue;
    const before = known.get(source.path);
    const file = files.get(source.path);
    const isSeen = source.kind === 'folder' ? !source.isUnread : file !== undefined;
    if (file) plan.read.add(id);
    const page = pageOf(driveId, { ...source, isUnread: !isSeen }, file, before, {
      id,
      position,
      parentId: parentOf(source, ids, before),
    });
    if (!before) plan.created.push(page);
    else if (differs(page, before) || (isSeen && isEdited(before))) plan.updated.push(page);
    else plan.unchanged += 1;
    for (const link of file?.document?.links ?? before?.links ?? []) {
      const targetPageId = findTarget(link, ids);
      if (targetPageId && targetPageId !== id)
        plan.mentions.push({ sourcePageId: id, targetPageId });
    }
  }
  return plan;
}

/** Trashes pages only for a folder that holds at least one file that the drive shows. */
function rejectOtherFolder(
  sources: readonly Source[],
  known: ReadonlyMap<string, ImportedPage>,
): void {
  const seen = sources.filter(({ isUnread }) => !isUnread);
  if (seen.some(({ path }) => known.has(path))) return;
  throw new InvalidInputError(
    seen.length === 0
      ? 'This folder holds nothing to import, and the drive shows pages of an earlier import. Check the folder, or give --replace to trash them.'
      : 'This drive holds the import of another folder: not one path is the same. Name another --drive, or give --replace to trash what is there.',
  );
}

/**
 * True if somebody may have changed a page since the import; also if the import recorded no
 * revision.
 */
export const isEdited = ({ revision, importedRevision }: ImportedPage): boolean =>
  revision !== importedRevision;

function pageOf(
  driveId: string,
  source: Source,
  file: SourceFile | undefined,
  before: ImportedPage | undefined,
  place: { id: string; position: number; parentId: string | null },
): NewPage {
  const { document } = file ?? {};
  const links = [...(document?.links ?? before?.links ?? [])];
  const revision = before ? before.revision + 1 : 0;
  return {
    ...place,
    driveId,
    type: pageTypes[source.kind],
    title: document?.title ?? titleOf(source, before),
    revision,
    // A page that was not seen keeps its record; the next import that sees it decides.
    fileMetadata: {
      links,
      revision: source.isUnread ? (before?.importedRevision ?? null) : revision,
    },
    filePath: source.path,
    originalFileName: source.name,
    extractionMethod: 'import',
    processingStatus: 'completed',
    isTrashed: false,
    trashedAt: null,
    originalParentId: null,
    ...(file && { contentHash: file.contentHash, fileSize: file.size }),
    ...(file?.mimeType && { mimeType: file.mimeType }),
    ...(document && { content: document.content }),
  };
}

function parentOf(
  { parent, isUnread }: Source,
  ids: ReadonlyMap<string, string>,
  before: ImportedPage | undefined,
): string | null {
  if (parent === null) return null;
  return ids.get(parent) ?? (isUnread ? (before?.parentId ?? null) : null);
}

const titleOf = ({ kind, name, isUnread }: Source, before: ImportedPage | undefined): string =>
  kind === 'document' || isUnread ? (before?.title ?? name) : name;

function differs(page: NewPage, before: ImportedPage): boolean {
  return (
    before.isTrashed ||
    page.type !== before.type ||
    page.title !== before.title ||
    page.parentId !== before.parentId ||
    page.position !== before.position ||
    (page.contentHash !== undefined && page.contentHash !== before.contentHash)
  );
}

/** A place for each page among its siblings; a page keeps its own as long as the order allows. */
function placeAll(
  sources: readonly Source[],
  known: ReadonlyMap<string, ImportedPage>,
  ids: ReadonlyMap<string, string>,
): Map<string, number> {
  const positions = new Map<string, number>();
  for (const [parent, siblings] of groupByParent(sources)) {
    const parentId = parent === null ? null : (ids.get(parent) ?? null);
    const current = siblings.map(({ path }) => {
      const before = known.get(path);
      return before && !before.isTrashed && before.parentId === parentId ? before.position : null;
    });
    const placed = fillGaps(current) ?? siblings.map((_, index) => index + 1);
    for (const [index, { path }] of siblings.entries())
      positions.set(path, placed[index] ?? index + 1);
  }
  return positions;
}

/** In the order of their names; sources that were not seen keep their place. */
function groupByParent(sources: readonly Source[]): Map<string | null, Source[]> {
  const groups = new Map<string | null, Source[]>();
  for (const source of sources) {
    const group = groups.get(source.parent);
    if (group) group.push(source);
    else groups.set(source.parent, [source]);
  }
  for (const group of groups.values()) {
    group.sort((one, other) => compareNames(one.name, other.name));
  }
  return groups;
}

/** Positions for those without one, between their neighbours; undefined when all must be renumbered. */
function fillGaps(current: readonly (number | null)[]): number[] | undefined {
  const following: (number | null)[] = [];
  for (let index = current.length - 1; index >= 0; index--) {
    following[index] = current[index] ?? following[index + 1] ?? null;
  }
  const placed: number[] = [];
  for (const [index, position] of current.entries()) {
    const above = placed[index - 1] ?? null;
    const next = position ?? positionBetween(above, following[index] ?? null);
    if (next === null || (above !== null && next <= above)) return undefined;
    placed.push(next);
  }
  return placed;
}

/** A link names a file, a file without its extension, or a folder. */
function findTarget(link: string, ids: ReadonlyMap<string, string>): string | undefined {
  const path = link.replace(/\/$/, '');
  return ids.get(path) ?? ids.get(`${path}.md`) ?? ids.get(`${path}/`);
}

function topmostGone(
  known: ReadonlyMap<string, ImportedPage>,
  ids: ReadonlyMap<string, string>,
): string[] {
  const gone = [...known.values()].filter(
    ({ filePath, isTrashed }) => !isTrashed && !ids.has(filePath),
  );
  const goneIds = new Set(gone.map(({ id }) => id));
  return gone.flatMap(({ id, parentId }) =>
    parentId !== null && goneIds.has(parentId) ? [] : [id],
  );
}
