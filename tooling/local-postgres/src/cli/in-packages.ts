// in-packages SCRIPT DIRECTORY,DIRECTORY… [options]   runs a script of each package, one after another, without
// the lines that pnpm and turbo add to a failure
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { delimiter, join, resolve } from 'node:path';

/** The script of a package, or an error that names the missing part. */
const scriptOf = async (directory: string, script: string): Promise<string> => {
  const file = join(directory, 'package.json');
  const { scripts = {} }: { scripts?: Record<string, string> } = JSON.parse(
    await readFile(file, 'utf8'),
  );
  const text = scripts[script];
  if (text === undefined) throw new Error(`${file} has no script "${script}"`);
  return text;
};

const quoted = (argument: string): string =>
  /^[\w@%+=:,./-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", String.raw`'\''`)}'`;

/**
 * Runs a script as a package manager does: in its directory, with its commands before the
 * workspace's.
 */
const runIn = (directory: string, text: string, options: readonly string[]): Promise<number> =>
  new Promise((done, fail) => {
    const bins = [directory, '.'].map((at) => resolve(at, 'node_modules', '.bin'));
    const child = spawn([text, ...options.map(quoted)].join(' '), {
      cwd: directory,
      shell: true,
      stdio: 'inherit',
      env: { ...process.env, PATH: [...bins, process.env.PATH].join(delimiter) },
    });
    child.on('error', fail);
    child.on('close', (code) => done(code ?? 1));
  });

try {
  const [script = '', list = '', ...options] = process.argv.slice(2);
  const directories = list.split(',');
  const scripts = await Promise.all(directories.map((directory) => scriptOf(directory, script)));
  const failed: string[] = [];
  for (const [index, directory] of directories.entries()) {
    console.log(directory);
    const code = await runIn(directory, scripts[index] ?? '', options);
    if (code === 0) continue;
    failed.push(directory);
    process.exitCode ||= code;
  }
  if (failed.length > 0)
    console.error(
      `✗ ${script} failed in ${failed.join(', ')}${failed.length < directories.length ? '; it is done in the others' : ''}`,
    );
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
