import { InvalidInputError } from './errors.ts';

/** The protocol counts a statement's parameters in 16 bits; postgres.js stops one short. */
const maxParameters = 65_533;

/**
 * A statement's parameters as the driver can send them. Checked before the driver sees them,
 * because one it can't encode would break the connection for the statements behind it.
 *
 * @throws InvalidInputError for undefined, NUL, half a surrogate pair, an invalid Date, and more parameters than fit
 */
export function sendable(values: readonly unknown[]): readonly unknown[] {
  if (values.length > maxParameters) throw tooMany(values.length);
  let sent: unknown[] | undefined;
  for (let index = 0; index < values.length; index++) {
    const value = values[index];
    const converted = sendableValue(value, index);
    if (converted === value) continue;
    sent ??= [...values];
    sent[index] = converted;
  }
  return sent ?? values;
}

/** Like `sendable`, for a template's arguments, which may also be fragments and `sql(rows)`. */
export function sendableArguments(values: readonly unknown[]): unknown[] {
  const sent = values.map(sendableArgument);
  const count = values.reduce<number>((sum, value) => sum + leaves(value), 0);
  if (count > maxParameters) throw tooMany(count);
  return sent;
}

function sendableValue(value: unknown, index: number): unknown {
  switch (typeof value) {
    case 'string':
      if (value.includes('\0')) throw nul(index);
      if (!value.isWellFormed()) throw halfPair(index);
      return value;
    case 'undefined':
      throw new InvalidInputError(
        `Parameter $${index + 1} is undefined. Pass null for NULL, or leave the condition out.`,
      );
    case 'symbol':
    case 'function':
      throw new InvalidInputError(
        `Parameter $${index + 1} is a ${typeof value}; it can't be sent.`,
      );
    case 'object':
      if (value instanceof Date) return isoString(value, index);
      if (Array.isArray(value)) return value.map((element) => sendableValue(element, index));
      return value;
    default:
      return value;
  }
}

function sendableArgument(value: unknown, index: number): unknown {
  if (isDriverPart(value)) {
    for (const part of partValues(value)) sendableValue(part, index);
    return value;
  }
  // An array of fragments is joined by the driver.
  if (Array.isArray(value) && value.some(isDriverPart)) return value;
  return sendableValue(value, index);
}

/** A fragment, an identifier, `sql(rows)` or a typed parameter: the driver's own classes. */
const isDriverPart = (value: unknown): value is object =>
  value instanceof Promise ||
  (typeof value === 'object' &&
    value !== null &&
    Object.getPrototypeOf(value) !== Object.prototype &&
    ('first' in value || ('value' in value && 'type' in value) || 'then' in value));

function partValues(part: object): unknown[] {
  if ('first' in part) return rowsOf(part.first).flatMap((row) => Object.values(row));
  return 'value' in part && 'type' in part ? [part.value] : [];
}

function rowsOf(first: unknown): object[] {
  return [first].flat().filter((row): row is object => typeof row === 'object' && row !== null);
}

function leaves(value: unknown): number {
  if (!isDriverPart(value)) return 1;
  if ('args' in value && Array.isArray(value.args)) {
    return value.args.reduce<number>((sum, nested) => sum + leaves(nested), 0);
  }
  return 'first' in value ? partValues(value).length : 1;
}

function isoString(date: Date, index: number): string {
  if (Number.isNaN(date.getTime())) {
    throw new InvalidInputError(`Parameter $${index + 1} is an invalid Date.`);
  }
  return date.toISOString();
}

const nul = (index: number) =>
  new InvalidInputError(
    `Parameter $${index + 1} holds a NUL character, which PostgreSQL's text can't store. Remove it.`,
  );

const halfPair = (index: number) =>
  new InvalidInputError(
    `Parameter $${index + 1} holds half a surrogate pair, which UTF-8 can't store. Remove it.`,
  );

const tooMany = (count: number) =>
  new InvalidInputError(
    `A statement takes at most ${maxParameters} parameters, not ${count}. Use insertChunked, upsertRows or copyRows for many rows.`,
  );
