import { relative, resolve } from 'node:path';
import type { Finding, Report } from '../finding.ts';
import { rules } from '../rules/index.ts';
import { fingerprint } from '../run-rules.ts';
import { sentence } from './place.ts';

const LEVEL = { error: 'error', warning: 'warning', info: 'note' } as const;

const suppressionsOf = (finding: Finding) => {
  if (finding.waived !== undefined)
    return [{ kind: 'external', status: 'accepted', justification: finding.waived }];
  return finding.known === true
    ? [{ kind: 'external', status: 'accepted', justification: 'in the baseline' }]
    : [];
};

const uriOf = (file: string): string =>
  file.split('\\').join('/').split('/').map(encodeURIComponent).join('/');

/**
 * Code scanning rejects a result without a place, so objects that only the database has are shown
 * at the manifest.
 */
const placeOf = ({ location }: Finding) => ({
  artifactLocation: {
    uri: uriOf(
      location?.file ?? relative(process.env.GITHUB_WORKSPACE || '.', resolve('package.json')),
    ),
  },
  region: { startLine: location?.line ?? 1, startColumn: location?.column ?? 1 },
});

/** SARIF 2.1.0, for code scanning. */
export const asSarif = (reports: readonly Report[]): string => {
  const findings = reports.flatMap((report) => report.findings);
  const used = rules.filter(({ id }) => findings.some(({ rule }) => rule === id));
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: '@reference/audit',
              rules: used.map((rule) => ({
                id: rule.id,
                shortDescription: { text: rule.title },
                fullDescription: { text: rule.why },
                help: { text: `${rule.why}\n\nSource: ${rule.source}` },
                defaultConfiguration: { level: LEVEL[rule.severity] },
              })),
            },
          },
          results: findings.map((finding) => ({
            ruleId: finding.rule,
            ruleIndex: used.findIndex(({ id }) => id === finding.rule),
            level: LEVEL[finding.severity],
            message: {
              text: `${sentence(finding)}${finding.fix ? `\n\n${finding.fix.code}` : ''}`,
            },
            locations: [{ physicalLocation: placeOf(finding) }],
            partialFingerprints: { 'ruleAndObject/v1': fingerprint(finding) },
            suppressions: suppressionsOf(finding),
          })),
        },
      ],
    },
    undefined,
    2,
  );
};
