import type { TextPatch } from '../../schema/core/page-versions.ts';
import { changesOf, linesOf } from './text-diff.ts';

/**
 * Makes a patch from one text to another: for each changed range its start, the number of UTF-16
 * units to drop, and their replacement. It compares lines, then narrows to the characters that
 * differ.
 */
export function makePatch(from: string, to: string): TextPatch {
  const before = linesOf(from);
  const offsets = [0];
  for (const line of before) offsets.push((offsets.at(-1) ?? 0) + line.length);
  return changesOf(before, linesOf(to)).map(({ at, removed, added }) =>
    narrowed(offsets[at] ?? 0, removed.join(''), added.join('')),
  );
}

/** @throws RangeError when the patch is of a shorter text */
export function applyPatch(text: string, patch: TextPatch): string {
  const parts: string[] = [];
  let position = 0;
  for (const [at, drop, insert] of patch) {
    if (at < position || at + drop > text.length) throw new RangeError('The patch does not fit.');
    parts.push(text.slice(position, at), insert);
    position = at + drop;
  }
  parts.push(text.slice(position));
  return parts.join('');
}

function narrowed(at: number, removed: string, added: string): TextPatch[number] {
  const most = Math.min(removed.length, added.length);
  let start = 0;
  while (start < most && removed[start] === added[start]) start++;
  if (isHighSurrogate(removed, start - 1)) start--;
  let tail = 0;
  while (tail < most - start && removed.at(-1 - tail) === added.at(-1 - tail)) tail++;
  if (isHighSurrogate(removed, removed.length - tail - 1)) tail--;
  return [at + start, removed.length - tail - start, added.slice(start, added.length - tail)];
}

/** Half of a character beyond U+FFFF: PostgreSQL could store neither half alone. */
const isHighSurrogate = (text: string, at: number): boolean => {
  const code = text.charCodeAt(at);
  return code >= 0xd800 && code <= 0xdbff;
};
