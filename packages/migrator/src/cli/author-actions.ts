import { relative, resolve } from 'node:path';
import pc from 'picocolors';
import { counted } from '../counted.ts';
import { usage } from '../errors.ts';
import { generate } from '../generate/generate.ts';
import { rebase } from '../generate/rebase.ts';
import { parseRename } from '../generate/renames.ts';
import { type ReversedFile, reverse } from '../reverse/reverse.ts';
import { formatFindings } from '../review/format.ts';
import { squash } from '../squash/squash.ts';
import { say } from './output.ts';
import { directoriesOf, forProjects, type ProjectOptions } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

interface GenerateCommandOptions extends ProjectOptions, ScratchOptions {
  readonly name: string;
  readonly custom?: boolean;
  readonly rename?: string[];
  readonly renames: boolean;
}

/** Refuses several projects, because a migration is for one schema. */
const oneProject = (options: ProjectOptions, command: string): void => {
  const directories = directoriesOf(options);
  if (directories.length > 1)
    throw usage(
      `${command} works on one project: add --project ${directories[0]} (there are ${directories.join(', ')})`,
    );
};

export const generateCommand = async (options: GenerateCommandOptions): Promise<void> => {
  oneProject(options, 'generate');
  await forProjects(options, {
    run: async (project) => {
      const { config, folder, bookkeeping, root } = project;
      if (!config)
        throw usage(
          'no drizzle.config.ts here: it says where the schema is. Name another with --config.',
        );
      const made = await generate({
        folder,
        name: options.name,
        config,
        bookkeeping,
        renames: (options.rename ?? []).map(parseRename),
        noRenames: !options.renames,
        custom: options.custom ?? false,
        scratch: scratchFrom(options, project),
      });
      if (!made) {
        say('the schema has not changed');
        return;
      }
      const named = (path: string) => relative(root, path);
      say(`${pc.green('✓')} ${named(made.path)}`);
      if (made.rowsProblem !== undefined) {
        say(
          `${pc.red('✗')} it fails where its tables hold rows: ${made.rowsProblem}\n  Add what changes the rows first to the file (an UPDATE, a USING expression), or delete the file and say what was renamed with --rename.`,
        );
        process.exitCode = 1;
      }
      if (made.withoutDown === undefined)
        say(
          `${pc.green('✓')} ${named(made.downPath)}, proved in a scratch database${made.rowsProblem === undefined ? ' with rows' : ' without rows'}`,
        );
      else {
        say(`${pc.yellow('·')} no down migration: ${made.withoutDown}`);
        say(
          `  Write ${named(made.downPath)}, or start the file with "-- migrator: irreversible: REASON".`,
        );
        process.exitCode = options.custom ? 0 : 1;
      }
      if (made.findings.length > 0)
        say(
          formatFindings(
            made.findings.map((finding) => ({ ...finding, file: named(finding.file) })),
            'text',
          ),
        );
    },
  });
};

/** How many migrations were reversed, and why the others were not, in one line. */
const countsOf = (looked: readonly ReversedFile[]): string => {
  const count = (outcome: ReversedFile['outcome']) =>
    looked.filter((file) => file.outcome === outcome).length;
  return `looked at: ${looked.length}; reversed (up, down, up equal): ${count('reversed')}; changing only rows, which no catalog holds: ${count('only rows')}; not reversed: ${count('not reversed')}`;
};

export const reverseCommand = async (
  names: readonly string[],
  options: ProjectOptions & ScratchOptions & { readonly dryRun?: boolean },
): Promise<void> => {
  if (names.length > 0) oneProject(options, 'reverse');
  await forProjects(options, {
    run: async (project) => {
      const { folder, bookkeeping, root, without } = project;
      const looked = await reverse({
        folder,
        bookkeeping,
        without,
        scratch: scratchFrom(options, project),
        dryRun: options.dryRun ?? false,
        ...(names.length > 0 ? { names } : {}),
      });
      if (looked.length === 0)
        say('every migration has a down migration, or is declared irreversible');
      for (const { name, downPath, sql, left } of looked) {
        if (sql === undefined)
          say(`${pc.yellow('·')} ${name}: write its down migration by hand. What is left:`);
        else {
          say(
            `${pc.green('✓')} ${options.dryRun ? `${name} can be taken back` : relative(root, downPath)}`,
          );
          if (left.length > 0) say('    without:');
        }
        for (const line of left) say(`    ${line.replaceAll('\n', '\n    ')}`);
      }
      if (looked.length > 0) say(countsOf(looked));
      if (looked.some(({ sql }) => sql === undefined)) process.exitCode = 1;
    },
  });
};

interface SquashCommandOptions extends ProjectOptions, ScratchOptions {
  readonly name: string;
  readonly archive?: string;
  readonly dryRun?: boolean;
}

export const squashCommand = async (options: SquashCommandOptions): Promise<void> => {
  oneProject(options, 'squash');
  await forProjects(options, {
    run: async (project) => {
      const { folder, bookkeeping, root } = project;
      const made = await squash({
        folder,
        bookkeeping,
        name: options.name,
        scratch: scratchFrom(options, project),
        dryRun: options.dryRun ?? false,
        ...(options.archive !== undefined && { archive: resolve(options.archive) }),
      });
      const verb = options.dryRun ? 'would replace' : 'replaces';
      say(
        `${pc.green('✓')} ${relative(root, made.path)} ${verb} ${counted(made.replaced.length, 'migration')}; both make the same schema and rows`,
      );
      const carried = [...made.carried.first, ...made.carried.last];
      if (carried.length > 0)
        say(
          `${pc.yellow('·')} taken over as they are, because no comparison of schemas sees them; read them once:\n${carried.map((text) => `    ${text.split('\n')[0]}`).join('\n')}`,
        );
      if (made.carried.unread.length > 0)
        say(
          `${pc.yellow('·')} left out, because their SQL is computed and the schema is equal without them; see whether they did anything else:\n${made.carried.unread.map((text) => `    ${text.split('\n').slice(0, 3).join(' ')}`).join('\n')}`,
        );
      say(
        made.withoutDown === undefined
          ? `${pc.green('✓')} its down migration is proved`
          : `${pc.yellow('·')} no down migration: ${made.withoutDown}`,
      );
      if (!options.dryRun)
        say(
          'Databases that have the former migrations: run db:migrate there. It records the file and runs nothing of it.',
        );
    },
  });
};

export const rebaseCommand = (
  options: ProjectOptions & { readonly onto?: string },
): Promise<void> =>
  forProjects(options, {
    check: async ({ folder }) => {
      await rebase({ ...options, folder, dryRun: true });
    },
    run: async ({ folder }) => {
      const moved = await rebase({ ...options, folder });
      if (moved.length === 0) say('nothing to move: no number is used twice');
      for (const { from, to } of moved) say(`${pc.green('✓')} ${from} is now ${to}`);
    },
  });
