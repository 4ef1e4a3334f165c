import type { LabRun, RanStatement } from '@/lab/run-query.ts';
import { Badge } from '@/ui/page.tsx';
import { formatCount, formatMs } from './amounts.ts';
import { Code, CodeBlock } from './code.tsx';
import { PlanTree } from './plan-tree.tsx';

/** A run's time, statements and result. */
export function LabResult({ run }: { run: LabRun }) {
  const { statements, firstMs, medianMs, items, result, undone } = run;
  const facts = [
    [statements.length === 1 ? 'statement' : 'statements', String(statements.length)],
    ['first call', formatMs(firstMs)],
    ...(medianMs === undefined ? [] : [['median of the next 4', formatMs(medianMs)]]),
    ...(items === undefined ? [] : [[items === 1 ? 'item' : 'items', formatCount(items)]]),
  ];
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-center gap-3">
        <dl className="flex flex-wrap gap-3">
          {facts.map(([name, value]) => (
            <div key={name} className="flex flex-col-reverse rounded-lg bg-sunken px-3 py-2">
              <dt className="text-muted text-xs">{name}</dt>
              <dd className="font-semibold text-lg tabular-nums">{value}</dd>
            </div>
          ))}
        </dl>
        {undone && <Badge tone="warn">taken back</Badge>}
      </div>
      {statements.map((statement, index) => (
        <Statement key={index} number={index + 1} statement={statement} />
      ))}
      <section className="flex flex-col gap-2">
        <h3 className="font-semibold text-sm">Answer</h3>
        <CodeBlock label="The query’s answer">{result}</CodeBlock>
      </section>
    </div>
  );
}

function Statement({ number, statement }: { number: number; statement: RanStatement }) {
  const { sql, ms, plan } = statement;
  return (
    <section className="flex flex-col gap-3 rounded-lg border border-line bg-surface p-4">
      <header className="flex flex-wrap items-baseline justify-between gap-2">
        <h3 className="font-semibold text-sm">Statement {number}</h3>
        <p className="text-muted text-xs">
          {ms < 1 ? 'under a millisecond' : `${ms} ms`}
          {plan && `, estimated cost ${formatCount(Math.round(plan.cost))}`}
        </p>
      </header>
      <div className="grid items-start gap-4 xl:grid-cols-2">
        <Code language="sql" label={`SQL of statement ${number}`} code={sql} />
        {plan ? (
          <PlanTree plan={plan} />
        ) : (
          <p className="text-muted text-sm">
            Settings of the transaction, and what travels with them in one message: it has no plan.
          </p>
        )}
      </div>
    </section>
  );
}
