import { runScript } from '@reference/kit';
import { setLocally } from '../local-settings.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { searchSettings } from './vector-hits.ts';

/**
 * Sets what searches need, in one message with the question for the tenant's model.
 * @returns the model; undefined when the tenant has no document yet
 */
export async function enterSearch(tx: TenantTx): Promise<string | undefined> {
  // The id has been parsed as a UUID; a message of several statements takes no parameters.
  const model = `select embedding_model from tenants where id = '${tx.tenantId}'`;
  const results = await runScript(tx.db, `${setLocally(searchSettings)}; ${model}`);
  const found = results.at(-1)?.[0]?.embedding_model;
  return typeof found === 'string' ? found : undefined;
}
