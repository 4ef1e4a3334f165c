import { fileURLToPath } from 'node:url';
import { audit } from './audit.ts';
import { openFindings } from './finding.ts';
import type { Plans } from './plans/hot-query.ts';
import { sentence } from './report/place.ts';

export interface Complained {
  /** The project's audit.config. */
  readonly config: string | URL;
  /** Opens an empty database, which this function migrates, fills and closes. */
  readonly open: () => Promise<{ readonly url: string; close(): Promise<void> }>;
  readonly plans: Pick<Plans, 'prepare'>;
  /** Rows of the main table; default 1,000. */
  readonly scale?: number;
}

/**
 * Lists the audit's complaints about a project, its queries and its live catalog with rows, a line
 * each: open errors and warnings, and rules that could not run. A project's test expects none.
 * `runPlans` checks hot queries.
 *
 * @throws AuditError when the project cannot be loaded
 */
export async function complaintsOf({
  config,
  open,
  plans,
  scale = 1_000,
}: Complained): Promise<string[]> {
  const { url, close } = await open();
  try {
    await plans.prepare(url, scale);
    return await listComplaints(typeof config === 'string' ? config : fileURLToPath(config), url);
  } finally {
    await close();
  }
}

async function listComplaints(config: string, url: string): Promise<string[]> {
  const report = await audit({ config, url });
  return [
    ...report.rules
      .filter(({ state, needs }) => state === 'not run' && needs !== 'plans')
      .map(({ id, needs }) => `${id} was not run: it needs ${needs}`),
    ...openFindings(report)
      .filter(({ severity }) => severity !== 'info')
      .map((finding) => `${finding.severity} ${finding.rule} ${sentence(finding)}`),
  ];
}
