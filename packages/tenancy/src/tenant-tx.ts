import { type Transaction, UsageError } from '@reference/kit';
import type * as schema from './schema/index.ts';

export type TenancySchema = typeof schema;

/**
 * A transaction of one tenant. Only `withTenant` makes one, and query functions accept nothing
 * else; the private field makes the type nominal, so that a plain transaction is not accepted as
 * one.
 */
export class TenantTx {
  readonly tenantId: string;
  #transaction: Transaction<TenancySchema> | undefined;

  constructor(tenantId: string, transaction: Transaction<TenancySchema>) {
    this.tenantId = tenantId;
    this.#transaction = transaction;
  }

  /**
   * The open transaction.
   * @throws UsageError once the callback of `withTenant` has ended
   */
  get db(): Transaction<TenancySchema> {
    if (!this.#transaction) {
      throw new UsageError(
        'This tenant transaction has ended. Run the query inside the callback of withTenant.',
      );
    }
    return this.#transaction;
  }

  /** Runs `work` in a savepoint: if it throws, only its writes are undone. */
  savepoint<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return this.db.transaction((nested) => lend(new TenantTx(this.tenantId, nested), work));
  }

  /** Its maker calls this at the end of the callback. */
  end(): void {
    this.#transaction = undefined;
  }
}

/** Gives `work` the transaction while it runs. */
export async function lend<T>(tx: TenantTx, work: (tx: TenantTx) => Promise<T>): Promise<T> {
  try {
    return await work(tx);
  } finally {
    tx.end();
  }
}
