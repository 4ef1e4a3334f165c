import { writeFile } from 'node:fs/promises';
import { relative } from 'node:path';
import pc from 'picocolors';
import { baseline } from '../baseline.ts';
import { describeDifference } from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { dumpCatalog } from '../catalog/dump.ts';
import { DRIFT_LEVELS } from '../catalog/levels.ts';
import { counted } from '../counted.ts';
import { drift } from '../drift.ts';
import { usage } from '../errors.ts';
import { readFolder } from '../folder/read.ts';
import { applyMigrations } from '../migrate.ts';
import { type RepairOptions, repair } from '../repair.ts';
import { limitsOf } from '../run/options.ts';
import { tablesOf } from '../run/tables.ts';
import { inScratch } from '../scratch.ts';
import { verify } from '../verify.ts';
import { warnOfCollation } from './collation-command.ts';
import { say } from './output.ts';
import { drawProgress } from './progress.ts';
import { forProjects, type Project, type ProjectOptions } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

type CheckOptions = ProjectOptions & ScratchOptions & { readonly without?: string[] };

const settingsOf = (options: CheckOptions, project: Project) => ({
  folder: project.folder,
  bookkeeping: project.bookkeeping,
  scratch: scratchFrom(options, project),
  without: [...project.without, ...(options.without ?? [])],
});

export const driftCommand = (
  options: CheckOptions & { readonly json?: boolean; readonly level: string },
): Promise<void> => {
  const level = DRIFT_LEVELS.find((known) => known === options.level);
  if (level === undefined) throw usage(`--level is one of ${DRIFT_LEVELS.join(', ')}`);
  return forProjects(options, {
    run: async (project) => {
      const differences = await drift(project.requireDatabase(), {
        ...settingsOf(options, project),
        level,
        onEvent: (event) => {
          if (event.type === 'note') process.stderr.write(`${pc.yellow('·')} ${event.message}\n`);
        },
      });
      if (options.json) say(JSON.stringify(differences, undefined, 2));
      else if (differences.length === 0) say(pc.green('the database is what its migrations make'));
      else
        for (const difference of differences)
          say(`${pc.red('✗')} ${pc.bold(difference.level)} ${describeDifference(difference)}`);
      const ahead = differences.filter(({ pending }) => pending !== undefined).length;
      if (ahead > 0 && !options.json)
        say(
          `${ahead === differences.length ? 'All of it' : `${ahead} of it`} is what pending migrations make: the database has it and no record of it. db:baseline records what is there (with --to NAME up to one migration).`,
        );
      await warnOfCollation(project.requireDatabase());
      if (differences.length > 0) process.exitCode = 1;
    },
  });
};

export const verifyCommand = (options: CheckOptions & { readonly dump?: string }): Promise<void> =>
  forProjects(options, {
    run: async (project) => {
      const dump = options.dump ?? project.dump;
      const { config } = project;
      const { problems, reversed, irreversible } = await verify({
        ...settingsOf(options, project),
        ...(config && config.schema.length > 0 ? { config } : {}),
        ...(dump ? { dump } : {}),
      });
      for (const { where, message } of problems) say(`${pc.red('✗')} ${where} ${message}`);
      if (problems.length > 0) {
        process.exitCode = 1;
        return;
      }
      const compared = [...(config ? ['schema and snapshot'] : []), ...(dump ? [dump] : [])];
      say(
        `${pc.green('✓')} up, down and up again: ${counted(reversed, 'migration')}${irreversible > 0 ? `, ${irreversible} declared irreversible` : ''}${compared.length > 0 ? `; ${compared.join(' and ')} agree` : ''}`,
      );
    },
  });

export const dumpCommand = (options: CheckOptions & { readonly output?: string }): Promise<void> =>
  forProjects(options, {
    run: async (project) => {
      const { scratch, ...settings } = settingsOf(options, project);
      const folder = await readFolder(project.folder);
      const tables = tablesOf(project.bookkeeping);
      const text = await inScratch(scratch, async (session) => {
        const { layout, migrations } = folder;
        await applyMigrations(session, layout, tables, migrations, limitsOf({}), () => {});
        return dumpCatalog(await catalogOf(session, settings));
      });
      const output = options.output ?? project.dump;
      if (output === undefined || output === '-') {
        process.stdout.write(text);
        return;
      }
      await writeFile(output, text);
      say(
        `${pc.green('✓')} ${relative(project.root, output)}, as ${counted(folder.migrations.length, 'migration')} ${folder.migrations.length === 1 ? 'makes' : 'make'} it`,
      );
    },
  });

export const baselineCommand = (
  options: CheckOptions & { readonly to?: string; readonly acceptMissingRows?: boolean },
): Promise<void> => {
  const settings = (project: Project) => ({
    ...settingsOf(options, project),
    acceptMissingRows: options.acceptMissingRows ?? false,
    ...(options.to ? { to: options.to } : {}),
  });
  return forProjects(options, {
    check: async (project) => {
      await baseline(project.requireDatabase(), { ...settings(project), dryRun: true });
    },
    run: async (project) => {
      const progress = drawProgress(process.stderr);
      const names = await baseline(project.requireDatabase(), {
        ...settings(project),
        onEvent: (event) => {
          if (event.type !== 'file-done') progress.listen(event);
        },
      });
      say(
        `${pc.green('✓')} the database is equal; ${counted(names.length, 'migration')} recorded as applied, none was run`,
      );
    },
  });
};

const FLAGS: Record<string, string> = {
  acceptChanged: '--accept-changed',
  acceptRenamed: '--accept-renamed',
  forgetMissing: '--forget-missing',
  forgetDuplicates: '--forget-duplicates',
  rebuildIndexes: '--rebuild-indexes',
  finishDetach: '--finish-detach',
};

export const repairCommand = (
  options: ProjectOptions & Omit<RepairOptions, 'folder'>,
): Promise<void> =>
  forProjects(options, {
    run: async ({ folder, bookkeeping, requireDatabase }) => {
      const items = await repair(requireDatabase(), {
        folder,
        bookkeeping,
        acceptChanged: options.acceptChanged ?? false,
        acceptRenamed: options.acceptRenamed ?? false,
        forgetMissing: options.forgetMissing ?? false,
        forgetDuplicates: options.forgetDuplicates ?? false,
        rebuildIndexes: options.rebuildIndexes ?? false,
        finishDetach: options.finishDetach ?? false,
      });
      if (items.length === 0) say(pc.green('nothing to repair'));
      for (const { kind, what, resolved, option } of items) {
        const mark = resolved
          ? pc.green('✓ resolved')
          : pc.yellow(option ? `· ${FLAGS[option]} resolves` : '·');
        say(`${mark} ${kind}: ${what}`);
      }
      if (items.some(({ resolved }) => !resolved)) process.exitCode = 1;
    },
  });
