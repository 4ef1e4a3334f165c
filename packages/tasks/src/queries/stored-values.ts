import { InvalidInputError } from '@reference/kit';
import type { ValueDefinition } from '../schema/settings.ts';

/**
 * Parses a stored value. It does not replace a malformed one by the default, because that would
 * hide that a limit no longer holds.
 * @throws InvalidInputError naming the key, never the value
 */
export function readStored<T>(definition: ValueDefinition<T>, key: string, stored: unknown): T {
  const checked = definition.schema.safeParse(stored);
  if (checked.success) return checked.data;
  throw new InvalidInputError(
    `The value stored for "${key}" is malformed. Set it again, or reset it to its default.`,
  );
}
