import { runScript } from '@reference/kit';
import { setLocally } from '../local-settings.ts';
import type { TenantTx } from '../tenant-tx.ts';
import { searchSettings } from './vector-hits.ts';

/**
 * Sets the settings of a search and reads the tenant's model, in one message.
 * @returns the model; undefined when the tenant has no document yet
 */
export async function enterSearch(tx: TenantTx): Promise<string | undefined> {
  // A message of several statements takes no parameters; the id was parsed as a UUID.
  const model = `select embedding_model from tenants where id = '${tx.tenantId}'`;
  const results = await runScript(tx.db, `${setLocally(searchSettings)}; ${model}`);
  const found = results.at(-1)?.[0]?.embedding_model;
  return typeof found === 'string' ? found : undefined;
}
