// pnpm check:prose [files…]   holds Markdown, doc comments and the texts of errors to the house style.
import { readdir, readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import pc from 'picocolors';
import { filesBelow, readWorkspace, root } from '../workspace.ts';
import { lintProse } from './lint-prose.ts';

/** Markdown everywhere; code where it is exported to others or talks to people. */
async function everyFile(): Promise<string[]> {
  const workspace = await readWorkspace();
  const top = (await readdir(root)).filter((name) => name.endsWith('.md'));
  const below = ['docs', 'skills', ...workspace.map(({ folder }) => folder)];
  const markdown = await Promise.all(below.map((folder) => filesBelow(folder, /\.md$/)));
  const code = await Promise.all(
    workspace.map(({ folder }) => filesBelow(`${folder}/src`, /\.tsx?$/)),
  );
  const documents = markdown.flat().filter((path) => !/\/(test|fixtures)\//.test(path));
  return [...top, ...documents, ...code.flat()];
}

const given = process.argv.slice(2).map((path) => relative(root, resolve(path)));
const paths = given.length > 0 ? given : await everyFile();
let findings = 0;
for (const path of paths) {
  const content = await readFile(join(root, path), 'utf8');
  for (const { line, rule, advice, sentence } of await lintProse(path, content)) {
    findings += 1;
    console.log(`${pc.red('✗')} ${path}:${line} ${rule}: ${advice}\n    ${pc.dim(sentence)}`);
  }
}
if (findings > 0) process.exitCode = 1;
else console.log(`${pc.green('✓')} ${paths.length} files keep to the house style`);
