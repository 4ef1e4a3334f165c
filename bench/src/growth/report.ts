import type { Point } from '../charts/growth.ts';
import { number, table } from '../markdown.ts';

/** The output of `audit plans --format json` for one package. */
export interface Measured {
  readonly name: string;
  readonly rows: string;
  readonly queries: readonly {
    readonly query: string;
    /** Pages of 8 kB that the call read, by scale. */
    readonly pages: Readonly<Record<string, number>>;
    /** The median of its calls, by scale; a query that cannot be called again has none. */
    readonly milliseconds: Readonly<Record<string, number>>;
  }[];
  readonly findings: readonly {
    readonly rule: string;
    readonly object: string;
    readonly message: string;
  }[];
}

/** Figures by scale as pairs of numbers, from the smallest scale on. */
const pairs = (figures: Readonly<Record<string, number>>): [rows: number, figure: number][] =>
  Object.entries(figures)
    .map(([scale, figure]): [number, number] => [Number(scale), figure])
    .sort(([a], [b]) => a - b);

/**
 * The exponent of a figure's growth, by least squares of the logarithms: 0 does not grow, 1 grows as the
 * rows do.
 */
const slopeOf = (figures: Readonly<Record<string, number>>): number | undefined => {
  const points = pairs(figures)
    .filter(([, figure]) => figure > 0)
    .map(([rows, figure]) => [Math.log10(rows), Math.log10(figure)] as const);
  if (points.length < 2) return undefined;
  const meanX = points.reduce((sum, [x]) => sum + x, 0) / points.length;
  const meanY = points.reduce((sum, [, y]) => sum + y, 0) / points.length;
  const over = points.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0);
  return over / points.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
};

const shownSlope = (figures: Readonly<Record<string, number>>): string =>
  slopeOf(figures)?.toFixed(2) ?? '–';

const shownTime = (milliseconds: number | undefined): string =>
  milliseconds === undefined ? '–' : milliseconds.toFixed(milliseconds < 10 ? 2 : 0);

const section = ({ name, rows, queries, findings }: Measured): string => {
  const scales = [...new Set(queries.flatMap(({ pages }) => Object.keys(pages).map(Number)))].sort(
    (a, b) => a - b,
  );
  const complaints = findings.map(
    ({ rule, object, message }) => `- ${rule}: ${object} ${message.replace(/\.$/, '')}.`,
  );
  return [
    `## ${name}`,
    `Each scale is a number of ${rows}.`,
    table(
      [
        'query',
        ...scales.map((scale) => `${number(scale)}, pages`),
        'slope',
        ...scales.map((scale) => `${number(scale)}, ms`),
        'slope',
      ],
      queries.map(({ query, pages, milliseconds }) => [
        query,
        ...scales.map((scale) => (pages[scale] === undefined ? '–' : number(pages[scale]))),
        shownSlope(pages),
        ...scales.map((scale) => shownTime(milliseconds[scale])),
        shownSlope(milliseconds),
      ]),
    ),
    complaints.length > 0
      ? `These grow faster than they declare, or have a worse plan:\n\n${complaints.join('\n')}`
      : 'No query grows faster than it declares, and no plan has a forbidden node.',
  ].join('\n\n');
};

/** The lines of the picture of growth. */
export const pointsOf = (packages: readonly Measured[]): Point[] =>
  packages.flatMap(({ name, queries }) =>
    queries.flatMap(({ query, milliseconds }) =>
      pairs(milliseconds).map(([rows, time]) => ({
        package: name,
        query,
        rows,
        milliseconds: time,
      })),
    ),
  );

/** A line for each package: how its queries' times grow, and which grows most. */
export const growthSummary = (packages: readonly Measured[], conditions: string): string =>
  [
    '![Milliseconds of every hot query at growing numbers of rows, by package; the dashed line is a query that reads every row](charts/growth.svg)',
    'Each line is a hot query; rows and time have logarithmic scales, so a flat line does not grow. The dashed line is the time of a query that reads every row. A slope is the exponent: 0 does not grow, 1 grows as the rows do.',
    conditions,
    table(
      ['', 'hot queries', 'rows', 'median slope', 'steepest', 'its slope'],
      packages.map(({ name, queries }) => {
        const slopes = queries
          .map(({ query, milliseconds }) => ({ query, slope: slopeOf(milliseconds) ?? 0 }))
          .sort((a, b) => a.slope - b.slope);
        const steepest = slopes.at(-1);
        const largest = Math.max(...queries.flatMap(({ pages }) => Object.keys(pages).map(Number)));
        return [
          name,
          String(queries.length),
          number(largest),
          slopes[Math.floor(slopes.length / 2)]?.slope.toFixed(2) ?? '–',
          steepest?.query ?? '–',
          steepest?.slope.toFixed(2) ?? '–',
        ];
      }),
    ),
  ].join('\n\n');

/** The document: for each package, what each hot query reads at each scale. */
export const growthReport = (packages: readonly Measured[], conditions: string): string =>
  [
    '# How hot queries grow',
    `Written by \`pnpm db:growth\`. ${conditions}`,
    'Pages are the 8 kB blocks that one call reads, in all of its statements, as auto_explain counts them; they do not depend on the speed of the machine. For ten times the rows, a call may read at most four times as many, unless its `*.plans.ts` declares and explains more. The tests check the same queries at 1,000 and 10,000 rows.',
    'Milliseconds are the median of successive calls by the project’s own client, without the first six and without auto_explain. A slope is the exponent fitted to the figures: 0 does not grow, 1 grows as the rows do, 0.3 doubles for ten times the rows. A small time is mostly the round trip to the server, so its slope says little.',
    ...packages.map(section),
  ].join('\n\n');
