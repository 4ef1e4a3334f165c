import Link from 'next/link';
import type { AuditFinding, AuditReport } from '@/catalog/audit-report.ts';
import type { SchemaPackage } from '@/catalog/schema-packages.ts';
import { Badge, Section } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { Code } from './code.tsx';
import { DocText } from './doc-text.tsx';

const severities = { error: 'bad', warning: 'warn', info: 'accent' } as const;
const states = { pass: 'good', fail: 'bad', off: 'neutral', 'not run': 'neutral' } as const;

interface Shown {
  readonly shown: SchemaPackage;
  /** The tables that have a page. */
  readonly tables: ReadonlySet<string>;
}

/** The audit report of a package: findings with their table and source, and every rule. */
export function AuditReportView({ shown, tables, report }: Shown & { report: AuditReport }) {
  const open = report.findings.filter(({ waived, known }) => waived === undefined && !known);
  const waived = report.findings.filter((finding) => finding.waived !== undefined);
  const ran = report.rules.filter(({ state }) => state === 'pass' || state === 'fail');
  return (
    <div className="page-width flex flex-col gap-8 py-6">
      <Section
        title="Audit"
        lead={
          <>
            {ran.length} rules held against {report.tables} tables, the queries and the live
            database, by <code className="font-mono">audit</code> of @reference/audit at{' '}
            <Time at={report.takenAt} />. {count(open.length, 'finding')}, {waived.length} waived
            with a reason.
          </>
        }
      >
        {open.length === 0 ? (
          <EmptyState title="Every rule holds">Accepted findings are listed below.</EmptyState>
        ) : (
          <Findings label="Findings" shown={shown} tables={tables} findings={open} />
        )}
      </Section>
      {waived.length > 0 && (
        <Section title="Waived" lead="Accepted in audit.config.ts, each for the reason it gives.">
          <Findings label="Waived findings" shown={shown} tables={tables} findings={waived} />
        </Section>
      )}
      <Section title="Rules">
        <Table
          label={`Rules held against ${shown.name}`}
          head={
            <>
              <Th>Rule</Th>
              <Th>Requirement</Th>
              <Th>State</Th>
              <Th className="text-right">Findings</Th>
              <Th className="text-right">Waived</Th>
            </>
          }
        >
          {report.rules.map((rule) => (
            <tr key={rule.id}>
              <Td className="whitespace-nowrap font-mono text-xs">{rule.id}</Td>
              <Td label="What it asks">
                <DocText>{rule.title}</DocText>
              </Td>
              <Td label="State">
                <Badge tone={states[rule.state]}>
                  {rule.needs === undefined ? rule.state : `needs ${rule.needs}`}
                </Badge>
              </Td>
              <Td label="Findings" className="text-right tabular-nums">
                {rule.open}
              </Td>
              <Td label="Waived" className="text-right tabular-nums">
                {rule.waived}
              </Td>
            </tr>
          ))}
        </Table>
      </Section>
    </div>
  );
}

const count = (n: number, word: string) => `${n} ${word}${n === 1 ? '' : 's'}`;

function Findings({
  label,
  findings,
  ...rest
}: Shown & { label: string; findings: readonly AuditFinding[] }) {
  return (
    <ul aria-label={label} className="flex flex-col gap-3">
      {findings.map((finding) => (
        <Finding
          key={`${finding.rule} ${finding.object} ${finding.message}`}
          finding={finding}
          {...rest}
        />
      ))}
    </ul>
  );
}

function Finding({ shown, tables, finding }: Shown & { finding: AuditFinding }) {
  const { rule, severity, object, message, waived, source, fix } = finding;
  const [table = ''] = object.split('.');
  return (
    <li className="flex flex-col gap-2 rounded-lg border border-line bg-surface px-4 py-3">
      <div className="flex flex-wrap items-baseline gap-x-2 gap-y-1">
        <Badge tone={severities[severity]}>{severity}</Badge>
        {tables.has(table) ? (
          <Link
            href={`/schema/${shown.slug}/tables/${table}`}
            className="font-mono text-accent text-sm underline underline-offset-2 [overflow-wrap:anywhere]"
          >
            {object}
          </Link>
        ) : (
          <span className="font-mono text-sm [overflow-wrap:anywhere]">{object}</span>
        )}
        <span className="text-sm">
          <DocText>{message}</DocText>
        </span>
        <span className="ml-auto font-mono text-muted text-xs">{rule}</span>
      </div>
      {waived && (
        <p className="text-muted text-sm">
          <DocText>{waived}</DocText>
        </p>
      )}
      {source && (
        <details>
          <summary className="cursor-pointer font-mono text-muted text-xs [overflow-wrap:anywhere]">
            {source.path}:{source.line}
          </summary>
          <div className="pt-2">
            <Code
              language="typescript"
              label={`${source.path} from line ${source.line}`}
              code={source.excerpt}
            />
          </div>
        </details>
      )}
      {fix && !waived && (
        <Code
          language={fix.language === 'sql' ? 'sql' : 'typescript'}
          label={`What to do about ${object}`}
          code={fix.code}
        />
      )}
    </li>
  );
}
