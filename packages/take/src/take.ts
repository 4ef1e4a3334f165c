import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { TakeError } from './errors.ts';
import { applyEdit, editsFor, lacksParent } from './host/edits.ts';
import { refuseKnownTables } from './host/known-tables.ts';
import { changedLines } from './host/lines.ts';
import type { Item } from './items.ts';
import {
  dropOldBases,
  type Edit,
  hashOf,
  keepBase,
  type Lock,
  readLock,
  requireLock,
  writeLock,
} from './lock.ts';
import { runGit, workingTree } from './merge.ts';
import type { Choices, Plan } from './plan/plan.ts';
import { findItems, planItems } from './plan/plan-items.ts';
import type { SourceTree } from './source/tree.ts';
import { planSteps, readIfThere, type Step } from './sync.ts';

/** An existing file of the host, and how many of its lines are new or changed. */
export interface Touched {
  readonly file: string;
  readonly lines: number;
  /** How many of them declare dependencies, in the form of the package manager's own `add`. */
  readonly dependencies: number;
}

/** The plan of a command, before it runs. */
export interface Draft {
  /** Absolute, like the root of the host. */
  readonly folder: string;
  readonly root: string;
  readonly items: readonly Item[];
  readonly choices: Choices;
  readonly plan: Plan;
  readonly steps: readonly Step[];
  readonly edits: readonly Edit[];
  readonly touched: readonly Touched[];
  /** The text of every file of the host that an edit changes, from its root. */
  readonly edited: ReadonlyMap<string, string>;
  readonly lock: Lock | undefined;
}

export interface Place {
  readonly root: string;
  readonly folder: string;
}

/**
 * Plans the taking of some items; items that the folder has already stay.
 * @param overwrite whether the host's own files may be replaced
 * @throws TakeError when the host has own files at these paths, or the taken items need an update
 *   first
 */
export async function draftTake(
  tree: SourceTree,
  { root, folder }: Place,
  names: readonly string[],
  choices: Choices,
  { overwrite = false } = {},
): Promise<Draft> {
  const lock = readLock(folder);
  const items = findItems([...new Set([...(lock?.items ?? []), ...names])]);
  const plan = planItems(tree, items, choices);
  if (!lock) refuseKnownTables(root, folder, plan, choices);
  const steps = await planSteps(folder, plan.files, lock);
  const blocked = steps.filter(({ does }) => does === 'blocked').map(({ path }) => path);
  if (blocked.length > 0 && !overwrite)
    throw new TakeError(
      `The folder has files of its own there: ${blocked.join(', ')}. Move them, name another --into, or replace them with --overwrite.`,
    );
  const merging = steps.filter(({ does }) => does === 'merge' || does === 'conflict');
  if (merging.length > 0)
    throw new TakeError(
      `${merging.map(({ path }) => path).join(', ')} changed here and in your project. Run update first: it merges them.`,
    );
  const replaced = steps.map((step): Step => {
    if (step.does !== 'blocked') return step;
    const text = plan.files.find(({ path }) => path === step.path)?.text ?? '';
    return { does: 'replace', path: step.path, text };
  });
  return {
    folder,
    root,
    items,
    choices,
    plan,
    steps: replaced,
    lock,
    ...editing(root, plan, choices),
  };
}

function editing(root: string, plan: Plan, choices: Choices) {
  const edited = new Map<string, string>();
  const edits = editsFor(root, plan, choices).map((edit): Edit => {
    const before = edited.get(edit.file) ?? readIfThere(join(root, edit.file)) ?? emptyFile(edit);
    edited.set(edit.file, applyEdit(before, edit));
    return lacksParent(before, edit) ? { ...edit, madeParent: true } : edit;
  });
  const touched = [...edited].flatMap(([file, text]) => {
    const before = readIfThere(join(root, file));
    const declaring = edits.filter((edit) => edit.file === file && isDependency(edit));
    // A new section has a first and a last line beside its entries.
    const sections = declaring.filter(({ madeParent }) => madeParent).length;
    const dependencies = declaring.length + 2 * sections;
    return before === undefined ? [] : [{ file, lines: changedLines(before, text), dependencies }];
  });
  return { edits, edited, touched };
}

const isDependency = ({ path }: Edit): boolean =>
  path[0] === 'dependencies' || path[0] === 'devDependencies';

const emptyFile = ({ file }: Edit): string => (file.endsWith('.json') ? '{}\n' : '');

/**
 * Applies a draft, and writes the lock.
 * @returns the lock
 */
