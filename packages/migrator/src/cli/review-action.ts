import { readFile, writeFile } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { messageOf, usage } from '../errors.ts';
import { decodeUtf8, withoutBom } from '../folder/text.ts';
import { type Finding, isAtLeast, isBlocking, LEVELS, type Level } from '../review/finding.ts';
import { formatFindings, REVIEW_FORMATS, type ReviewFormat } from '../review/format.ts';
import { type ReviewFile, review, TARGETS } from '../review/review.ts';
import { filesOfFolder, RUNNERS, type Runner } from '../review/runner.ts';
import { status } from '../status.ts';
import { formatTrace } from '../trace/format.ts';
import type { TracedStatement } from '../trace/traced.ts';
import { baseOfBranch, changedSince } from './branch.ts';
import { say } from './output.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

interface ReviewCommandOptions extends ProjectOptions, ScratchOptions {
  readonly trace?: boolean;
  readonly traceRows: string;
  readonly format: string;
  readonly all?: boolean;
  readonly since?: string;
  readonly branch?: boolean;
  readonly style?: boolean;
  readonly runner: string;
  readonly target: string;
  readonly failOn: string;
  readonly output?: readonly string[];
}

const UNREADABLE: Record<string, string> = {
  ENOENT: 'there is no such file',
  EISDIR: 'it is a folder, which --folder takes',
};

const bytesOf = (file: string): Promise<Uint8Array> =>
  readFile(file).catch((error: unknown) => {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    throw usage(`cannot read ${file}: ${UNREADABLE[code] ?? messageOf(error)}`);
  });

/** The files to review, and those before them, from which the tables are known. */
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
        sql: withoutBom(decodeUtf8(await bytesOf(file), file)),
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

const OUTPUTS = [...REVIEW_FORMATS, 'trace'] as const;
type Output = { readonly format: ReviewFormat | 'trace'; readonly path: string };

const outputsOf = (outputs: readonly string[]): Output[] =>
  outputs.map((text) => {
    const [, format = '', path] = /^(\w+)=(.+)$/.exec(text) ?? [];
    if (path === undefined) throw usage(`--output ${text}: write FORMAT=FILE`);
    return { format: oneOf('--output FORMAT', format, OUTPUTS), path };
  });

const sizesOf = (text: string): number[] => {
  const sizes = text.split(',').map((part) => Number(part.replaceAll('_', '')));
  const ascending = sizes.every((size, index) => index === 0 || size > (sizes[index - 1] ?? 0));
  if (
    sizes.length === 0 ||
    !sizes.every((size) => Number.isSafeInteger(size) && size >= 0) ||
    !ascending
  )
    throw usage('--trace-rows takes whole numbers, ascending, separated by commas');
  return sizes;
};

export const reviewCommand = async (
  named: readonly string[],
  options: ReviewCommandOptions,
): Promise<void> => {
  const format = oneOf('--format', options.format, REVIEW_FORMATS);
  const runner = oneOf('--runner', options.runner, RUNNERS);
  const target = oneOf('--target', options.target, TARGETS);
  const failOn = oneOf<Level>('--fail-on', options.failOn, LEVELS);
  const outputs = outputsOf(options.output ?? []);
  const sizes = options.trace ? sizesOf(options.traceRows) : [];
  if (options.trace && format !== 'text' && format !== 'json' && format !== 'markdown')
    throw usage('--trace prints text, json or markdown: --output writes another format beside it');
  if (!options.trace && outputs.some(({ format: kind }) => kind === 'trace'))
    throw usage('--output trace=FILE goes with --trace');
  const findings: Finding[] = [];
  const statements: TracedStatement[] = [];
  const unfilled: string[] = [];
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
          target,
        })),
      );
      if (!options.trace || files.length === 0) return;
      const { trace } = await import('../trace/trace.ts');
      const observed = await trace(files, {
        scratch: scratchFrom(options, project),
        history,
        sizes,
        runner,
        onProgress: (message) => process.stderr.write(`${pc.dim(`trace: ${message}`)}\n`),
      });
      statements.push(...observed.statements);
      unfilled.push(...observed.unfilled);
    },
  });
  for (const { format: kind, path } of outputs)
    await writeFile(
      path,
      `${kind === 'trace' ? formatTrace({ statements, unfilled }, 'markdown', findings) : formatFindings(findings, kind, looked)}\n`,
    );
  if (format === 'text' && looked === 0) say('no migration to review');
  else if (options.trace && format === 'json')
    say(JSON.stringify({ findings, trace: { statements, unfilled } }, undefined, 2));
  else {
    const text = formatFindings(findings, format, looked);
    if (text) say(text);
    if (options.trace && (format === 'text' || format === 'markdown'))
      say(`\n${formatTrace({ statements, unfilled }, format, findings)}`);
  }
  const stops = findings.some((finding) =>
    failOn === 'danger'
      ? isBlocking(finding)
      : finding.acknowledged === undefined && isAtLeast(finding.level, failOn),
  );
  if (stops) process.exitCode = Math.max(1, Number(process.exitCode ?? 0));
};
