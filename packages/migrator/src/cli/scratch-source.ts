import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { usage } from '../errors.ts';
import { isRecord } from '../review/ast.ts';
import { addressOf } from '../run/target.ts';
import { type ScratchSource, scratchOnServer } from '../scratch.ts';
import type { Project } from './project.ts';
import type { ScratchOptions } from './scratch-options.ts';

interface Embedded {
  readonly urls: Record<string, string>;
  close(): Promise<void>;
}

const isEmbedded = (value: unknown): value is Embedded =>
  isRecord(value) && isRecord(value.urls) && typeof value.close === 'function';

/** An embedded Postgres for each scratch database, where this workspace's tooling is at hand. */
const embeddedScratch: ScratchSource = async () => {
  // A variable, because an installation from a registry is without it.
  const tooling = '@reference/local-postgres';
  const loaded: unknown = await import(tooling).catch(() => undefined);
  const start = isRecord(loaded) ? loaded.startEmbedded : undefined;
  if (typeof start !== 'function')
    throw usage('no server for the scratch databases: pass --url, --url-env or --scratch-url');
  const dataDir = await mkdtemp(join(tmpdir(), 'migrator-scratch-'));
  const started: unknown = await start({ dataDir, databases: ['scratch'] });
  const url = isEmbedded(started) ? started.urls.scratch : undefined;
  if (!isEmbedded(started) || url === undefined)
    throw usage('the embedded Postgres did not start: pass --scratch-url');
  return {
    address: addressOf(url),
    close: async () => {
      await started.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
};

/** Where scratch databases come from: named, else the server in use, else embedded. */
export const scratchFrom = (options: ScratchOptions, project: Project): ScratchSource => {
  const target = options.scratchUrl ?? project.database;
  return target === undefined ? embeddedScratch : scratchOnServer(target);
};
