import type { Driver, Manager } from '../host/read-host.ts';
import type { Around } from '../items.ts';
import type { Only } from '../narrow/domains.ts';
import type { ImportEnding } from '../source/rewrite.ts';
import type { Partitioned } from './partitions.ts';

/** The host's properties and choices, recorded so that an update makes the same files. */
export interface Choices {
  readonly manager: Manager;
  readonly ending: ImportEnding;
  readonly driver: Driver;
  /** Replaces this repository's scopes in the names of packages, such as `@acme`. */
  readonly scope?: string | undefined;
  readonly form: 'source' | 'built';
  /** Packages of which only some domains are taken. */
  readonly only?: Only | undefined;
  /** The folder that takes the items, from the project's folder. */
  readonly into: string;
  /** The project's folder from the root of the host. */
  readonly project: string;
  /** The files of the host's own tables, from the project's folder, by table name. */
  readonly tables?: Readonly<Record<string, string>> | undefined;
  /** The host's migrations folder, from the project's folder; undefined if there is none yet. */
  readonly migrations?: string | undefined;
}

export interface PlannedFile {
  /** From the folder that takes the items. */
  readonly path: string;
  readonly text: string;
  /** True for a migration, which an update never changes. */
  readonly isMigration?: boolean;
}

/** A dependency that the project's package.json gets. */
export interface Needed {
  readonly name: string;
  readonly range: string;
  readonly isDev: boolean;
}

/** The plan for taking some items, before anything is written in the host. */
export interface Plan {
  readonly files: readonly PlannedFile[];
  readonly needed: readonly Needed[];
  /** Folders that become packages of the host's workspace, from the folder that takes them. */
  readonly workspaces: readonly string[];
  /** Files with tables of pieces, from the folder that takes them. */
  readonly tables: readonly string[];
  /** Statements that go around the migration of a piece's table. */
  readonly around: readonly Around[];
  /** Those tables of pieces that are partitioned. */
  readonly partitioned: readonly Partitioned[];
  /** Environment variables that the code reads. */
  readonly environment: readonly string[];
  /** Packages from npm with an install script, and whether it is needed. */
  readonly allowBuilds: Readonly<Record<string, boolean>>;
  /** The patch of postgres.js among `files`, and the version it is for. */
  readonly patch?: { readonly path: string; readonly version: string } | undefined;
}
