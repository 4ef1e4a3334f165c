import { createHash } from 'node:crypto';
import type { Mutant } from './mutant.ts';

/**
 * A sample that takes from every operator in turn, so that rare ones (locks, policies) are in it.
 * The same for the same seed, also after other code has changed.
 */
export function sample(mutants: readonly Mutant[], limit: number, seed: string): Mutant[] {
  const byOperator = new Map<string, Mutant[]>();
  const rank = (mutant: Mutant) =>
    createHash('sha256').update(`${seed}\0${mutant.id}`).digest('hex');
  const ranked = mutants.map((mutant) => ({ mutant, at: rank(mutant) }));
  ranked.sort((one, other) => (one.at < other.at ? -1 : 1));
  for (const { mutant } of ranked) {
    const group = byOperator.get(mutant.operator) ?? [];
    byOperator.set(mutant.operator, [...group, mutant]);
  }
  const chosen: Mutant[] = [];
  for (let turn = 0; chosen.length < Math.min(limit, mutants.length); turn++) {
    for (const group of byOperator.values()) {
      const next = group[turn];
      if (next && chosen.length < limit) chosen.push(next);
    }
  }
  return chosen;
}
