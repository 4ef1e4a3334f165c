import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import pc from 'picocolors';
import { RECORDING } from '../compatible/recording.ts';
import { readSentStatements, type SentStatement } from '../compatible/sent-statements.ts';
import { counted } from '../counted.ts';
import { MigratorError, usage } from '../errors.ts';
import { say } from './output.ts';
import { forProjects, type ProjectOptions } from './project.ts';

/**
 * The recorder's file, for a test runner that loads the file in this variable, as local-postgres
 * does.
 */
const recorder = (): string => fileURLToPath(import.meta.resolve('@reference/migrator/record'));

const runCommand = (
  [command = '', ...args]: readonly string[],
  directory: string,
): Promise<number> =>
  new Promise((done, fail) => {
    const child = spawn(command, args, {
      stdio: 'inherit',
      env: { ...process.env, [RECORDING]: directory, TEST_PRELOAD: recorder() },
    });
    child.on('error', (error) => fail(usage(`${command} cannot be run: ${error.message}`)));
    child.on('close', (code) => done(code ?? 1));
  });

/** The statements that a run's processes recorded, each text once, sorted. */
const written = async (directory: string): Promise<SentStatement[]> => {
  const texts: string[] = [];
  for (const name of (await readdir(directory)).sort())
    texts.push(await readFile(join(directory, name), 'utf8'));
  if (texts.join('').trim() === '') return [];
  return readSentStatements('.jsonl', texts.join('')).sort((a, b) =>
    a.text < b.text ? -1 : Number(a.text > b.text),
  );
};

export const recordCommand = async (
  command: readonly string[],
  options: ProjectOptions,
): Promise<void> => {
  await forProjects(options, {
    run: async ({ statements }) => {
      const directory = await mkdtemp(join(tmpdir(), 'migrator-recording-'));
      try {
        const code = await runCommand(command, directory);
        const found = await written(directory);
        if (code !== 0)
          throw new MigratorError(
            'usage',
            1,
            `${command.join(' ')} ended with ${code}, so ${statements} was left as it is`,
          );
        if (found.length === 0)
          throw new MigratorError(
            'usage',
            1,
            `${command.join(' ')} reported no statement to @reference/migrator/record: see "Two releases side by side" in the migrator's README`,
          );
        const lines = found.map((statement) => JSON.stringify(statement));
        await writeFile(statements, `${lines.join('\n')}\n`);
        say(`${pc.green('✓')} ${counted(found.length, 'statement')} in ${statements}`);
      } finally {
        await rm(directory, { recursive: true, force: true });
      }
    },
  });
};
