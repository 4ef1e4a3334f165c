import type { EntityColumns } from './entity-columns.ts';
import { jsonOf } from './json-rows.ts';
import { BadRowError, findUnstorableText, type Row, rowChecker } from './row-checker.ts';

/** Why a row cannot be stored, as `field title: …`; undefined when it can. */
export function rowProblem(entity: EntityColumns, row: Row): string | undefined {
  try {
    const one = { rows: [row], places: [0] };
    jsonOf(entity, [rowChecker(entity)(row, 0).cells], one);
    return findUnstorableText(entity, one)?.problem;
  } catch (error) {
    if (error instanceof BadRowError) return error.problem;
    throw error;
  }
}
