import { writeFile } from 'node:fs/promises';
import pc from 'picocolors';
import { baseline } from '../baseline.ts';
import { describeDifference } from '../catalog/compare.ts';
import { catalogOf } from '../catalog/describe.ts';
import { dumpCatalog } from '../catalog/dump.ts';
import { drift } from '../drift.ts';
import { readFolder } from '../folder/read.ts';
import { readConfig } from '../generate/schema.ts';
import { applyMigrations } from '../migrate.ts';
import { type RepairOptions, repair } from '../repair.ts';
import { limitsOf } from '../run/options.ts';
import { inScratch } from '../scratch.ts';
import { verify } from '../verify.ts';
import { warnOfCollation } from './collation-command.ts';
import { type ConnectionOptions, urlOf } from './connection.ts';
import { say } from './output.ts';
import { drawProgress } from './progress.ts';
import type { ScratchOptions } from './scratch-options.ts';
import { scratchFrom } from './scratch-source.ts';

type CheckOptions = ConnectionOptions & ScratchOptions & { readonly without?: string[] };

export const driftCommand = async (
  options: CheckOptions & { readonly json?: boolean },
): Promise<void> => {
  const url = urlOf(options);
  const differences = await drift(url, {
    folder: options.folder,
    scratch: scratchFrom(options),
    ...(options.without ? { without: options.without } : {}),
  });
  if (options.json) say(JSON.stringify(differences, undefined, 2));
  else if (differences.length === 0) say(pc.green('the database is what its migrations make'));
  else
    for (const difference of differences) say(`${pc.red('✗')} ${describeDifference(difference)}`);
  await warnOfCollation(url);
  if (differences.length > 0) process.exitCode = 1;
};

export const verifyCommand = async (
  options: CheckOptions & { readonly config?: string; readonly dump?: string },
): Promise<void> => {
  const { problems, reversed, irreversible } = await verify({
    folder: options.folder,
    scratch: scratchFrom(options),
    ...(options.config ? { config: await readConfig(options.config) } : {}),
    ...(options.dump ? { dump: options.dump } : {}),
    ...(options.without ? { without: options.without } : {}),
  });
  for (const { where, message } of problems) say(`${pc.red('✗')} ${where} ${message}`);
  if (problems.length > 0) {
    process.exitCode = 1;
    return;
  }
  const compared = [
    ...(options.config ? ['schema and snapshot'] : []),
    ...(options.dump ? [options.dump] : []),
  ];
  say(
    `${pc.green('✓')} up, down and up again: ${reversed} migration(s)${irreversible > 0 ? `, ${irreversible} declared irreversible` : ''}${compared.length > 0 ? `; ${compared.join(' and ')} agree` : ''}`,
  );
};

export const dumpCommand = async (
  options: CheckOptions & { readonly output?: string },
): Promise<void> => {
  const folder = await readFolder(options.folder);
  const text = await inScratch(scratchFrom(options), async (session) => {
    await applyMigrations(session, folder.layout, folder.migrations, limitsOf({}), () => {});
    return dumpCatalog(await catalogOf(session, options));
  });
  if (options.output) await writeFile(options.output, text);
  else process.stdout.write(text);
};

export const baselineCommand = async (
  options: CheckOptions & { readonly to?: string },
): Promise<void> => {
  const progress = drawProgress(process.stderr);
  const names = await baseline(urlOf(options), {
    folder: options.folder,
    scratch: scratchFrom(options),
    onEvent: (event) => {
      if (event.type !== 'file-done') progress.listen(event);
    },
    ...(options.to ? { to: options.to } : {}),
    ...(options.without ? { without: options.without } : {}),
  });
  say(
    `${pc.green('✓')} the database is equal; ${names.length} migration(s) recorded as applied, none was run`,
  );
};

const FLAGS: Record<string, string> = {
  acceptChanged: '--accept-changed',
  acceptRenamed: '--accept-renamed',
  forgetMissing: '--forget-missing',
  rebuildIndexes: '--rebuild-indexes',
  finishDetach: '--finish-detach',
};

export const repairCommand = async (options: ConnectionOptions & RepairOptions): Promise<void> => {
  const { acceptChanged, acceptRenamed, forgetMissing, rebuildIndexes, finishDetach } = options;
  const items = await repair(urlOf(options), {
    folder: options.folder,
    acceptChanged: acceptChanged ?? false,
    acceptRenamed: acceptRenamed ?? false,
    forgetMissing: forgetMissing ?? false,
    rebuildIndexes: rebuildIndexes ?? false,
    finishDetach: finishDetach ?? false,
  });
  if (items.length === 0) say(pc.green('nothing to repair'));
  for (const { kind, what, resolved, option } of items)
    say(
      `${resolved ? pc.green('✓ resolved') : pc.yellow(`· ${FLAGS[option]} resolves`)} ${kind}: ${what}`,
    );
  const recordsOnly = ['changed', 'missing'];
  if (items.some(({ kind, resolved }) => resolved && recordsOnly.includes(kind)))
    say(
      'Only the record was changed: migrator drift (db:drift) tells whether the database is what the files make.',
    );
  if (items.some(({ resolved }) => !resolved)) process.exitCode = 1;
};
