export const LEVELS = ['safe', 'caution', 'danger', 'data loss'] as const;
export type Level = (typeof LEVELS)[number];

/** A lock, its object, and the statements that it blocks. */
export interface Lock {
  readonly mode:
    | 'ACCESS EXCLUSIVE'
    | 'EXCLUSIVE'
    | 'SHARE ROW EXCLUSIVE'
    | 'SHARE'
    | 'SHARE UPDATE EXCLUSIVE'
    | 'ROW EXCLUSIVE';
  readonly on: string;
  /** Its duration, as far as the statement shows. */
  readonly held:
    | 'briefly'
    | 'while the table is scanned'
    | 'while the table is rewritten'
    | 'while the index is built'
    | 'until commit';
}

/** A rule's finding about one statement. */
export interface Remark {
  readonly rule: string;
  readonly level: Level;
  readonly message: string;
  readonly lock?: Lock;
  /** True if code of the previous release fails or works wrongly after the migration. */
  readonly breaksPreviousRelease: boolean;
  /** Safer SQL to the same end. Comments mark the part for a later release. */
  readonly safer?: string;
}

/** A remark with its place. */
export interface Finding extends Remark {
  readonly file: string;
  /** 1-based. */
  readonly line: number;
  /** 1-based number of the statement in the file. */
  readonly statement: number;
  /** The reason given in `-- migrator: allow RULE: REASON`. */
  readonly acknowledged?: string;
}

const BLOCKS: Record<Lock['mode'], string> = {
  'ACCESS EXCLUSIVE': 'reads and writes',
  EXCLUSIVE: 'writes',
  'SHARE ROW EXCLUSIVE': 'writes',
  SHARE: 'writes',
  'SHARE UPDATE EXCLUSIVE': 'other schema changes',
  'ROW EXCLUSIVE': 'writes to the same rows',
};

/** The statements that a lock mode blocks. */
export const blockedBy = (mode: Lock['mode']): string => BLOCKS[mode];

export const isAtLeast = (level: Level, least: Level): boolean =>
  LEVELS.indexOf(level) >= LEVELS.indexOf(least);

/** True if a finding fails a pipeline: unacknowledged danger or data loss. */
export const isBlocking = (finding: Finding): boolean =>
  isAtLeast(finding.level, 'danger') && finding.acknowledged === undefined;
