#!/usr/bin/env node
// npx patch-postgres   makes the installed postgres.js survive a lost server: applies kit's patch to the copy
// that kit imports. For package managers that have no patches of their own, as "postinstall". Running it
// again changes nothing. Plain JavaScript without a dependency, because it runs while packages are installed.
import { existsSync, readdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../patches', import.meta.url));

/** The folder of the postgres.js that kit imports. */
function findDriver() {
  const require = createRequire(import.meta.url);
  let path = dirname(require.resolve('postgres'));
  while (!existsSync(join(path, 'package.json')) || readManifest(path).name !== 'postgres') {
    if (dirname(path) === path) throw new Error('postgres.js is not installed');
    path = dirname(path);
  }
  return path;
}

const readManifest = (path) => JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));

/** The files of a unified diff, each with its hunks. */
function parsePatch(text) {
  return text
    .split(/^diff --git .*\n/m)
    .slice(1)
    .map((part) => {
      const path = /^\+\+\+ b\/(.*)$/m.exec(part)?.[1] ?? '';
      const hunks = part
        .split(/^@@ -(\d+).*@@.*\n/m)
        .slice(1)
        .reduce((list, piece, index, all) => {
          if (index % 2 === 1) list.push(parseHunk(Number(all[index - 1]), piece));
          return list;
        }, []);
      return { path, hunks };
    });
}

function parseHunk(line, body) {
  const lines = body.replace(/\n$/, '').split('\n');
  const without = (sign) =>
    lines.filter((text) => !text.startsWith(sign)).map((text) => text.slice(1));
  return { line, before: without('+'), after: without('-') };
}

/**
 * A file's lines with its hunks applied; undefined when one does not fit.
 * @param {'before' | 'after'} from what the file has now
 */
function replaceHunks(lines, hunks, from, to) {
  const result = [...lines];
  let moved = 0;
  for (const hunk of hunks) {
    const expected = hunk[from];
    // Going back, hunks stand where the ones before them have moved them to.
    const start = hunk.line - 1 + (from === 'before' ? moved : 0);
    const at = from === 'before' ? start : find(result, expected, start);
    if (at < 0 || expected.some((text, index) => result[at + index] !== text)) return undefined;
    result.splice(at, expected.length, ...hunk[to]);
    moved += hunk[to].length - expected.length;
  }
  return result;
}

const find = (lines, wanted, from) =>
  lines.findIndex(
    (_, index) => index >= from && wanted.every((text, at) => lines[index + at] === text),
  );

/** Written beside it and renamed: the installed file may be a link into the package manager's store. */
function replaceFile(path, text) {
  const temporary = `${path}.${process.pid}.tmp`;
  writeFileSync(temporary, text);
  renameSync(temporary, path);
}

function main() {
  const driver = findDriver();
  const { version } = readManifest(driver);
  const name = `postgres@${version}.patch`;
  if (!existsSync(join(folder, name))) {
    const known = readdirSync(folder).join(', ');
    throw new Error(
      `postgres.js ${version} is installed, and there are patches only for: ${known}`,
    );
  }
  const changed = [];
  for (const { path, hunks } of parsePatch(readFileSync(join(folder, name), 'utf8'))) {
    const text = readFileSync(join(driver, path), 'utf8');
    const lines = text.split('\n');
    const patched = replaceHunks(lines, hunks, 'before', 'after');
    if (patched) changed.push([join(driver, path), patched.join('\n')]);
    else if (!replaceHunks(lines, hunks, 'after', 'before'))
      throw new Error(`${join(driver, path)} is not the file that postgres.js ${version} ships`);
  }
  for (const [path, text] of changed) replaceFile(path, text);
  console.log(
    changed.length > 0 ? `patched ${driver}` : `postgres.js ${version} is patched already`,
  );
}

try {
  main();
} catch (error) {
  console.error(`patch-postgres: ${error instanceof Error ? error.message : error}.`);
  process.exitCode = 1;
}
