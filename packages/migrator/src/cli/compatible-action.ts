import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { type Compatibility, compatible } from '../compatible/compatible.ts';
import { formatCompatibility } from '../compatible/format.ts';
import { readSentStatements, type SentStatement } from '../compatible/sent-statements.ts';
import { usage } from '../errors.ts';
import { readText } from '../folder/text.ts';
import { say } from './output.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';
import { inCheckout, textAt, withFolderAt } from './revision.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

interface CompatibleCommandOptions extends ProjectOptions, ScratchOptions {
  readonly against?: string;
  readonly statements?: string;
  readonly nextStatements?: string;
  readonly record?: string;
  readonly until?: string;
  readonly searchPath?: string;
  readonly strict?: boolean;
  readonly json?: boolean;
}

const readFrom = async (root: string, path: string): Promise<SentStatement[]> => {
  const file = resolve(root, path);
  if (!existsSync(file)) throw usage(`there is no file ${file}`);
  return readSentStatements(file, await readFile(file, 'utf8'));
};

/**
 * The former release's statements: from a file, from the revision, or recorded in a checkout of it.
 */
const formerStatements = async (
  against: string,
  { statements, record }: CompatibleCommandOptions,
  { root, statements: recording }: Project,
): Promise<SentStatement[]> => {
  if (statements !== undefined) return readFrom(root, statements);
  if (record !== undefined)
    return inCheckout(against, record, (directory) => readFrom(directory, recording));
  const text = await textAt(against, recording);
  if (text !== undefined) return readSentStatements(recording, text);
  throw usage(
    `${against} holds no ${recording}, so the statements of that release are unknown. Give its statements: --statements FILE (JSON, JSON Lines or SQL; pg_stat_statements of production will do), or --record 'COMMAND', which records them in a checkout of ${against}: it installs there and runs the tests under migrator record, such as --record 'pnpm install && pnpm db:statements'.`,
  );
};

export const compatibleCommand = async (options: CompatibleCommandOptions): Promise<void> => {
  const { against } = options;
  if (against === undefined)
    throw usage(
      "say which release runs now: --against with its tag, branch or commit, such as --against v1.4. Its statements come from the recording that it holds, or from --record 'COMMAND' or --statements FILE.",
    );
  const results: { project: string; result: Compatibility }[] = [];
  await forProjects(options, {
    quiet: options.json === true,
    run: async (project) => {
      const { folder, bookkeeping, root, statements: recording } = project;
      const former = await formerStatements(against, options, project);
      const now = options.nextStatements ?? join(relative(root, '.'), recording);
      const next =
        options.nextStatements !== undefined || (await readText(recording)) !== undefined
          ? await readFrom(root, now)
          : undefined;
      const result = await withFolderAt(against, folder, (formerFolder) =>
        compatible({
          folder,
          bookkeeping,
          former: formerFolder,
          formerStatements: former,
          ...(next ? { nextStatements: next } : {}),
          ...(options.until === undefined ? {} : { until: options.until }),
          ...(options.searchPath === undefined ? {} : { searchPath: options.searchPath }),
          scratch: scratchFrom(options, project),
        }),
      );
      results.push({ project: project.name, result });
      if (!options.json) say(formatCompatibility(result));
      const fails = result.problems.some(({ certain }) => certain || options.strict);
      if (fails) process.exitCode = 1;
    },
  });
  if (options.json)
    say(JSON.stringify(results.length === 1 ? results[0]?.result : results, undefined, 2));
};
