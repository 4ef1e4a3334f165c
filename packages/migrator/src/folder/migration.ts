import { createHash } from 'node:crypto';

/** One migration of a folder, read and split. */
export interface Migration {
  readonly name: string;
  /** 0-based place in the journal, which is the order of application. */
  readonly position: number;
  /** Milliseconds; drizzle's bookkeeping calls it `created_at`. */
  readonly createdAt: number;
  readonly path: string;
  readonly sql: string;
  /** SHA-256 of the file's bytes, which is drizzle's hash. */
  readonly hash: string;
  readonly downPath: string;
  /** The down migration, or undefined when there is none. */
  readonly down?: string;
  readonly snapshotPath: string;
  readonly directives: Directives;
}

/** The file's own `-- migrator: …` directives. */
export interface Directives {
  readonly noTransaction: boolean;
  /** Why there is no down migration. */
  readonly irreversible?: string;
  readonly allow: readonly Acknowledgement[];
  /** The migrations that this file replaces; see `squash`. */
  readonly replaces: readonly Replaced[];
  /**
   * Lines that look like a directive but are unknown, or are at a place where they do not count.
   */
  readonly unknown: readonly { readonly text: string; readonly line: number }[];
}

export interface Acknowledgement {
  readonly rule: string;
  readonly reason: string;
  readonly line: number;
}

/** A migration that was squashed into another. */
export interface Replaced {
  readonly name: string;
  /** SHA-256 of the file as it was applied. */
  readonly hash: string;
  /** The file of an earlier squash that replaced it before. */
  readonly as?: string;
}

const DIRECTIVE = /^\s*--\s*migrator:\s*(.*?)\s*$/;

/**
 * Reads the directives of a file: `no-transaction`, `irreversible: REASON` and `replaces NAME HASH`
 * (`as NAME`: of an earlier squash) count only above the first statement, `allow RULE: REASON` anywhere.
 */
export const readDirectives = (sql: string): Directives => {
  let noTransaction = false;
  let irreversible: string | undefined;
  const allow: Acknowledgement[] = [];
  const replaces: Replaced[] = [];
  const unknown: { text: string; line: number }[] = [];
  let head = true;
  for (const [index, line] of sql.split('\n').entries()) {
    const directive = DIRECTIVE.exec(line)?.[1];
    if (directive === undefined) {
      if (line.trim() !== '' && !/^\s*(--|\/\*|\*)/.test(line)) head = false;
      continue;
    }
    const reason = /^irreversible:\s*(.+)$/.exec(directive)?.[1];
    const replaced = /^replaces\s+(\S+)\s+([0-9a-f]{64})(?:\s+as\s+(\S+))?$/.exec(directive);
    const allowed = /^allow\s+([\w-]+)\s*:\s*(.+)$/.exec(directive);
    if (head && directive === 'no-transaction') noTransaction = true;
    else if (head && reason) irreversible = reason;
    else if (head && replaced?.[1] && replaced[2])
      replaces.push({
        name: replaced[1],
        hash: replaced[2],
        ...(replaced[3] === undefined ? {} : { as: replaced[3] }),
      });
    else if (allowed?.[1] && allowed[2])
      allow.push({ rule: allowed[1], reason: allowed[2], line: index + 1 });
    else unknown.push({ text: directive, line: index + 1 });
  }
  return {
    noTransaction,
    allow,
    replaces,
    unknown,
    ...(irreversible === undefined ? {} : { irreversible }),
  };
};

export const hashOf = (content: string | Uint8Array): string =>
  createHash('sha256').update(content).digest('hex');

/** True if a recorded hash is this file's, also if a checkout changed its line endings or BOM. */
export const sameContent = (migration: Pick<Migration, 'sql' | 'hash'>, hash: string): boolean => {
  if (migration.hash === hash) return true;
  const unix = migration.sql.replaceAll('\r\n', '\n');
  const windows = unix.replaceAll('\n', '\r\n');
  return [unix, windows, `\uFEFF${unix}`, `\uFEFF${windows}`].some((text) => hashOf(text) === hash);
};
