import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { relative } from 'node:path';
import { promisify } from 'node:util';
import pc from 'picocolors';
import { MigratorError, messageOf, usage } from '../errors.ts';
import { readFolder } from '../folder/read.ts';
import { generate } from '../generate/generate.ts';
import { rebase } from '../generate/rebase.ts';
import { readConfig } from '../generate/schema.ts';
import { parseRename } from '../generate/snapshots.ts';
import { isBlocking } from '../review/finding.ts';
import { formatFindings, type ReviewFormat } from '../review/format.ts';
import { type ReviewFile, review } from '../review/review.ts';
import { status } from '../status.ts';
import type { ConnectionOptions } from './connection.ts';
import { say } from './output.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

interface ReviewCommandOptions extends ConnectionOptions {
  readonly format: string;
  readonly all?: boolean;
  readonly since?: string;
  readonly style?: boolean;
}

const run = promisify(execFile);

const changedSince = async (reference: string): Promise<Set<string>> => {
  try {
    const { stdout } = await run('git', [
      'diff',
      '--name-only',
      '--relative',
      reference,
      '--',
      '.',
    ]);
    const untracked = await run('git', ['ls-files', '--others', '--exclude-standard']);
    return new Set(`${stdout}\n${untracked.stdout}`.split('\n').filter(Boolean));
  } catch (error) {
    throw new MigratorError('usage', 3, `--since ${reference}: ${messageOf(error)}`, error);
  }
};

/** The files to review, and those before them, which tell what the tables look like. */
const chosenFiles = async (
  named: readonly string[],
  options: ReviewCommandOptions,
): Promise<{ files: ReviewFile[]; history: ReviewFile[] }> => {
  const folder = await readFolder(options.folder).catch((error: unknown) => {
    if (named.length > 0) return undefined;
    throw error;
  });
  const all = (folder?.migrations ?? []).map(({ name, path, sql }) => ({
    migration: name,
    name: relative('.', path),
    sql,
  }));
  if (named.length > 0) {
    const paths = named.map((path) => relative('.', path));
    const files = await Promise.all(
      paths.map(async (name) => ({ name, sql: await readFile(name, 'utf8') })),
    );
    const first = all.findIndex(({ name }) => paths.includes(name));
    return { files, history: first === -1 ? [] : all.slice(0, first) };
  }
  let wanted: (file: (typeof all)[number], index: number) => boolean;
  const url = options.url ?? process.env[options.urlEnv];
  if (options.all) wanted = () => true;
  else if (options.since !== undefined) {
    const changed = await changedSince(options.since);
    wanted = ({ name }) => changed.has(name);
  } else if (url) {
    const rows = await status(url, { folder: options.folder });
    const pending = new Set(
      rows
        .filter(({ state }) => state === 'pending' || state === 'out of order')
        .map(({ name }) => name),
    );
    wanted = ({ migration }) => pending.has(migration);
  } else wanted = (_, index) => index === all.length - 1;
  const first = all.findIndex(wanted);
  return {
    files: all.filter(wanted),
    history: first === -1 ? all : all.slice(0, first),
  };
};

const FORMATS = ['text', 'json', 'github'] as const;
const isFormat = (text: string): text is ReviewFormat => FORMATS.some((format) => format === text);

export const reviewCommand = async (
  named: readonly string[],
  options: ReviewCommandOptions,
): Promise<void> => {
  if (!isFormat(options.format)) throw usage(`--format is one of ${FORMATS.join(', ')}`);
  const { files, history } = await chosenFiles(named, options);
  const findings = await review(files, {
    history,
    deployed: options.all ? 'each' : 'batch',
    style: options.style ?? false,
  });
  const text = formatFindings(findings, options.format);
  if (text) say(text);
  if (findings.some(isBlocking)) process.exitCode = 1;
};

interface GenerateCommandOptions extends ConnectionOptions, ScratchOptions {
  readonly name: string;
  readonly config: string;
  readonly custom?: boolean;
  readonly rename?: string[];
  readonly renames: boolean;
}

export const generateCommand = async (options: GenerateCommandOptions): Promise<void> => {
  const config = await readConfig(options.config);
  const folder = options.folder === 'drizzle' && config.out ? config.out : options.folder;
  const made = await generate({
    folder,
    name: options.name,
    config,
    renames: (options.rename ?? []).map(parseRename),
    noRenames: !options.renames,
    custom: options.custom ?? false,
    scratch: scratchFrom(options),
  });
  if (!made) {
    say('the schema has not changed');
    return;
  }
  say(`${pc.green('✓')} ${relative('.', made.path)}`);
  if (made.withoutDown === undefined)
    say(
      `${pc.green('✓')} ${relative('.', made.path).replace(/\.sql$/, '.down.sql')}, proved in a scratch database`,
    );
  else {
    say(`${pc.yellow('·')} no down migration: ${made.withoutDown}`);
    say(
      `  Write ${relative('.', made.path).replace(/\.sql$/, '.down.sql')}, or start the file with "-- migrator: irreversible: REASON".`,
    );
    process.exitCode = options.custom ? 0 : 1;
  }
  if (made.findings.length > 0)
    say(
      formatFindings(
        made.findings.map((finding) => ({ ...finding, file: relative('.', finding.file) })),
        'text',
      ),
    );
};

export const rebaseCommand = async (options: {
  readonly folder: string;
  readonly onto?: string;
}): Promise<void> => {
  const moved = await rebase(options);
  if (moved.length === 0) say('nothing to move: no number is used twice');
  for (const { from, to } of moved) say(`${pc.green('✓')} ${from} is now ${to}`);
};
