import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import pc from 'picocolors';
import { refused, usage } from '../errors.ts';
import type { Change } from '../plan/change.ts';
import { plan } from '../plan/plan.ts';
import { say } from './output.ts';
import { forProjects, type ProjectOptions } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

interface PlanCommandOptions extends ProjectOptions, ScratchOptions {
  readonly output: string;
  readonly value?: string;
  readonly columns?: string;
}

const changeOf = (kind: string, what: string, to: string, options: PlanCommandOptions): Change => {
  if (kind === 'split-table') {
    const columns = (options.columns ?? '').split(',').filter(Boolean);
    if (columns.length === 0) throw usage('split-table needs --columns a,b: those that move');
    return { kind, table: what, columns, to };
  }
  const at = what.lastIndexOf('.');
  const [table, column] = [what.slice(0, at), what.slice(at + 1)];
  if (at < 1 || column === '') throw usage(`${what}: write table.column`);
  if (kind === 'rename-column') return { kind, table, column, to };
  if (kind === 'change-type') return { kind, table, column, type: to };
  if (kind !== 'add-required')
    throw usage('a plan is one of rename-column, change-type, add-required, split-table');
  if (options.value === undefined)
    throw usage('add-required needs --value: SQL, such as "\'free\'"');
  return { kind, table, column, type: to, value: options.value };
};

export const planCommand = async (
  kind: string,
  what: string,
  to: string,
  options: PlanCommandOptions,
): Promise<void> => {
  const change = changeOf(kind, what, to, options);
  const output = resolve(options.output);
  await forProjects(options, {
    run: async (project) => {
      const { files, left, unproved } = await plan(change, {
        folder: project.folder,
        bookkeeping: project.bookkeeping,
        scratch: scratchFrom(options, project),
      });
      await mkdir(output).catch((error: unknown) => {
        throw refused('folder', `${output} is there already, or cannot be made: ${error}`);
      });
      for (const [index, { name, up, down, when }] of files.entries()) {
        const path = join(output, `${index + 1}_${name}.sql`);
        await writeFile(path, `${up}\n`);
        await writeFile(path.replace(/\.sql$/, '.down.sql'), `${down}\n`);
        say(`${pc.green('✓')} ${relative(project.root, path)}  ${pc.dim(when)}`);
      }
      if (left.length > 0)
        say(
          `${pc.yellow('·')} not moved; make what you need of it for the new column, with the first file:\n${left.map((line) => `    ${line}`).join('\n')}`,
        );
      if (unproved !== undefined)
        say(
          `${pc.yellow('·')} the steps run on an empty table; generated rows did not pass, so see whether yours do:\n    ${unproved}`,
        );
      say(
        'Each becomes a migration of its own when its time has come: generate --name NAME --custom, then copy both files over its own.',
      );
    },
  });
};
