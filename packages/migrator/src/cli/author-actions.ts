import { relative } from 'node:path';
import pc from 'picocolors';
import { usage } from '../errors.ts';
import { generate } from '../generate/generate.ts';
import { rebase } from '../generate/rebase.ts';
import { parseRename } from '../generate/snapshots.ts';
import { formatFindings } from '../review/format.ts';
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

/** A migration is written for one schema: of several projects one has to be named. */
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
