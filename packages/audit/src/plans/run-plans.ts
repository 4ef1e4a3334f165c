import { randomBytes } from 'node:crypto';
import { openSession, withSession } from '../catalog/connection.ts';
import { AuditError, messageOf } from '../errors.ts';
import { nodesOf, type Plan, planOf } from '../explain/plan.ts';
import { NOTHING } from '../model/model.ts';
import { planRules } from '../rules/plan-rules.ts';
import type { Plans } from './hot-query.ts';
import type { JudgedQuery, PlannedCall } from './judged.ts';
import { timeCalls } from './time-calls.ts';
import { vacuumFilled } from './vacuum.ts';
import { openWire } from './wire.ts';

export type { PlannedCall } from './judged.ts';

export interface PlanFinding {
  readonly query: string;
  readonly rule: string;
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
  // The generic plan, which a prepared statement keeps for any values.
  "plan_cache_mode = 'force_generic_plan'",
];

/** A call that takes longer has failed; no hot query may take as long. */
const PATIENCE = 60_000;

interface Failure {
  readonly query: string;
  readonly scale: number;
  readonly message: string;
}

class LateError extends Error {}

/** Settles as the work does, and rejects if that takes too long. */
const within = async (patience: number, work: Promise<void>): Promise<void> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new LateError(`has not ended after ${patience / 1000} s`)),
      patience,
    );
  });
  try {
    await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
};

/** True for a driver's own read of types from the catalog, which is no statement of a query. */
const readsCatalogAlone = ({ root }: Plan): boolean => {
  const relations = nodesOf(root).flatMap(({ relation }) => relation ?? []);
  return relations.length > 0 && relations.every((name) => name.startsWith('pg_'));
};

const pagesOf = (plans: readonly Plan[]): number =>
  plans.reduce((sum, { root }) => sum + (root.buffers ?? 0), 0);

const atScale = async (
  server: string,
  plans: Plans,
  scale: number,
  { patience, timed }: { readonly patience: number; readonly timed: number },
): Promise<{ calls: PlannedCall[]; failed: Failure[] }> => {
  const name = `audit_plans_${process.pid}_${randomBytes(4).toString('hex')}`;
  const admin = await openSession(server);
  const url = new URL(server);
  url.pathname = `/${name}`;
  const calls: PlannedCall[] = [];
  const failed: Failure[] = [];
  try {
    await admin.run(`create database ${name}`);
    const key = await plans.prepare(url.href, scale);
    await withSession(url.href, (session) => vacuumFilled((text) => session.run(text)));
    for (const setting of SETTINGS)
      await admin.run(`alter database ${name} set ${setting}`).catch((error: unknown) => {
        throw new AuditError(
          'plans',
          1,
          `reading plans needs auto_explain and a superuser: ${messageOf(error)}`,
          error,
        );
      });
    const wire = await openWire(url.href);
    try {
      const opened = await plans.open(wire.url);
      for (const [place, query] of plans.names.entries()) {
        wire.take();
        let isLate = false;
        try {
          await within(patience, opened.run(place, key));
        } catch (error) {
          isLate = error instanceof LateError;
          failed.push({ query, scale, message: messageOf(error) });
        }
        const read = wire
          .take()
          .flatMap((text) => planOf(JSON.parse(text)) ?? [])
          .filter((plan) => !readsCatalogAlone(plan));
        calls.push({ query, scale, plans: read, pages: pagesOf(read) });
        // The call may hold the driver's only connection, for which the others would wait.
        if (isLate) break;
      }
      await within(Math.min(patience, 5_000), opened.close()).catch(() => {});
    } finally {
      // A driver that does not close loses its connections here.
      await wire.close();
    }
    if (timed > 0 && failed.length === 0) {
      for (const setting of SETTINGS)
        await admin.run(`alter database ${name} reset ${setting.split(' ')[0]}`);
      const medians = await timeCalls(plans, url.href, key, timed);
      for (const [at, call] of calls.entries())
        calls[at] = { ...call, milliseconds: medians.get(call.query) };
    }
  } finally {
    // Waits up to 5 s for closing connections, because pg's pool would throw if one were ended.
    await admin
      .run(`drop database if exists ${name}`)
      .catch(() => admin.run(`drop database if exists ${name} with (force)`))
      .catch(() => {});
    await admin.close();
  }
  return { calls, failed };
};

/** The measurements by query, for the rules. */
const judgedOf = (
  plans: Plans,
  calls: readonly PlannedCall[],
  failed: readonly Failure[],
): JudgedQuery[] => {
  const isLarge = Math.max(...plans.scales) >= plans.largeFrom;
  return plans.names.map((name, place) => ({
    name,
    limits: plans.limits(place),
    calls: calls.filter(({ query }) => query === name).sort((a, b) => a.scale - b.scale),
    failures: failed.filter(({ query }) => query === name),
    isLarge,
  }));
};

const findingsOf = (judged: readonly JudgedQuery[]): PlanFinding[] =>
  planRules.flatMap((rule) =>
    [...rule.check({ ...NOTHING, plans: judged }, {})].map(({ object, message }) => ({
      query: object,
      rule: rule.id,
      message,
    })),
  );

/**
 * Runs the hot queries of a project in databases made for it, filled to each scale, and compares
 * their plans with their declared limits.
 *
 * @param server a URL of a server on which this role is a superuser
 * @param options.patience milliseconds after which a call has failed
 * @param options.timed how many calls of each query are timed at each scale, if all of them succeed
 */
export const runPlans = async (
  server: string,
  plans: Plans,
  { patience = PATIENCE, timed = 0 }: { readonly patience?: number; readonly timed?: number } = {},
): Promise<{
  readonly calls: readonly PlannedCall[];
  readonly findings: readonly PlanFinding[];
  readonly judged: readonly JudgedQuery[];
}> => {
  const calls: PlannedCall[] = [];
  const failed: Failure[] = [];
  for (const scale of plans.scales) {
    const done = await atScale(server, plans, scale, { patience, timed });
    calls.push(...done.calls);
    failed.push(...done.failed);
  }
  const judged = judgedOf(plans, calls, failed);
  return { calls, judged, findings: findingsOf(judged) };
};
