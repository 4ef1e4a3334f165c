import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InvalidInputError, parseConnectionUrl, remoteHosts, requireUrl } from '@reference/kit';
import { startEmbedded } from '@reference/local-postgres';

/** The variable of each database, in the order in which they are prepared. */
export const variables = {
  pagespace: 'DATABASE_URL',
  ait: 'POSTGRES_URL',
  tasks: 'TASKS_DATABASE_URL',
  tenancy: 'TENANCY_DATABASE_URL',
} as const;
export type Urls = Readonly<Record<keyof typeof variables, string>>;

export interface DemoDatabases {
  readonly urls: Urls;
  /** Those on PGlite, with its one session for all connections. */
  readonly onPglite: readonly string[];
  /** Whether the PostgreSQL server is the demo's own: it may be killed to show that it comes back. */
  readonly isOwnServer: boolean;
  /** Lines for the reader. */
  readonly description: readonly string[];
  close(): Promise<void>;
}

/**
 * The four databases that the environment names, or embedded ones with their data in `folder`.
 *
 * @param options.allowRemote see `refuseRemote`
 * @param options.reset forgets the embedded ones' data first
 * @throws InvalidInputError when only some of the variables are set, or one is no PostgreSQL URL
 */
export async function openDatabases(options: {
  readonly folder: string;
  readonly reset: boolean;
  /** Takes URLs of another machine too. */
  readonly allowRemote: boolean;
}): Promise<DemoDatabases> {
  const given = Object.values(variables).filter((name) => process.env[name]);
  if (given.length > 0) {
    readEnvFile();
    const url = (name: keyof Urls) => requireUrl(process.env, variables[name]);
    const urls = {
      pagespace: url('pagespace'),
      ait: url('ait'),
      tasks: url('tasks'),
      tenancy: url('tenancy'),
    };
    if (!options.allowRemote) refuseRemote(urls);
    const hosts = [
      ...new Set(
        Object.values(urls).flatMap((url) =>
          parseConnectionUrl(url).hosts.map(({ host, port }) => `${host}:${port}`),
        ),
      ),
    ];
    const description = [`the databases at ${hosts.join(', ')}`];
    return { urls, onPglite: [], isOwnServer: false, description, close: async () => {} };
  }
  const dataDir = join(options.folder, 'databases');
  const { onPglite, unused, ...embedded } = await startEmbedded({
    dataDir,
    reset: options.reset,
    databases: ['pagespace', 'ait', 'tasks'],
    vectorDatabases: ['tenancy'],
  });
  const { pagespace = '', ait = '', tasks = '', tenancy = '' } = embedded.urls;
  return {
    urls: { pagespace, ait, tasks, tenancy },
    onPglite,
    isOwnServer: !onPglite.includes('pagespace'),
    description: [
      `${embedded.description}; data in ${options.folder}`,
      ...(unused.length > 0
        ? [`left alone, since another server keeps this data now: ${unused.join(', ')}`]
        : []),
    ],
    close: embedded.close,
  };
}

const project = fileURLToPath(new URL('../../../../', import.meta.url));

/** A caller who names one URL may have the others in .env; a variable that is set already wins. */
function readEnvFile(): void {
  try {
    process.loadEnvFile(join(project, '.env'));
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
  }
}

/**
 * The seed makes an administrator whose password is printed and published: nothing for a server that
 * others reach.
 *
 * @throws InvalidInputError naming the hosts
 */
function refuseRemote(urls: Urls): void {
  const remote = [
    ...new Set(Object.values(urls).flatMap((url) => remoteHosts(parseConnectionUrl(url)))),
  ];
  if (remote.length === 0) return;
  throw new InvalidInputError(
    `The demo fills its databases with people whose password everybody knows, one of them an administrator. ${remote.join(', ')} is not this machine, so nothing was done. With --remote it is done there nevertheless.`,
  );
}