export async function writeDraft(tree: SourceTree, draft: Draft): Promise<Lock> {
  const { folder, root, plan, steps, edited, lock } = draft;
  for (const step of steps) {
    const path = join(folder, step.path);
    if ('text' in step) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, step.text);
    } else if (step.does === 'delete') rmSync(path);
  }
  const made = [...edited.keys()].filter((file) => !existsSync(join(root, file)));
  for (const [file, text] of edited) writeFileSync(join(root, file), text);
  mkdirSync(folder, { recursive: true });
  // A migration that has arrived belongs to the host, so its base stays.
  const files = plan.files.map(({ path, text, isMigration }) => {
    const arrived = lock?.files[path];
    return [path, isMigration && arrived ? arrived : hashOf(text), text] as const;
  });
  for (const [, hash, text] of files) if (hash === hashOf(text)) keepBase(folder, text);
  const written: Lock = {
    version: 1,
    source: { version: versionOf(tree), commit: await commitOf(tree) },
    choices: draft.choices,
    items: draft.items.map(({ name }) => name),
    files: Object.fromEntries(files.map(([path, hash]) => [path, hash])),
    migrations: lock?.migrations ?? [],
    edits: [...(lock?.edits ?? []), ...draft.edits],
    made: [...(lock?.made ?? []), ...made],
  };
  writeLock(folder, written);
  dropOldBases(folder, written);
  return written;
}

const versionOf = (tree: SourceTree): string =>
  tree.packages.find(({ folder }) => folder === 'packages/take')?.manifest.version ?? '0.0.0';

async function commitOf(tree: SourceTree): Promise<string | null> {
  const { code, output } = await runGit(tree.root, ['rev-parse', 'HEAD']);
  return code === 0 ? output.trim() : null;
}

/** Plans an update of everything in a folder, or of the rest if some items are removed. */
async function draftAgain(
  tree: SourceTree,
  { root, folder }: Place,
  lock: Lock,
  names: readonly string[],
): Promise<Draft> {
  const items = findItems(names);
  const plan = planItems(tree, items, lock.choices);
  const steps = await planSteps(folder, plan.files, lock);
  const edits = editing(root, plan, lock.choices);
  return { folder, root, items, choices: lock.choices, plan, steps, lock, ...edits };
}

/** Plans the changes made here since a folder took its items. It only reads. */
export async function draftDiff(tree: SourceTree, place: Place): Promise<Draft> {
  const lock = requireLock(place.folder);
  return draftAgain(tree, place, lock, lock.items);
}

/**
 * Plans an update: the changes made here merged with the host's own.
 * @throws TakeError unless the host's git has no uncommitted changes
 */
export async function draftUpdate(tree: SourceTree, place: Place): Promise<Draft> {
  const lock = requireLock(place.folder);
  const state = await workingTree(place.folder);
  if (state === 'dirty')
    throw new TakeError(
      'There are uncommitted changes. Commit or stash them: git must show what the update changes.',
    );
  if (state === 'no repository')
    throw new TakeError(
      'This is no git repository. Run git init and commit: git must show what the update changes.',
    );
  return draftAgain(tree, place, lock, lock.items);
}

/**
 * Plans a removal of the items' files and their values in the host's files, as far as no other item
 * needs them.
 * @param force whether to delete also files that the host changed
 * @throws TakeError for an item that was not taken, or one with changed files
 */
export async function draftRemove(
  tree: SourceTree,
  place: Place,
  names: readonly string[],
  { force = false } = {},
): Promise<Draft> {
  const lock = requireLock(place.folder);
  const unknown = names.filter((name) => !lock.items.includes(name));
  if (unknown.length > 0)
    throw new TakeError(
      `${unknown.join(', ')} was not taken; the taken items are: ${lock.items.join(', ')}.`,
      3,
    );
  const kept = lock.items.filter((name) => !names.includes(name));
  const plan = planItems(tree, findItems(kept), lock.choices);
  const wanted = new Set(plan.files.map(({ path }) => path));
  const all = await planSteps(place.folder, plan.files, lock);
  const steps = all
    .filter(({ path }) => !wanted.has(path))
    .map(
      (step): Step =>
        force && step.does === 'orphan' ? { does: 'delete', path: step.path } : step,
    );
  const changed = steps.filter(({ does }) => does === 'orphan').map(({ path }) => path);
  if (changed.length > 0)
    throw new TakeError(
      `You changed ${changed.join(', ')}. Keep the item, or delete them too with --force.`,
    );
  return {
    folder: place.folder,
    root: place.root,
    items: findItems(kept),
    choices: lock.choices,
    plan,
    steps,
    lock,
    edits: [],
    edited: new Map(),
    touched: [],
  };
}
