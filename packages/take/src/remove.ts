import { existsSync, readdirSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parse } from 'yaml';
import { editsFor, undoEdit } from './host/edits.ts';
import { dropOldBases, type Edit, type Lock, lockName, writeLock } from './lock.ts';
import { readIfThere } from './sync.ts';
import type { Draft } from './take.ts';

/**
 * Applies a draft of a removal: deletes its files, empty folders, and the values in the host's
 * files that no remaining item needs.
 * @returns the removed values
 */
export function writeRemoval({ folder, root, plan, steps, choices, lock, items }: Draft): Edit[] {
  if (!lock) return [];
  const gone = steps.filter(({ does }) => does === 'delete').map(({ path }) => path);
  for (const path of gone) {
    rmSync(join(folder, path));
    removeEmpty(dirname(join(folder, path)), root);
  }
  for (const path of gone)
    if (/^[^/]+\/package\.json$/.test(path)) removeBuilt(dirname(join(folder, path)), root);
  const undone = lock.edits.filter((edit) => !isNeeded(edit, editsNeeded(plan, choices)));
  for (const edit of undone.toReversed()) {
    const before = readIfThere(join(root, edit.file));
    if (before !== undefined) writeFileSync(join(root, edit.file), undoEdit(before, edit));
  }
  const made = lock.made?.filter((file) => !deleteEmpty(join(root, file)));
  const left: Lock = {
    ...lock,
    items: items.map(({ name }) => name),
    files: Object.fromEntries(
      Object.entries(lock.files).filter(([path]) => plan.files.some((file) => file.path === path)),
    ),
    // An object created for one value may hold another, with which it is then removed.
    edits: lock.edits
      .filter((edit) => !undone.includes(edit))
      .map((edit) =>
        undone.some((other) => other.madeParent && isBeside(edit, other))
          ? { ...edit, madeParent: true }
          : edit,
      ),
    ...(made && { made }),
  };
  dropOldBases(folder, left);
  if (left.items.length > 0) writeLock(folder, left);
  else {
    rmSync(join(folder, lockName));
    removeEmpty(folder, root);
  }
  return undone;
}

/** The values that the remaining items would need in an empty host. */
const editsNeeded = (plan: Draft['plan'], choices: Draft['choices']): Edit[] =>
  editsFor('/nothing/is/here', plan, choices);

const isBeside = (edit: Edit, other: Edit): boolean =>
  edit.file === other.file &&
  edit.path.slice(0, -1).join('/') === other.path.slice(0, -1).join('/');

const isNeeded = (edit: Edit, needed: readonly Edit[]): boolean =>
  needed.some((one) => one.file === edit.file && one.path.join('/') === edit.path.join('/'));

/** @returns true if the file was empty and is deleted */
function deleteEmpty(path: string): boolean {
  const text = readIfThere(path);
  const holds: unknown = text === undefined ? undefined : parse(text);
  if (Object.keys(Object(holds)).length > 0) return false;
  rmSync(path, { force: true });
  return true;
}

/** Deletes a package's folder if it holds only installed and built files. */
function removeBuilt(path: string, root: string): void {
  if (!existsSync(path) || readdirSync(path).some((name) => !made.has(name))) return;
  rmSync(path, { recursive: true });
  removeEmpty(dirname(path), root);
}
const made = new Set(['node_modules', 'dist']);

function removeEmpty(path: string, root: string): void {
  for (let at = path; at !== root && existsSync(at); at = dirname(at)) {
    if (readdirSync(at).length > 0) return;
    rmdirSync(at);
  }
}
