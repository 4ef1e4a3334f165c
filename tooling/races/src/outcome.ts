/** What one call of a round came to. */
export type Outcome =
  | { readonly ok: true; readonly value: unknown }
  | { readonly ok: false; readonly code: string; readonly error: unknown };

/** The codes of errors that are an answer: the loser of a race may get one. */
const answers = new Set(['NOT_FOUND', 'CONFLICT', 'FORBIDDEN', 'INVALID_INPUT']);

/** Settles a call. An error's literal `code` is its outcome; an error without one is `ERROR`. */
export async function outcomeOf(call: () => Promise<unknown>): Promise<Outcome> {
  try {
    return { ok: true, value: await call() };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : 'ERROR';
    return { ok: false, code, error };
  }
}

/** @throws the call's own error, when it is a crash and not an answer */
export function rejectCrash(outcome: Outcome, which: number): void {
  if (outcome.ok || answers.has(outcome.code)) return;
  const { error, code } = outcome;
  const message = error instanceof Error ? error.message : String(error);
  throw new Error(`call ${which + 1} crashed with ${code}: ${message}`, { cause: error });
}
