import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { hashOf, keepBase, type Lock } from '../src/lock.ts';
import { planSteps } from '../src/sync.ts';
import { npmChoices } from './host.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'take-update-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const lines = (...changed: [number, string | undefined][]) => {
  const list: (string | undefined)[] = Array.from(
    { length: 12 },
    (_, index) => `line ${index + 1}`,
  );
  for (const [number, text] of changed) list[number - 1] = text;
  return `${list.filter((text) => text !== undefined).join('\n')}\n`;
};
const base = lines();
const crlf = (text: string) => text.replaceAll('\n', '\r\n');

/** Updates a file that arrived as `arrived`, for the texts that the host and this repository have now. */
async function stepFor(arrived: string, yours: string | undefined, theirs: string | undefined) {
  mkdirSync(folder, { recursive: true });
  keepBase(folder, arrived);
  if (yours !== undefined) writeFileSync(join(folder, 'a.ts'), yours);
  const lock: Lock = {
    version: 1,
    source: { version: '0.1.0', commit: null },
    choices: npmChoices,
    items: [],
    files: { 'a.ts': hashOf(arrived) },
    migrations: [],
    edits: [],
  };
  const wanted = theirs === undefined ? [] : [{ path: 'a.ts', text: theirs }];
  const [step] = await planSteps(folder, wanted, lock);
  return step;
}

describe('an update of a file that the host edited', () => {
  const merged: [string, string, string, string][] = [
    [
      'lines far apart',
      lines([2, 'yours']),
      lines([10, 'theirs']),
      lines([2, 'yours'], [10, 'theirs']),
    ],
    [
      'yours below theirs',
      lines([10, 'yours']),
      lines([2, 'theirs']),
      lines([2, 'theirs'], [10, 'yours']),
    ],
    [
      'the first and the last line',
      lines([1, 'yours']),
      lines([12, 'theirs']),
      lines([1, 'yours'], [12, 'theirs']),
    ],
    [
      'yours deletes, theirs changes elsewhere',
      lines([3, undefined]),
      lines([9, 'theirs']),
      lines([3, undefined], [9, 'theirs']),
    ],
    [
      'theirs deletes, yours changes elsewhere',
      lines([3, 'yours']),
      lines([9, undefined]),
      lines([3, 'yours'], [9, undefined]),
    ],
    [
      'both delete, apart',
      lines([3, undefined]),
      lines([9, undefined]),
      lines([3, undefined], [9, undefined]),
    ],
    [
      'yours adds lines',
      lines([3, 'line 3\nnew\nnewer']),
      lines([9, 'theirs']),
      lines([3, 'line 3\nnew\nnewer'], [9, 'theirs']),
    ],
    [
      'theirs adds lines',
      lines([3, 'yours']),
      lines([9, 'line 9\nnew']),
      lines([3, 'yours'], [9, 'line 9\nnew']),
    ],
    [
      'yours adds at the end, theirs at the start',
      `${base}end\n`,
      `start\n${base}`,
      `start\n${base}end\n`,
    ],
    [
      'the same change on both sides, and one more here',
      lines([3, 'same']),
      lines([3, 'same'], [9, 'theirs']),
      lines([3, 'same'], [9, 'theirs']),
    ],
    [
      'the same change on both sides, and one more of yours',
      lines([3, 'same'], [9, 'yours']),
      lines([3, 'same']),
      lines([3, 'same'], [9, 'yours']),
    ],
    [
      'several changes of each',
      lines([1, 'y'], [5, 'y']),
      lines([9, 't'], [12, 't']),
      lines([1, 'y'], [5, 'y'], [9, 't'], [12, 't']),
    ],
    [
      'CRLF in the host',
      crlf(lines([2, 'yours'])),
      lines([10, 'theirs']),
      crlf(lines([2, 'yours'], [10, 'theirs'])),
    ],
    [
      'letters beyond ASCII',
      lines([2, 'größer ✓']),
      lines([10, 'naïve 🚀']),
      lines([2, 'größer ✓'], [10, 'naïve 🚀']),
    ],
  ];
  it.each(merged)('keeps both changes: %s', async (_, yours, theirs, expected) => {
    const step = await stepFor(base, yours, theirs);
    const text = step && 'text' in step ? step.text : readFileSync(join(folder, 'a.ts'), 'utf8');
    expect(text).toBe(expected);
  });

  const conflicts: [string, string, string][] = [
    ['one line, two ways', lines([5, 'yours']), lines([5, 'theirs'])],
    ['lines side by side', lines([5, 'yours']), lines([6, 'theirs'])],
    ['yours deletes what theirs changes', lines([5, undefined]), lines([5, 'theirs'])],
    ['theirs deletes what yours changes', lines([5, 'yours']), lines([5, undefined])],
    ['both add at the end', `${base}yours\n`, `${base}theirs\n`],
    [
      'a conflict beside a change that merges',
      lines([2, 'mine'], [9, 'yours']),
      lines([9, 'theirs']),
    ],
  ];
  it.each(conflicts)('marks the conflict and loses nothing: %s', async (_, yours, theirs) => {
    const step = await stepFor(base, yours, theirs);
    expect(step?.does).toBe('conflict');
    const text = step && 'text' in step ? step.text : '';
    expect(text).toMatch(/^<<<<<<< yours$/m);
    expect(text).toMatch(/^>>>>>>> the reference$/m);
    const words = `${yours}${theirs}`.match(/yours|theirs|mine/g) ?? [];
    for (const word of words) expect(text).toMatch(new RegExp(`^${word}$`, 'm'));
  });

  it('is tried in twenty cases, of which none differs only by name', () => {
    const cases = [...merged, ...conflicts].map(([, yours, theirs]) => `${yours}\0${theirs}`);
    expect(new Set(cases).size).toBe(20);
  });
});

describe('an update of a file that only one side touched', () => {
  it('replaces what the host never changed', async () => {
    expect(await stepFor(base, base, lines([1, 'theirs']))).toMatchObject({ does: 'replace' });
    const step = await stepFor(base, crlf(base), lines([1, 'theirs']));
    expect(step).toMatchObject({ does: 'replace', text: crlf(lines([1, 'theirs'])) });
  });

  it('leaves what only the host changed, and what it deleted', async () => {
    expect(await stepFor(base, lines([1, 'yours']), base)).toMatchObject({ does: 'kept' });
    rmSync(join(folder, 'a.ts'));
    expect(await stepFor(base, undefined, lines([1, 'theirs']))).toMatchObject({
      does: 'left out',
    });
  });

  it('deletes what is gone here, unless the host changed it', async () => {
    expect(await stepFor(base, base, undefined)).toMatchObject({ does: 'delete' });
    expect(await stepFor(base, lines([1, 'yours']), undefined)).toMatchObject({ does: 'orphan' });
  });
});

it('a migration that arrived is never changed', async () => {
  await stepFor(base, base, base);
  const lock: Lock = {
    version: 1,
    source: { version: '0.1.0', commit: null },
    choices: npmChoices,
    items: [],
    files: { 'a.ts': hashOf(base) },
    migrations: [],
    edits: [],
  };
  const wanted = [{ path: 'a.ts', text: lines([1, 'theirs']), isMigration: true }];
  expect(await planSteps(folder, wanted, lock)).toEqual([{ does: 'same', path: 'a.ts' }]);
});
