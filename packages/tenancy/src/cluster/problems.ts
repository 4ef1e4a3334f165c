import type { ISql } from 'postgres';
import { distributionPlan } from './distribution.ts';
import { isDistributed } from './is-distributed.ts';
import { columnsWithLostStorage, leakproofStatement, nodesWithoutLeakproof } from './nodes.ts';

/** A gap of a cluster, and its remedy. */
export interface ClusterProblem {
  readonly problem: string;
  readonly fix: string;
}

/**
 * Finds gaps of a distributed database: undistributed tables of a later migration, FORCE that a
 * killed run left lifted, and settings that a later node lacks. Call it after every migration and
 * every new node; `tenancy:distribute --check` does.
 *
 * @param sql the coordinator, as the owner of the tables
 * @returns none for a server outside of a cluster
 */
export async function clusterProblems(sql: ISql): Promise<ClusterProblem[]> {
  if (!(await isDistributed(sql))) return [];
  const problems: ClusterProblem[] = [];
  for (const { table, distributed } of await distributionPlan(sql)) {
    if (distributed) continue;
    problems.push({
      problem: `Table ${table} lies on the coordinator alone, away from its tenants' other rows.`,
      fix: 'Run tenancy:distribute.',
    });
  }
  const unforced = await sql<{ table: string }[]>`
    select c.oid::regclass::text as table from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p')
      and c.relrowsecurity and not c.relforcerowsecurity
    order by 1`;
  for (const { table } of unforced) {
    problems.push({
      problem: `Table ${table} has no forced row security.`,
      fix: 'Run tenancy:distribute, which restores it.',
    });
  }
  for (const node of await nodesWithoutLeakproof(sql)) {
    problems.push({
      problem: `Text search on ${node} reads every chunk of a tenant: its operator is not marked LEAKPROOF there.`,
      fix: `As a superuser on that node: ${leakproofStatement};`,
    });
  }
  for (const column of await columnsWithLostStorage(sql)) {
    problems.push({
      problem: `Shards of ${column} have lost the column's storage, so an exact search reads TOAST.`,
      fix: 'Run tenancy:distribute, which restores it.',
    });
  }
  return problems;
}
