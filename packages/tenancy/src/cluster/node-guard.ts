import { UnavailableError } from '@reference/kit';
import {
  BrokenCircuitError,
  BulkheadRejectedError,
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  handleWhen,
  type IPolicy,
  wrap,
} from 'cockatiel';

export interface GuardOptions {
  /** The largest share of the pool that may wait for one node, above 0 and up to 1; default 0.5. */
  readonly share?: number | undefined;
  /**
   * After this many failures in a row (UnavailableError) calls to the node are refused; default 3.
   */
  readonly failures?: number | undefined;
  /** For this long, in milliseconds, until one call tries it again; default 5,000. */
  readonly restMs?: number | undefined;
}

/**
 * Keeps a hanging node from blocking the whole pool: a bulkhead and a circuit breaker per node
 * (Nygard, Release It!, "Stability Patterns").
 */
export interface NodeGuard {
  /**
   * Runs `work` for a tenant of this node.
   * @throws UnavailableError at once while the node's share of the pool and its queue are full, or
   *   while calls to it are refused
   */
  run<T>(node: string, work: () => Promise<T>): Promise<T>;
}

/** The most nodes that are remembered; the one unused for longest is forgotten first. */
const maxNodes = 1000;

export function createNodeGuard(
  poolSize: number,
  { share = 0.5, failures = 3, restMs = 5_000 }: GuardOptions = {},
): NodeGuard {
  const limit = Math.max(1, Math.floor(poolSize * share));
  const policies = new Map<string, IPolicy>();
  const policyOf = (node: string) => {
    const policy =
      policies.get(node) ??
      wrap(
        circuitBreaker(
          handleWhen((error) => error instanceof UnavailableError),
          { halfOpenAfter: restMs, breaker: new ConsecutiveBreaker(failures) },
        ),
        bulkhead(limit, limit),
      );
    policies.delete(node);
    policies.set(node, policy);
    for (const oldest of policies.keys()) {
      if (policies.size <= maxNodes) break;
      policies.delete(oldest);
    }
    return policy;
  };
  return {
    async run(node, work) {
      try {
        return await policyOf(node).execute(work);
      } catch (error) {
        if (error instanceof BulkheadRejectedError) {
          throw new UnavailableError(
            `${node} is busy: its ${limit} connections and as many waiting callers are taken. Try again later.`,
          );
        }
        if (error instanceof BrokenCircuitError) {
          throw new UnavailableError(
            `${node} did not answer ${failures} times in a row and is left alone for ${restMs} ms. Try again later.`,
          );
        }
        throw error;
      }
    },
  };
}
