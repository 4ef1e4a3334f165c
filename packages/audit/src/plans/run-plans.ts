import { randomBytes } from 'node:crypto';
import { openSession, withSession } from '../catalog/connection.ts';
import { AuditError, messageOf } from '../errors.ts';
import { nodesOf, type Plan, planOf } from '../explain/plan.ts';
import type { Plans } from './hot-query.ts';
import { openWire } from './wire.ts';

/** What one call of a hot query did at one scale. */
export interface PlannedCall {
  readonly query: string;
  readonly scale: number;
  readonly plans: readonly Plan[];
  /** Pages of 8 kB that its statements read. */
  readonly pages: number;
}

export interface PlanFinding {
  readonly query: string;
  readonly rule:
    | 'plan-forbidden'
    | 'plan-removed'
    | 'plan-growth'
    | 'plan-statements'
    | 'plan-failed';
  readonly message: string;
}

const SETTINGS = [
  "session_preload_libraries = 'auto_explain'",
  'auto_explain.log_min_duration = 0',
  'auto_explain.log_analyze = on',
  'auto_explain.log_buffers = on',
  'auto_explain.log_timing = off',
  "auto_explain.log_format = 'json'",
  "auto_explain.log_level = 'notice'",
  // Whatever a prepared statement is called with, this is the plan that it keeps.
  "plan_cache_mode = 'force_generic_plan'",
];

const pagesOf = (plans: readonly Plan[]): number =>
  plans.reduce((sum, { root }) => sum + (root.buffers ?? 0), 0);

const atScale = async (
  server: string,
  plans: Plans,
  scale: number,
): Promise<{ calls: PlannedCall[]; failed: PlanFinding[] }> => {
  const name = `audit_plans_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = await openSession(server);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const calls: PlannedCall[] = [];
  const failed: PlanFinding[] = [];
  try {
    await admin.run(`create database ${name}`);
    const key = await plans.prepare(url.href, scale);
    await withSession(url.href, (session) => session.run('vacuum analyze'));
    for (const setting of SETTINGS)
      await admin.run(`alter database ${name} set ${setting}`).catch((error: unknown) => {
        throw new AuditError(
          'plans',
          1,
          `plans are read by auto_explain, as a superuser: ${messageOf(error)}`,
          error,
        );
      });
    const wire = await openWire(url.href);
    const opened = plans.open(wire.url);
    try {
      for (const [place, query] of plans.names.entries()) {
        wire.take();
        try {
          await opened.run(place, key);
        } catch (error) {
          failed.push({
            query,
            rule: 'plan-failed',
            message: `fails at scale ${scale}: ${messageOf(error)}`,
          });
        }
        const read = wire.take().flatMap((text) => planOf(JSON.parse(text)) ?? []);
        calls.push({ query, scale, plans: read, pages: pagesOf(read) });
      }
    } finally {
      await opened.close();
      await wire.close();
    }
  } finally {
    await admin.run(`drop database if exists ${name} with (force)`).catch(() => {});
    await admin.close();
  }
  return { calls, failed };
};

const textOf = ({ query }: Plan): string => (query ?? '').replace(/\s+/g, ' ').slice(0, 160);

const judge = (plans: Plans, calls: readonly PlannedCall[]): PlanFinding[] => {
  const found: PlanFinding[] = [];
  const largest = Math.max(...plans.scales);
  for (const [place, query] of plans.names.entries()) {
    const { forbidden = [], statements, removed = 50, growth = 4 } = plans.limits(place);
    const own = calls.filter((call) => call.query === query).sort((a, b) => a.scale - b.scale);
    const last = own.find(({ scale }) => scale === largest);
    if (!last) continue;
    if (statements !== undefined && last.plans.length > statements)
      found.push({
        query,
        rule: 'plan-statements',
        message: `sends ${last.plans.length} statements, ${statements} are declared`,
      });
    for (const plan of last.plans)
      for (const node of nodesOf(plan.root)) {
        const name = `${node.type}${node.relation ? ` on ${node.relation}` : ''}`;
        // What was planned and never run (the other arm of a union) costs nothing.
        if (node.loops === 0) continue;
        if (forbidden.some((bad) => name === bad || name.startsWith(`${bad} on `)))
          found.push({ query, rule: 'plan-forbidden', message: `has a ${name}: ${textOf(plan)}` });
        const given = (node.rows ?? 0) * node.loops;
        const thrown = node.removed * node.loops;
        if (thrown > Math.max(1000, given * removed))
          found.push({
            query,
            rule: 'plan-removed',
            message: `${name} throws away ${Math.round(thrown)} rows to give ${Math.round(given)}: ${textOf(plan)}`,
          });
      }
    for (const [at, call] of own.entries()) {
      const before = own[at - 1];
      if (!before || before.plans.length === 0) continue;
      const allowed = growth ** Math.log10(call.scale / before.scale);
      // Some pages more are noise: a level of an index, a visibility map.
      if (call.pages > before.pages * allowed + 50)
        found.push({
          query,
          rule: 'plan-growth',
          message: `reads ${before.pages} pages at scale ${before.scale} and ${call.pages} at ${call.scale}`,
        });
    }
  }
  return found;
};

/**
 * Runs the hot queries of a project in databases made for it, filled to each scale, and holds their
 * plans to what they declare.
 *
 * @param server a URL of a server on which this role is a superuser
 */
export const runPlans = async (
  server: string,
  plans: Plans,
): Promise<{
  readonly calls: readonly PlannedCall[];
  readonly findings: readonly PlanFinding[];
}> => {
  const calls: PlannedCall[] = [];
  const findings: PlanFinding[] = [];
  for (const scale of plans.scales) {
    const done = await atScale(server, plans, scale);
    calls.push(...done.calls);
    findings.push(...done.failed);
  }
  return { calls, findings: [...findings, ...judge(plans, calls)] };
};
