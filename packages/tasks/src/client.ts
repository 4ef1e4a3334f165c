import { type Client, type ClientConfig, createClient } from '@reference/kit';
import * as schema from './schema/index.ts';

/**
 * Opens a pool on a tasks database; it connects on first use.
 *
 * @throws InvalidInputError when the config is wrong
 */
export function createTasksClient(config: ClientConfig): Client<typeof schema> {
  return createClient({ applicationName: 'tasks', ...config }, { schema });
}
