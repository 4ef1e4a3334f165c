import { join, posix } from 'node:path';
import pc from 'picocolors';
import { runScript } from '../host/commands.ts';
import { compilerAdvice } from '../host/compiler-advice.ts';
import type { Edit } from '../lock.ts';
import { environmentOf } from '../plan/environment.ts';
import { isPlainWorkspace } from '../plan/package-manifest.ts';
import type { Draft } from '../take.ts';

const marks: Readonly<Record<string, string>> = {
  create: pc.green('+'),
  replace: pc.yellow('~'),
  merge: pc.yellow('m'),
  conflict: pc.red('!'),
  delete: pc.red('-'),
  orphan: pc.dim('?'),
  kept: pc.dim('k'),
  'left out': pc.dim('o'),
};

/** Prints the files that a draft changes, one a line, or their number by kind if they are many. */
export function printSteps({ steps }: Draft): void {
  const shown = steps.filter(({ does }) => does !== 'same');
  if (shown.length > 40) {
    for (const does of Object.keys(marks)) {
      const count = shown.filter((step) => step.does === does).length;
      if (count > 0) console.log(`  ${marks[does]} ${count} files: ${does}`);
    }
    return;
  }
  for (const { does, path } of shown)
    console.log(`  ${marks[does] ?? ' '} ${path}  ${pc.dim(does)}`);
}

/** Prints the values that a draft sets in existing files, and the number of changed lines. */
export function printEdits({ touched, edits }: Draft): void {
  if (touched.length === 0) {
    console.log('No file that was there before changes.');
    return;
  }
  const known = new Set(touched.map(({ file }) => file));
  console.log('Lines in files that were there before:');
  for (const { file, lines, dependencies } of touched)
    console.log(`  ${file}: ${lines}, of which ${dependencies} declare dependencies`);
  for (const edit of edits) if (known.has(edit.file)) console.log(pc.dim(`    ${describe(edit)}`));
}

export const describe = ({ file, path, value }: Edit): string =>
  /\.[mc]?ts$/.test(file)
    ? `${file}: ${value}`
    : `${file}: ${path.join('.')} = ${JSON.stringify(value)}`;

/** Prints the remaining steps for the user. */
export function printNext({ root, plan, choices, items }: Draft): void {
  const script = runScript[choices.manager];
  for (const item of items) {
    if (item.kind !== 'package') continue;
    const path = `${posix.basename(item.folder)}/package.json`;
    const { name, version } = JSON.parse(
      plan.files.find((file) => file.path === path)?.text ?? '{}',
    );
    const range = isPlainWorkspace(choices.manager) ? version : 'workspace:*';
    console.log(`To import it, a package of yours declares "${name}": "${range}".`);
  }
  const advice =
    plan.workspaces.length > 0 ? compilerAdvice(join(root, choices.project), choices) : [];
  for (const line of advice) console.log(`Before you import it, set in tsconfig.json ${line}.`);
  const urls = plan.environment.filter((name) => name.endsWith('_URL'));
  const others = plan.environment.filter(
    (name) => !name.endsWith('_URL') && !/^(CI|NO_COLOR|TEST_|GITHUB_|RACE_)/.test(name),
  );
  if (plan.environment.length > 0)
    console.log(`The code reads: ${[...urls, ...others].join(', ')}.`);
  if (plan.tables.length > 0) {
    const config = plan.files.find(({ path }) => path.endsWith('drizzle.config.ts'));
    const [url] = config ? environmentOf([config]) : [];
    console.log(
      `Apply the migration as you apply your own, for instance ${url ? `with ${url} set: ` : 'with: '}npx drizzle-kit migrate`,
    );
  }
  const skipsTests = plan.files.some(
    ({ path, text }) => path.startsWith('test/') && text.includes('capabilities.concurrency'),
  );
  if (skipsTests && !process.env.TEST_DATABASE_URL)
    console.log(
      'Tests that need two connections are skipped on PGlite. To run them, set TEST_DATABASE_URL to a server where its role may create databases.',
    );
  for (const name of plan.workspaces) {
    const manifest = plan.files.find(({ path }) => path === `${name}/package.json`)?.text ?? '';
    if (manifest.includes('"db:migrate"'))
      console.log(
        `Create the database, set its URL, then in ${choices.into}/${name}: ${script('db:migrate')}`,
      );
  }
}
