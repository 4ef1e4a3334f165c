import { number, table } from '../markdown.ts';

/** The output of `audit plans --format json` for one package. */
export interface Measured {
  readonly name: string;
  readonly rows: string;
  readonly queries: readonly {
    readonly query: string;
    /** Pages of 8 kB that the call read, by scale. */
    readonly pages: Readonly<Record<string, number>>;
  }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly object: string;
    readonly message: string;
  }[];
}

/** How much more a call reads for each tenfold of rows, from the smallest scale to the largest. */
const tenfold = (pages: Readonly<Record<string, number>>): string => {
  const scales = Object.keys(pages)
    .map(Number)
    .sort((a, b) => a - b);
  const [first = 1] = scales;
  const last = scales.at(-1) ?? first;
  const least = pages[first] ?? 0;
  if (least === 0 || last === first) return '';
  return (((pages[last] ?? 0) / least) ** (1 / Math.log10(last / first))).toFixed(1);
};

const section = ({ name, rows, queries, findings }: Measured): string => {
  const scales = [...new Set(queries.flatMap(({ pages }) => Object.keys(pages).map(Number)))].sort(
    (a, b) => a - b,
  );
  const complaints = findings.map(
    ({ rule, object, message }) => `- ${rule}: ${object} ${message.replace(/\.$/, '')}.`,
  );
  return [
    `## ${name}`,
    `A scale is the number of ${rows}.`,
    table(
      ['query', ...scales.map(number), 'per tenfold'],
      queries.map(({ query, pages }) => [
        query,
        ...scales.map((scale) => (pages[scale] === undefined ? '–' : number(pages[scale]))),
        tenfold(pages),
      ]),
    ),
    complaints.length > 0
      ? `These grow faster than they declare, or have a worse plan:\n\n${complaints.join('\n')}`
      : 'No query grows faster than it declares, and no plan has a node that it must not have.',
  ].join('\n\n');
};

/** The document: for each package, what each hot query reads at each scale. */
export const growthReport = (packages: readonly Measured[], conditions: string): string =>
  [
    '# How hot queries grow',
    `Written by \`pnpm db:growth\`. ${conditions}`,
    'Each figure is the number of pages of 8 kB that one call reads, in all of its statements, as auto_explain counts them. Pages do not depend on the speed of the machine. A query that a page of twenty rows by an index serves reads a few pages at any size; a call reads at most four times as many for ten times the rows, unless its `*.plans.ts` declares and explains more. The suite holds the same queries at 1,000 and 10,000 rows.',
    ...packages.map(section),
  ].join('\n\n');
