import type { Accepted } from './accepted.ts';
import { comparesSchema } from './choose-tests.ts';
import { isOpen, type Result } from './results.ts';

/** One row of the table in docs/testing.md. */
export function tableRow(
  name: string,
  results: readonly Result[],
  accepted: ReadonlyMap<string, Accepted>,
): string {
  const valid = results.filter(({ status }) => status !== 'invalid');
  const killed = valid.filter(({ status }) => status === 'killed');
  const alive = valid.filter(({ status }) => isOpen(status));
  const kinds = alive.map(({ id }) => accepted.get(id)?.kind);
  const count = (kind: Accepted['kind'] | undefined) => kinds.filter((one) => one === kind).length;
  const equivalent = count('equivalent');
  const real = valid.length - equivalent;
  const score = real === 0 ? '–' : `${((100 * killed.length) / real).toFixed(1)} %`;
  const elsewhere = count('checked elsewhere');
  const byComparison = killed.filter(({ by = '' }) =>
    comparesSchema.test(by.split(' › ')[0] ?? ''),
  );
  const cells = [
    name,
    valid.length,
    killed.length,
    byComparison.length,
    equivalent,
    elsewhere,
    count('accepted'),
  ];
  return `| ${[...cells, count(undefined), score].join(' | ')} |`;
}

export const tableHead = `| package | mutants | killed | of those, by the comparison with schema.sql | equivalent | checked elsewhere | accepted | open | score |
|---|--:|--:|--:|--:|--:|--:|--:|--:|`;

/** The survivors that nobody has judged yet, or those that are accepted, with what was changed. */
export function survivorLines(
  results: readonly Result[],
  accepted: ReadonlyMap<string, Accepted>,
): string[] {
  return results
    .filter(({ status }) => isOpen(status))
    .map((result) => {
      const { id, file, line, operator, before, after, status, tests } = result;
      const judged = accepted.get(id);
      const verdict = judged ? `${judged.kind}: ${judged.why}` : `${status} ${tests} test files`;
      return `${id} ${file}:${line} [${operator}] ${before} → ${after || '(gone)'} — ${verdict}`;
    });
}
