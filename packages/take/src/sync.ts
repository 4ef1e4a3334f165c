import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { hashOf, type Lock, normal, readBase } from './lock.ts';
import { mergeTexts } from './merge.ts';
import type { PlannedFile } from './plan/plan.ts';

/** The action for one file. `text` is its content afterwards. */
export type Step =
  /** The file is new, or the host never changed it. */
  | { readonly does: 'create' | 'replace'; readonly path: string; readonly text: string }
  /** Both sides changed it. */
  | { readonly does: 'merge' | 'conflict'; readonly path: string; readonly text: string }
  /** It is no longer wanted, and the host never changed it. */
  | { readonly does: 'delete'; readonly path: string }
  /** Nothing to do, for this reason. */
  | {
      readonly does: 'same' | 'kept' | 'left out' | 'orphan' | 'blocked';
      readonly path: string;
    };

/**
 * Compares the wanted files with those that arrived before and with the host's present ones.
 *
 * - `kept`: only the host changed it
 * - `left out`: the host deleted it
 * - `orphan`: it is not wanted any more, but the host changed it
 * - `blocked`: the host has a file of its own there
 */
export async function planSteps(
  folder: string,
  wanted: readonly PlannedFile[],
  lock: Lock | undefined,
): Promise<Step[]> {
  const steps: Step[] = [];
  for (const { path, text, isMigration } of wanted) {
    const arrived = lock?.files[path];
    const present = readIfThere(join(folder, path));
    if (arrived === undefined) steps.push(arrivalOf(path, text, present));
    else if (isMigration) steps.push({ does: 'same', path });
    else steps.push(await changeOf(folder, { path, text, arrived, present }));
  }
  const names = new Set(wanted.map(({ path }) => path));
  for (const [path, arrived] of Object.entries(lock?.files ?? {})) {
    if (names.has(path)) continue;
    const present = readIfThere(join(folder, path));
    if (present === undefined) continue;
    steps.push({ does: hashOf(present) === arrived ? 'delete' : 'orphan', path });
  }
  return steps.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function arrivalOf(path: string, text: string, present: string | undefined): Step {
  if (present === undefined) return { does: 'create', path, text };
  return { does: hashOf(present) === hashOf(text) ? 'same' : 'blocked', path };
}

interface Change {
  readonly path: string;
  readonly text: string;
  readonly arrived: string;
  readonly present: string | undefined;
}

async function changeOf(folder: string, { path, text, arrived, present }: Change): Promise<Step> {
  if (present === undefined) return { does: 'left out', path };
  const now = hashOf(present);
  const wanted = hashOf(text);
  if (now === wanted) return { does: 'same', path };
  if (wanted === arrived) return { does: 'kept', path };
  // The host's line ends stay.
  const ended = (merged: string) =>
    present.includes('\r\n') ? normal(merged).replaceAll('\n', '\r\n') : merged;
  if (now === arrived) return { does: 'replace', path, text: ended(text) };
  const merged = await mergeTexts({
    yours: normal(present),
    base: readBase(folder, arrived),
    theirs: normal(text),
  });
  return { does: merged.hasConflict ? 'conflict' : 'merge', path, text: ended(merged.text) };
}

export const readIfThere = (path: string): string | undefined =>
  existsSync(path) ? readFileSync(path, 'utf8') : undefined;
