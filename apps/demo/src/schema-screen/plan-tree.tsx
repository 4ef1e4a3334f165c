import { clsx } from 'clsx';
import type { PlanNode } from '@/lab/plan.ts';
import { formatCount } from './amounts.ts';

/** A plan as nested lists; the bar is a node's own share of the whole estimated cost. */
export function PlanTree({ plan }: { plan: PlanNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-2">
      <p className="text-muted text-xs">
        Rows as the planner estimates them. A bar is a step’s own share of the cost.
        {hasSeqScan(plan) &&
          ' A Seq Scan reads its whole table: right for a table of a few rows, a missing index for a large one.'}
      </p>
      <div className="overflow-x-auto">
        <ul aria-label="Plan for any parameters" className="flex min-w-72 flex-col">
          <Node node={plan} total={plan.cost} />
        </ul>
      </div>
    </div>
  );
}

const hasSeqScan = ({ type, children }: PlanNode): boolean =>
  type === 'Seq Scan' || children.some(hasSeqScan);

function Node({ node, total }: { node: PlanNode; total: number }) {
  const { type, target, label, details, ownCost, rows, children } = node;
  const share = total > 0 ? Math.min(ownCost / total, 1) : 0;
  return (
    <li className="flex flex-col">
      <div className="flex flex-col gap-0.5 py-1">
        {label && <p className="text-muted text-xs italic">{label}</p>}
        <div className="flex flex-wrap items-center justify-end gap-x-2">
          <p className="min-w-0 flex-1 basis-36 font-mono text-xs">
            <span className={clsx('font-semibold', type === 'Seq Scan' && 'text-warn')}>
              {type}
            </span>{' '}
            <span className="text-muted [overflow-wrap:anywhere]">{target}</span>
          </p>
          <span className="shrink-0 text-muted text-xs tabular-nums">
            {formatCount(rows)} {rows === 1 ? 'row' : 'rows'}
          </span>
          <span
            className="h-1.5 w-16 shrink-0 overflow-hidden rounded-full bg-sunken"
            title={`${Math.round(share * 100)} % of the estimated cost`}
          >
            <span
              className={clsx('block h-full rounded-full', share > 0.5 ? 'bg-warn' : 'bg-accent')}
              style={{ width: `${share * 100}%` }}
            />
          </span>
        </div>
        {details.map(({ name, value }) => (
          <p key={name} className="font-mono text-muted text-xs [overflow-wrap:anywhere]">
            {name}: {value}
          </p>
        ))}
      </div>
      {children.length > 0 && (
        <ul className="ml-0.5 flex flex-col border-line border-l pl-2 sm:ml-1.5 sm:pl-3">
          {children.map((child, index) => (
            <Node key={index} node={child} total={total} />
          ))}
        </ul>
      )}
    </li>
  );
}
