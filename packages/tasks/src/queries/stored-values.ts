import { InvalidInputError } from '@reference/kit';
import type { ValueDefinition } from '../schema/settings.ts';

/**
 * A stored value in its declared form. A default in place of a value that does not fit would hide
 * that a limit someone set no longer holds.
 * @throws InvalidInputError naming the key, never the value
 */
export function readStored<T>(definition: ValueDefinition<T>, key: string, stored: unknown): T {
  const checked = definition.schema.safeParse(stored);
  if (checked.success) return checked.data;
  throw new InvalidInputError(
    `The value stored for "${key}" does not have its form. Set it anew, or reset it to its default.`,
  );
}
