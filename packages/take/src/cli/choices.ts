import { existsSync } from 'node:fs';
import { join, posix, relative } from 'node:path';
import { createInterface } from 'node:readline/promises';
import { TakeError } from '../errors.ts';
import { drizzleConfigOf } from '../host/edits.ts';
import { type Driver, type Host, type Manager, managers } from '../host/read-host.ts';
import { type Lock, readLock } from '../lock.ts';
import { onlyFor } from '../narrow/domains.ts';
import type { Choices } from '../plan/plan.ts';
import type { ImportEnding } from '../source/rewrite.ts';

export interface TakeOptions {
  readonly pm?: Manager;
  readonly scope?: string;
  readonly form?: 'source' | 'built';
  readonly driver?: Driver;
  readonly imports?: ImportEnding;
  /** Domains of the one package that is taken; one value may list several, separated by commas. */
  readonly only?: readonly string[];
  /** `name=file`, each a table that the host has already. */
  readonly table?: readonly string[];
}

/** Choices from the caller, else from the folder's lock, else from the host. Asks for the rest. */
export async function chooseFor(
  host: Host,
  options: TakeOptions,
  names: readonly string[] = [],
): Promise<Choices> {
  const lock = readLock(host.into);
  const known = lock?.choices;
  return {
    manager: options.pm ?? known?.manager ?? host.manager ?? (await askManager()),
    ending: options.imports ?? known?.ending ?? host.ending,
    driver: options.driver ?? known?.driver ?? host.driver,
    scope: checkScope(options.scope ?? known?.scope),
    form: options.form ?? known?.form ?? 'source',
    only: options.only ? { ...known?.only, ...onlyFor(names, listed(options.only)) } : known?.only,
    into: forward(relative(host.project, host.into)),
    project: forward(relative(host.root, host.project)),
    tables: options.table ? tablesOf(host, options.table) : known?.tables,
    migrations: known ? known.migrations : ownMigrations(host, lock),
  };
}

/** @throws TakeError for a value that is no `name=file`, or a missing file */
function tablesOf(host: Host, given: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    given.map((one) => {
      const [, name, file] = /^([^=]+)=(.+)$/.exec(one) ?? [];
      if (!name || !file)
        throw new TakeError(`${one} is no table; write --table users=src/schema.ts.`, 3);
      if (!existsSync(join(host.project, file)))
        throw new TakeError(`There is no ${file} in ${host.project}.`, 3);
      return [name, posix.normalize(forward(file))];
    }),
  );
}

const listed = (texts: readonly string[]): string[] =>
  texts.flatMap((text) => text.split(',').map((name) => name.trim())).filter((name) => name !== '');

/** The folder of migrations that the host had before it took anything. */
const ownMigrations = (host: Host, lock: Lock | undefined): string | undefined =>
  lock ? undefined : drizzleConfigOf(host.project)?.out;

const forward = (path: string): string => path.replaceAll('\\', '/');

function checkScope(scope: string | undefined): string | undefined {
  if (scope === undefined || /^@[a-z0-9][\w.-]*$/.test(scope)) return scope;
  throw new TakeError(`${scope} is no scope; write @acme.`, 3);
}

async function askManager(): Promise<Manager> {
  if (!process.stdin.isTTY)
    throw new TakeError(
      `There is no lockfile. Name the package manager: --pm ${managers.join('|')}.`,
      3,
    );
  const answer = await ask(`Which package manager? (${managers.join(', ')}) `);
  const manager = managers.find((name) => name === answer);
  if (!manager) throw new TakeError(`${answer} is not one of ${managers.join(', ')}.`, 3);
  return manager;
}

/** @throws TakeError if nobody can answer */
export async function askFolder(): Promise<string> {
  if (!process.stdin.isTTY)
    throw new TakeError(
      'Say where the files go: --into src/db for pieces, --into packages for packages.',
      3,
    );
  return ask('Into which folder? ');
}

async function ask(question: string): Promise<string> {
  const prompt = createInterface({ input: process.stdin, output: process.stderr });
  try {
    return (await prompt.question(question)).trim();
  } finally {
    prompt.close();
  }
}
