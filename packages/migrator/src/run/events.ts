/** Progress events of a run; the CLI draws them, a service may log them. */
export type MigratorEvent =
  | { readonly type: 'waiting'; readonly holder?: Blocker; readonly waitedMs: number }
  | { readonly type: 'plan'; readonly names: readonly string[] }
  | { readonly type: 'file-start'; readonly name: string }
  | { readonly type: 'statement'; readonly name: string; readonly number: number }
  | { readonly type: 'file-done'; readonly name: string; readonly durationMs: number }
  | { readonly type: 'blocked'; readonly name: string; readonly blockers: readonly Blocker[] }
  | {
      readonly type: 'retry';
      readonly name: string;
      readonly attempt: number;
      readonly delayMs: number;
      readonly blockers: readonly Blocker[];
    }
  | { readonly type: 'resume'; readonly name: string; readonly fromStatement: number }
  | { readonly type: 'note'; readonly message: string };

/** A session in the way. */
export interface Blocker {
  readonly pid: number;
  readonly user: string | null;
  readonly application: string | null;
  readonly state: string | null;
  /** Its statement, shortened; the last one if it idles in a transaction. */
  readonly query: string | null;
  /** How long its transaction has been open. */
  readonly ageMs: number;
}

export type Listener = (event: MigratorEvent) => void;

export const describeBlocker = (blocker: Blocker): string =>
  `pid ${blocker.pid} (${[blocker.user, blocker.application].filter(Boolean).join(', ') || 'unknown'}), ${blocker.state ?? 'unknown state'} for ${(blocker.ageMs / 1000).toFixed(1)} s: ${blocker.query ?? 'no query'}`;
