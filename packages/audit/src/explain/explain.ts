import type { Session } from '../catalog/connection.ts';
import { readModel } from '../catalog/read-model.ts';
import type { Model } from '../model/model.ts';
import { candidatesFor } from './candidates.ts';
import { conditionsOf } from './conditions.ts';
import { withDeclaredNames } from './names.ts';
import type { Plan } from './plan.ts';
import {
  bestOf,
  build,
  canPretend,
  type Explained,
  explainStatement,
  type Proof,
  pretend,
} from './prove.ts';

export interface Explanation {
  readonly statement: string;
  readonly plan: Plan;
  /** How the indexes were tried: as hypothetical ones by hypopg, built on a copy, or not at all. */
  readonly tried: 'hypopg' | 'copy' | 'none';
  readonly proofs: readonly Proof[];
  readonly best?: Proof | undefined;
}

export interface ExplainOptions {
  readonly values?: readonly unknown[] | undefined;
  /** Plan only: do not run the statement. */
  readonly planOnly?: boolean | undefined;
  /** Build on a copy also if the server has hypopg. */
  readonly build?: boolean | undefined;
  /** The project's schema, whose names the suggested code uses. */
  readonly declared?: Model | undefined;
}

const reads = (text: string): boolean =>
  /^\s*(\(|select|with|table|values)\b|^\s*\(/i.test(text) &&
  !/\b(insert|update|delete|merge)\b/i.test(text);

/**
 * Explains a slow statement: its plan, the costly nodes, and the index that helps, which it has
 * tried. It plans statements that write, and never runs them.
 */
export const explain = async (
  session: Session,
  text: string,
  options: ExplainOptions = {},
): Promise<Explanation> => {
  const statement = text.trim().replace(/;\s*$/, '');
  const live = await readModel(session);
  const model = options.declared ? withDeclaredNames(live, options.declared) : live;
  const asked = await conditionsOf(statement, model);
  const explained: Explained = {
    text: statement,
    values: options.values,
    run: options.planOnly !== true && reads(statement),
  };
  await session.run('begin read only');
  let plan: Plan;
  try {
    plan = await explainStatement(session, explained);
  } finally {
    await session.run('rollback');
  }
  const candidates = asked.flatMap(candidatesFor).slice(0, 12);
  const tables = [...new Set(asked.map(({ table }) => table))];
  if (candidates.length === 0) return { statement, plan, tried: 'none', proofs: [] };
  if (options.build !== true && (await canPretend(session))) {
    const proofs = await pretend(session, explained, candidates);
    return { statement, plan, tried: 'hypopg', proofs, best: bestOf(proofs) };
  }
  const proofs = await build(session, explained, candidates, tables);
  if (!proofs) return { statement, plan, tried: 'none', proofs: [] };
  return { statement, plan, tried: 'copy', proofs, best: bestOf(proofs) };
};
