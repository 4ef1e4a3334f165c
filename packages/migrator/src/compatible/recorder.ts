// Records the statements of a test run, for `migrator record`: a module that a test runner loads first.

import { channel } from 'node:diagnostics_channel';
import { appendFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { isRecord } from '../review/ast.ts';
import { RECORDING, STATEMENTS } from './recording.ts';

const seen = new Set<string>();
/** The folder of the run, because tests may change the working directory. */
const root = process.cwd();

const isTest = (path: string): boolean =>
  /(^|[\\/])(__tests__|tests?|node_modules)[\\/]|\.(test|spec)\.[cm]?[jt]sx?$/.test(path);

/** The first call of a stack that is neither a test nor an installed package, such as `listPages (src/pages.ts:42)`. */
const senderIn = (stack: string): string | undefined => {
  for (const line of stack.split('\n')) {
    const [, name, file = '', number] =
      /^\s*at (?:async )?(?:(.+?) \()?(?:file:\/\/)?([^()]+):(\d+):\d+\)?$/.exec(line) ?? [];
    const path = relative(root, file);
    if (file === '' || file.startsWith('node:') || path.startsWith('..') || isTest(path)) continue;
    const place = `${path.split(sep).join('/')}:${number}`;
    const called = name?.replace(/^(Module|Object|Proxy)\./, '');
    return called === undefined ? place : `${called} (${place})`;
  }
  return undefined;
};

/**
 * Keeps a statement, once for each text, with the function and the line of the project that sent
 * it. It does nothing outside of `migrator record`, and ignores a test's own statements.
 *
 * @param text the statement with `$1` for its parameters, from `onStatement` or a logger
 * @param stacks of the call, and of the call that built the query; default the present one
 * @param types the parameters' types, as oids
 */
export const recordStatement = (
  text: string,
  stacks: readonly string[] = [new Error().stack ?? ''],
  types: readonly number[] = [],
): void => {
  const directory = process.env[RECORDING];
  if (directory === undefined || seen.has(text)) return;
  const [sender] = stacks.flatMap((stack) => senderIn(stack) ?? []);
  if (sender === undefined) return;
  seen.add(text);
  const line = JSON.stringify({ text, sender, ...(types.length > 0 ? { types } : {}) });
  // At once, because a test runner may end its processes without notice.
  appendFileSync(join(directory, `${process.pid}.jsonl`), `${line}\n`);
};

if (process.env[RECORDING] !== undefined)
  channel(STATEMENTS).subscribe((message) => {
    if (!isRecord(message) || typeof message.text !== 'string') return;
    const { stacks, types } = message;
    recordStatement(
      message.text,
      Array.isArray(stacks) ? stacks.map(String) : undefined,
      Array.isArray(types) ? types.map(Number) : undefined,
    );
  });
