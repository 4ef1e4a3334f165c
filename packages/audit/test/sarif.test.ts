import sarif from '@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json' with { type: 'json' };
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Finding, Report } from '../src/finding.ts';
import { asSarif } from '../src/report/sarif.ts';
import { rules } from '../src/rules/index.ts';

// zod takes "uri-reference" for an absolute URL; the test below reads the references itself.
const schema: Parameters<typeof z.fromJSONSchema>[0] = JSON.parse(
  JSON.stringify(sarif, (_, value) => (value?.format === 'uri-reference' ? {} : value)),
);
const official = z.fromJSONSchema(schema);

const [rule] = rules;
const finding = (fields: Partial<Finding>): Finding => ({
  rule: rule?.id ?? '',
  severity: 'warning',
  object: 'notes.label',
  message: 'is not as it should be',
  ...fields,
});
const report = (findings: readonly Finding[]): Report => ({
  project: 'notes',
  tables: 1,
  rules: [],
  findings,
  notes: [],
  milliseconds: 1,
});

const reports = [
  report([]),
  report([
    finding({
      severity: 'error',
      location: { file: 'src/a b/[id]/schema.ts', line: 3, column: 1 },
    }),
    finding({ severity: 'info', fix: { language: 'sql', code: 'alter table "notes" …' } }),
    finding({ waived: 'A log outlives what it tells about.' }),
    finding({ known: true, also: ['pages.label'] }),
    ...rules.map(({ id, severity }) => finding({ rule: id, severity })),
  ]),
];
const log = JSON.parse(asSarif(reports));

describe('the SARIF that code scanning takes', () => {
  test('fits the official schema of SARIF 2.1.0, without findings too', () => {
    expect(official.safeParse(log).error?.issues).toBeUndefined();
    expect(official.safeParse(JSON.parse(asSarif([report([])]))).error?.issues).toBeUndefined();
  });

  test('the schema refuses a log with a wrong level, an unknown field or no tool', () => {
    const [run] = log.runs;
    const [first] = run.results;
    for (const broken of [
      { ...log, runs: [{ ...run, results: [{ ...first, level: 'info' }] }] },
      { ...log, runs: [{ ...run, results: [{ ...first, severity: 'error' }] }] },
      { ...log, runs: [{ results: [] }] },
    ])
      expect(official.safeParse(broken).success).toBe(false);
  });

  test('meets what code scanning asks beyond the schema', () => {
    const [run] = log.runs;
    const ids = run.tool.driver.rules.map(({ id }: { id: string }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const { ruleId, ruleIndex, message, locations, partialFingerprints } of run.results) {
      expect(ids[ruleIndex]).toBe(ruleId);
      expect(message.text.length).toBeGreaterThan(0);
      expect(locations).toHaveLength(1);
      const { uri } = locations[0].physicalLocation.artifactLocation;
      // Relative to the repository, and a valid reference.
      expect(new URL(uri, 'file:///repository/').href).toMatch(/^file:\/\/\/repository\/./);
      expect(uri).not.toMatch(/[\s[\]]/);
      expect(Object.values(partialFingerprints)).toHaveLength(1);
    }
  });
});
