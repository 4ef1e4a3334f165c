import { fileURLToPath } from 'node:url';
import { audit } from './audit.ts';
import { openFindings } from './finding.ts';
import type { Plans } from './plans/hot-query.ts';
import { sentence } from './report/place.ts';

export interface Complained {
  /** The project's audit.config. */
  readonly config: string | URL;
  /** An empty database: it is migrated and filled here. */
  readonly url: string;
  readonly plans: Pick<Plans, 'prepare'>;
  /** Rows of the main table; default 1,000. */
  readonly scale?: number;
}

/**
 * The audit's complaints about a project, its queries and its live catalog with rows in it, a line each:
 * open errors and warnings, and rules that could not be run. A project's test expects none. Hot queries
 * are a matter of `runPlans`.
 *
 * @throws AuditError when the project cannot be loaded
 */
export const complaintsOf = async ({
  config,
  url,
  plans,
  scale = 1_000,
}: Complained): Promise<string[]> => {
  await plans.prepare(url, scale);
  const report = await audit({
    config: typeof config === 'string' ? config : fileURLToPath(config),
    url,
  });
  return [
    ...report.rules
      .filter(({ state, needs }) => state === 'not run' && needs !== 'plans')
      .map(({ id, needs }) => `${id} was not run: it needs ${needs}`),
    ...openFindings(report)
      .filter(({ severity }) => severity !== 'info')
      .map((finding) => `${finding.severity} ${finding.rule} ${sentence(finding)}`),
  ];
};
