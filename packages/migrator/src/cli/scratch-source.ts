import { usage } from '../errors.ts';
import { readFolder } from '../folder/read.ts';
import { isRecord } from '../review/ast.ts';
import { addressOf } from '../run/target.ts';
import { type ScratchSource, scratchOnServer } from '../scratch.ts';
import type { Project } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';

interface Embedded {
  readonly urls: Record<string, string>;
  /** Databases on PGlite, which holds only one. */
  readonly onPglite: readonly unknown[];
  close(): Promise<void>;
}

const isEmbedded = (value: unknown): value is Embedded =>
  isRecord(value) &&
  isRecord(value.urls) &&
  Array.isArray(value.onPglite) &&
  typeof value.close === 'function';

/** Starts a Postgres with this workspace's tooling, if it is there. */
const startEmbedded = async (folder: string): Promise<{ url: string; embedded: Embedded }> => {
  // A variable, because an installation from a registry lacks it.
  const tooling = '@reference/local-postgres';
  const loaded: unknown = await import(tooling).catch(() => undefined);
  const start = isRecord(loaded) ? loaded.startEmbedded : undefined;
  if (typeof start !== 'function')
    throw usage('no server for the scratch databases: pass --url, --url-env or --scratch-url');
  const names = (await wantsVector(folder))
    ? { databases: [], vectorDatabases: ['scratch'] }
    : { databases: ['scratch'] };
  const embedded: unknown = await start(names);
  const url = isEmbedded(embedded) ? embedded.urls.scratch : undefined;
  if (!isEmbedded(embedded) || url === undefined)
    throw usage('the embedded Postgres did not start: pass --scratch-url');
  return { url, embedded };
};

const wantsVector = async (folder: string): Promise<boolean> => {
  const read = await readFolder(folder).catch(() => undefined);
  return (read?.migrations ?? []).some(({ sql }) =>
    /create\s+extension\s+(if\s+not\s+exists\s+)?"?vector\b/i.test(sql),
  );
};

/**
 * All on one server that ends with this process; a PGlite, which has one database, starts for each.
 */
const embeddedScratch = (folder: string): ScratchSource => {
  let onServer: ScratchSource | undefined;
  return async () => {
    if (onServer) return onServer();
    const { url, embedded } = await startEmbedded(folder);
    if (embedded.onPglite.length > 0)
      return { address: addressOf(url), close: () => embedded.close() };
    onServer = scratchOnServer(url);
    return onServer();
  };
};

/** The source of scratch databases: the named server, else the one in use, else an embedded one. */
export const scratchFrom = (options: ScratchOptions, project: Project): ScratchSource => {
  const target = options.scratchUrl ?? project.database;
  return target === undefined ? embeddedScratch(project.folder) : scratchOnServer(target);
};
