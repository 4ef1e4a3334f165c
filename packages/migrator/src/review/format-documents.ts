import { type Finding, isBlocking, type Level } from './finding.ts';
import { lockLine, summaryOf } from './finding-text.ts';

const SARIF_LEVEL: Record<Level, 'error' | 'warning' | 'note'> = {
  'data loss': 'error',
  danger: 'error',
  caution: 'warning',
  safe: 'note',
};

const bodyOf = (finding: Finding): string =>
  [
    finding.message,
    lockLine(finding),
    finding.breaksPreviousRelease ? 'breaks code of the previous release' : undefined,
    finding.safer ? `safer:\n${finding.safer}` : undefined,
  ]
    .filter((line) => line !== undefined)
    .join('\n');

/** SARIF 2.1.0, for code scanning. An acknowledged finding is reported as suppressed, with its reason. */
export const sarifOf = (findings: readonly Finding[]): string => {
  const rules = [...new Set(findings.map(({ rule }) => rule))].sort();
  return JSON.stringify(
    {
      $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
      version: '2.1.0',
      runs: [
        {
          tool: {
            driver: {
              name: 'migrator review',
              rules: rules.map((id) => ({
                id,
                shortDescription: { text: id.replaceAll('-', ' ') },
              })),
            },
          },
          results: findings.map((finding) => ({
            ruleId: finding.rule,
            ruleIndex: rules.indexOf(finding.rule),
            level: SARIF_LEVEL[finding.level],
            message: { text: bodyOf(finding) },
            locations: [
              {
                physicalLocation: {
                  artifactLocation: { uri: finding.file.replaceAll('\\', '/') },
                  region: { startLine: finding.line },
                },
              },
            ],
            ...(finding.acknowledged === undefined
              ? {}
              : { suppressions: [{ kind: 'inSource', justification: finding.acknowledged }] }),
          })),
        },
      ],
    },
    undefined,
    2,
  );
};

const cell = (text: string): string =>
  text.replaceAll('|', '\\|').replaceAll('<', '&lt;').replaceAll('\n', '<br>');

const MARK: Record<Level, string> = {
  'data loss': '⛔ data loss',
  danger: '🔴 danger',
  caution: '🟡 caution',
  safe: 'safe',
};

/** A fence that the text cannot close. */
const fenced = (sql: string): string => {
  const longest = Math.max(2, ...(sql.match(/`+/g) ?? []).map(({ length }) => length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}sql\n${sql}\n${fence}`;
};

/** A comment on a pull request: a table, and the safer SQL collapsed below it. */
export const markdownOf = (findings: readonly Finding[], files: number): string => {
  const heading = '### Migration review';
  const looked = `${files} migration${files === 1 ? '' : 's'} looked at`;
  if (findings.length === 0) return `${heading}\n\n${looked}: nothing to say.`;
  const rows = findings.map((finding) => {
    const says = [
      cell(finding.message),
      ...(lockLine(finding) ? [cell(lockLine(finding) ?? '')] : []),
      ...(finding.breaksPreviousRelease ? ['**breaks code of the previous release**'] : []),
      ...(finding.acknowledged === undefined
        ? []
        : [`acknowledged: ${cell(finding.acknowledged)}`]),
    ].join('<br>');
    const level = isBlocking(finding) ? `**${MARK[finding.level]}**` : MARK[finding.level];
    return `| \`${cell(finding.file)}:${finding.line}\` | ${level} | \`${finding.rule}\` | ${says} |`;
  });
  const safer = findings.flatMap((finding) =>
    finding.safer && finding.acknowledged === undefined
      ? [
          `<details><summary>Safer than ${finding.rule} in <code>${cell(finding.file)}:${finding.line}</code></summary>\n\n${fenced(finding.safer)}\n\n</details>`,
        ]
      : [],
  );
  return [
    heading,
    '',
    `${looked}: ${summaryOf(findings)}.`,
    '',
    '| where | level | rule | what |',
    '|---|---|---|---|',
    ...rows,
    ...(safer.length > 0 ? ['', ...safer] : []),
  ].join('\n');
};
