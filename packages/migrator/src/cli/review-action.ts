import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { usage } from '../errors.ts';
import { decodeUtf8, withoutBom } from '../folder/text.ts';
import { type Finding, isAtLeast, isBlocking, LEVELS, type Level } from '../review/finding.ts';
import { formatFindings, REVIEW_FORMATS, type ReviewFormat } from '../review/format.ts';
import { type ReviewFile, review } from '../review/review.ts';
import { filesOfFolder, RUNNERS, type Runner } from '../review/runner.ts';
import { status } from '../status.ts';
import { baseOfBranch, changedSince } from './branch.ts';
import { say } from './output.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';

interface ReviewCommandOptions extends ProjectOptions {
  readonly format: string;
  readonly all?: boolean;
  readonly since?: string;
  readonly branch?: boolean;
  readonly style?: boolean;
  readonly runner: string;
  readonly failOn: string;
  readonly output?: readonly string[];
}

/** The files to review, and those before them, which tell what the tables look like. */
const chosenFiles = async (
  named: readonly string[],
  options: ReviewCommandOptions,
  { folder, bookkeeping, database, root }: Project,
  runner: Runner,
): Promise<{ files: ReviewFile[]; history: ReviewFile[] }> => {
  const found = await filesOfFolder(folder, runner).catch((error: unknown) => {
    if (named.length > 0) return [];
    throw error;
  });
  const all = found.map((file) => ({
    migration: file.name,
    path: resolve(file.path),
    name: relative(root, resolve(file.path)),
    sql: file.sql,
  }));
  if (named.length > 0) {
    const paths = named.map((file) => resolve(root, file));
    const files = await Promise.all(
      paths.map(async (file) => ({
        name: relative(root, file),
        sql: withoutBom(decodeUtf8(await readFile(file), file)),
      })),
    );
    const first = all.findIndex((file) => paths.includes(file.path));
    return { files, history: first === -1 ? [] : all.slice(0, first) };
  }
  let wanted: (file: (typeof all)[number], index: number) => boolean;
  if (options.all) wanted = () => true;
  else if (options.since !== undefined || options.branch) {
    const base = options.since ?? (await baseOfBranch());
    const changed = base === undefined ? new Set<string>() : await changedSince(base);
    wanted = (file) => changed.has(file.path);
  } else if (database !== undefined && runner === 'drizzle') {
    const rows = await status(database, { folder, bookkeeping });
    const pending = new Set(
      rows
        .filter(({ state }) => ['pending', 'out of order', 'half applied'].includes(state))
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

const oneOf = <T extends string>(flag: string, value: string, known: readonly T[]): T => {
  const found = known.find((one) => one === value);
  if (found === undefined) throw usage(`${flag} is one of ${known.join(', ')}`);
  return found;
};

const outputsOf = (outputs: readonly string[]): { format: ReviewFormat; path: string }[] =>
  outputs.map((text) => {
    const [, format = '', path] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (path === undefined) throw usage(`--output ${text}: write FORMAT=FILE`);
    return { format: oneOf('--output FORMAT', format, REVIEW_FORMATS), path };
  });

export const reviewCommand = async (
  named: readonly string[],
  options: ReviewCommandOptions,
): Promise<void> => {
  const format = oneOf('--format', options.format, REVIEW_FORMATS);
  const runner = oneOf('--runner', options.runner, RUNNERS);
  const failOn = oneOf<Level>('--fail-on', options.failOn, LEVELS);
  const outputs = outputsOf(options.output ?? []);
  const findings: Finding[] = [];
  let looked = 0;
  await forProjects(options, {
    quiet: true,
    run: async (project) => {
      const { files, history } = await chosenFiles(named, options, project, runner);
      looked += files.length;
      findings.push(
        ...(await review(files, {
          history,
          deployed: options.all ? 'each' : 'batch',
          style: options.style ?? false,
          runner,
        })),
      );
    },
  });
  for (const { format: kind, path } of outputs)
    await writeFile(path, `${formatFindings(findings, kind, looked)}\n`);
  if (format === 'text' && looked === 0) say('no migration to review');
  else {
    const text = formatFindings(findings, format, looked);
    if (text) say(text);
  }
  const stops = findings.some((finding) =>
    failOn === 'danger'
      ? isBlocking(finding)
      : finding.acknowledged === undefined && isAtLeast(finding.level, failOn),
  );
  if (stops) process.exitCode = Math.max(1, Number(process.exitCode ?? 0));
};
