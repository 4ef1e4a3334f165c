'use client';

import '@/schema-screen/code.css';
import Link from 'next/link';
import { formatMs } from '@/schema-screen/amounts.ts';
import { Badge } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';
import type { ListedStatement } from './actions.tsx';
import { PlanButton } from './plan-button.tsx';

/** The statements of one request, in the order of sending. */
export function StatementList({
  requestId,
  statements,
}: {
  requestId: string;
  statements: readonly ListedStatement[];
}) {
  if (statements.length === 0) {
    return <EmptyState title="This request sent no statement" />;
  }
  const repeated = statements.find((statement) => statement.repeated > 0);
  const slowest = statements.reduce((a, b) => ((b.ms ?? 0) > (a.ms ?? 0) ? b : a));
  return (
    <div data-request={requestId} className="flex flex-col gap-4">
      {repeated && (
        <p className="rounded-lg bg-warn-soft px-3 py-2 text-sm text-warn">
          One text was sent {repeated.repeated} times: a loop over rows, where one statement could
          ask for all of them.
        </p>
      )}
      <ol className="flex flex-col gap-4">
        {statements.map((statement, index) => (
          <Statement
            key={index}
            requestId={requestId}
            index={index}
            statement={statement}
            isSlowest={statements.length > 1 && statement === slowest}
          />
        ))}
      </ol>
    </div>
  );
}

function Statement({
  requestId,
  index,
  statement,
  isSlowest,
}: {
  requestId: string;
  index: number;
  statement: ListedStatement;
  isSlowest: boolean;
}) {
  const { query, code, frames, tables, parameterTypes, repeated, failed, isAfterAnswer } =
    statement;
  const number = index + 1;
  return (
    <li className="flex min-w-0 flex-col gap-2 rounded-lg border border-line bg-surface p-3">
      <div className="flex flex-wrap items-center justify-between gap-2">
        <h3 className="min-w-0 font-mono font-semibold text-sm [overflow-wrap:anywhere]">
          {number}. {query ? <QueryName query={query} /> : 'the application itself'}
        </h3>
        <p className="flex flex-wrap items-center gap-1.5 text-muted text-xs tabular-nums">
          {repeated > 0 && <Badge tone="warn">N+1: {repeated} times</Badge>}
          {isSlowest && <Badge tone="accent">slowest</Badge>}
          {failed && <Badge tone="bad">failed</Badge>}
          {isAfterAnswer && <Badge>after the answer</Badge>}
          <span>{costOf(statement)}</span>
        </p>
      </div>
      {frames.length > 0 && (
        <ul aria-label={`Code that sent statement ${number}`} className="flex flex-col gap-0.5">
          {frames.map(({ path, line, name }) => (
            <li
              key={`${path}:${line}`}
              className="font-mono text-muted text-xs [overflow-wrap:anywhere]"
            >
              {path}:{line} <span className="text-ink">{name}</span>
            </li>
          ))}
        </ul>
      )}
      <div className="[&_.code]:max-h-56">{code}</div>
      {parameterTypes.length > 0 && (
        <p className="font-mono text-muted text-xs [overflow-wrap:anywhere]">
          {parameterTypes.map((type, place) => `$${place + 1} ${type}`).join(', ')}
        </p>
      )}
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1 text-xs">
        {tables.map(({ name, href }) => (
          <Link
            key={name}
            href={href}
            prefetch={false}
            className="font-mono text-accent underline underline-offset-2"
          >
            {name}
          </Link>
        ))}
      </div>
      <PlanButton requestId={requestId} index={index} />
    </li>
  );
}

function QueryName({ query: { name, href } }: { query: NonNullable<ListedStatement['query']> }) {
  if (!href) return name;
  return (
    <Link href={href} prefetch={false} className="text-accent underline underline-offset-2">
      {name}
    </Link>
  );
}

function costOf({ ms, rows }: ListedStatement): string {
  const time = ms === undefined ? 'still runs' : formatMs(ms);
  return rows === undefined ? time : `${rows} ${rows === 1 ? 'row' : 'rows'}, ${time}`;
}
