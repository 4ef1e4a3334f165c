import { relative } from 'node:path';
import pc from 'picocolors';
import { createStatement, drizzleIndex } from './candidates.ts';
import { costsOf, drawPlan } from './draw.ts';
import type { Explanation } from './explain.ts';
import type { Proof } from './prove.ts';

const indented = (text: string): string => text.replaceAll(/^/gm, '  ');

const times = (gain: number): string => (gain >= 10 ? gain.toFixed(0) : gain.toFixed(1));

const measured = ({ before, after }: Proof): string =>
  before.executionTime === undefined || after.executionTime === undefined
    ? `cost ${before.root.cost.toFixed(0)} → ${after.root.cost.toFixed(0)}`
    : `cost ${before.root.cost.toFixed(0)} → ${after.root.cost.toFixed(0)}, ${before.executionTime.toFixed(2)} ms → ${after.executionTime.toFixed(2)} ms`;

const HOW = {
  hypopg: 'as the planner sees them (hypopg)',
  copy: 'built on a copy of the tables',
  none: '',
};

/** The migration that adds an index without blocking writers. */
export const migrationFor = (proof: Proof): string =>
  `-- migrator: no-transaction\n${createStatement(proof.candidate, 'concurrently ')};`;

/** The place of the declaration; without a schema, a note that the names are the database's. */
const placeOf = ({ candidate: { table } }: Proof): string =>
  table.location
    ? `// ${relative('.', table.location.file)}:${table.location.line}, ${table.key}\n`
    : '// without a schema to look at: columns by the names of the database\n';

/** An explanation for a terminal. */
export const asText = ({ statement, plan, tried, proofs, best }: Explanation): string => {
  const costs = costsOf(plan);
  return [
    pc.bold('Statement'),
    indented(statement),
    '',
    pc.bold('Plan'),
    indented(drawPlan(plan)),
    ...(costs.length > 0 ? ['', pc.bold('What costs'), ...costs.map((text) => `  · ${text}`)] : []),
    ...(proofs.length > 0
      ? [
          '',
          pc.bold(`Indexes tried, ${HOW[tried]}`),
          ...proofs.map(
            (proof) =>
              `  ${proof === best ? pc.green('✓') : '·'} ${createStatement(proof.candidate)}  ${pc.dim(proof.used ? `${measured(proof)}, ${times(proof.gain)}×` : 'not used')}`,
          ),
        ]
      : []),
    '',
    ...(best
      ? [
          pc.bold(`The index to add (${times(best.gain)} times cheaper)`),
          indented(`${placeOf(best)}${drizzleIndex(best.candidate)}`),
          '',
          indented(migrationFor(best)),
          '',
          pc.bold('Plan with it'),
          indented(drawPlan(best.after)),
        ]
      : [
          proofs.length > 0
            ? 'No index that was tried helps by half or more.'
            : 'No further index suggests itself: what is asked for is served by indexes that are there, or by none.',
        ]),
  ].join('\n');
};
