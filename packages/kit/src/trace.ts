import { AsyncLocalStorage } from 'node:async_hooks';
import { channel } from 'node:diagnostics_channel';

/** Where a statement was called from. A stack is formatted when it is first read. */
export interface StatementCaller {
  /** The stack of the call that sent the statement, as `Error.stack` has it. */
  readonly stack: string;
  /**
   * The stack of the call that last began to build a query, as `db.select()` does. For an awaited
   * query that was built on the handle itself, only this shows its caller.
   */
  readonly builderStack: string;
}

/** How a statement ended. It holds no value of a parameter or of a row. */
export interface StatementEnd {
  /** The text as it was sent: a tagged template has its `$1` only now. */
  readonly text: string;
  /** From sending to the last row. */
  readonly ms: number;
  /** Rows given or changed; undefined for a statement that failed or counts none. */
  readonly rows: number | undefined;
  /** The parameters' types as the server resolved them: oids of pg_type. */
  readonly parameterTypes: readonly number[];
  readonly failed: boolean;
}

/** @returns what to call when the statement has settled, or undefined to follow it no further */
export type TraceStatement = (
  text: string,
  caller: StatementCaller,
) => ((end: StatementEnd) => void) | undefined;

/** Publishes the statements of each client that was opened while somebody subscribed. */
const statements = channel('@reference/kit:statement');

/**
 * Combines a client's own `trace` with the channel's subscribers, so that a program that watches
 * every client of a process, such as a recorder of the tests' statements, needs no handle on them.
 *
 * @returns the given function itself if nobody subscribes, so that no stack is captured in vain
 */
export function withSubscribers(trace: TraceStatement | undefined): TraceStatement | undefined {
  if (!statements.hasSubscribers) return trace;
  return (text, caller) => {
    const ended = trace?.(text, caller);
    return (end) => {
      const { parameterTypes: types } = end;
      statements.publish({ text: end.text, stacks: [caller.stack, caller.builderStack], types });
      ended?.(end);
    };
  };
}

interface Stack {
  stack?: string;
}

/** Deep enough for a page, its query function, Drizzle and this package. */
const deepestStack = 40;

/** The call that began to build a query: when the query is awaited, its caller's stack is gone. */
const building = new AsyncLocalStorage<Stack>();

function stackBelow(below: (...args: never[]) => unknown): Stack {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = deepestStack;
  const held: Stack = {};
  Error.captureStackTrace(held, below);
  Error.stackTraceLimit = stackTraceLimit;
  return held;
}

/** @param below the function above which the stack is of no interest */
export function captureCaller(below: (...args: never[]) => unknown): StatementCaller {
  const sending = stackBelow(below);
  const built = building.getStore();
  return {
    get stack() {
      return sending.stack ?? '';
    },
    get builderStack() {
      return built?.stack ?? '';
    },
  };
}

const entries = [
  'select',
  'selectDistinct',
  'selectDistinctOn',
  'insert',
  'update',
  'delete',
  'execute',
  'refreshMaterializedView',
  '$count',
  'with',
] as const;

/** Remembers who begins to build a query on a handle, for `captureCaller`. */
export function rememberBuilders(db: object): void {
  for (const name of entries) {
    const entry: unknown = Reflect.get(db, name);
    if (typeof entry !== 'function') continue;
    const remembering = (...args: unknown[]): unknown => {
      building.enterWith(stackBelow(remembering));
      return Reflect.apply(entry, db, args);
    };
    Object.defineProperty(db, name, { value: remembering });
  }
  const relational: unknown = Reflect.get(db, 'query');
  const read = () => {
    building.enterWith(stackBelow(read));
    return relational;
  };
  Object.defineProperty(db, 'query', { get: read });
}
