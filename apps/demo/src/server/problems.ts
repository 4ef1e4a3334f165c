// The one place where an error of the packages becomes words for a person, or a "not found" page.
import { notFound } from 'next/navigation';
import { codeOf, type ErrorCode } from './error-code.ts';

export type ProblemCode = ErrorCode | 'TOO_MANY';

export interface Problem {
  readonly code: ProblemCode;
  readonly message: string;
  /** The problem of each field, if the error concerns fields. */
  readonly fields?: readonly { readonly name: string; readonly message: string }[];
}

/** The query functions' messages are written for people; the server's are not. */
const said = new Set<ProblemCode>(['NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'INVALID_INPUT']);

/** The fields that `parseInput` of kit names: `The input is wrong. title: must not be empty; …`. */
function fieldsOf(message: string): { name: string; message: string }[] {
  const [, problems] = /^The input is wrong\. (.*)\.$/s.exec(message) ?? [];
  return (problems ?? '').split('; ').flatMap((problem) => {
    const [, name, text] = /^([\w.]+): (.+)$/s.exec(problem) ?? [];
    return name && text ? [{ name, message: text }] : [];
  });
}

/** For what has no field to stand at: `expiresAt` is a word of the source and not of a person. */
function inWords({ name, message }: { name: string; message: string }): string {
  const words = name.replaceAll(/[._]|(?=[A-Z])/g, ' ').toLowerCase();
  return `${words.charAt(0).toUpperCase()}${words.slice(1)}: ${message}.`;
}

/** The message shown to a person for an error. The rest goes to the server's log. */
export function problemOf(error: unknown): Problem {
  const code = codeOf(error);
  if (said.has(code) && error instanceof Error) {
    const fields = fieldsOf(error.message);
    if (fields.length === 0) return { code, message: error.message };
    return { code, message: fields.map(inWords).join(' '), fields };
  }
  console.error(error);
  if (code === 'UNAVAILABLE') {
    return { code, message: 'The database does not answer. Wait a moment and try again.' };
  }
  if (code === 'SEALING') {
    return { code, message: 'This secret does not open with the present keys. Enter it again.' };
  }
  return { code, message: 'That did not work, and it is not your doing. Try again.' };
}

/**
 * Returns a query's result, or shows the "not found" page: also if access is denied, and for an id that
 * cannot be one, so that neither tells whether there is something.
 */
export async function orNotFound<T>(answer: Promise<T>): Promise<NonNullable<T>> {
  try {
    const value = await answer;
    if (value !== undefined && value !== null) return value;
  } catch (error) {
    const code = codeOf(error);
    if (code !== 'NOT_FOUND' && code !== 'FORBIDDEN' && code !== 'INVALID_INPUT') throw error;
  }
  notFound();
}
