import * as Plot from '@observablehq/plot';
import { drawChart } from './draw.ts';

/** The time of one query at one scale. */
export interface Point {
  readonly package: string;
  readonly query: string;
  readonly rows: number;
  readonly milliseconds: number;
}

/** A line for each hot query, rows and time both by powers of ten: a flat line is a query that does not grow. */
export const drawGrowth = (points: readonly Point[]): Promise<void> => {
  const rows = points.map((point) => point.rows);
  const [least, most] = [Math.min(...rows), Math.max(...rows)];
  const packages = [...new Set(points.map((point) => point.package))];
  // What a query would take that reads every row, from the median of the smallest scale on.
  const linear = packages.flatMap((name) => {
    const first = points
      .filter((point) => point.package === name && point.rows === least)
      .map(({ milliseconds }) => milliseconds)
      .sort((a, b) => a - b);
    const start = first[Math.floor(first.length / 2)] ?? 1;
    return [least, most].map((x) => ({ package: name, x, y: (start * x) / least }));
  });
  return drawChart('growth', {
    width: 860,
    height: 340,
    marginLeft: 50,
    fx: { label: null, domain: packages },
    x: {
      type: 'log',
      label: 'rows of the main table',
      ticks: [...new Set(rows)],
      tickFormat: '~s',
    },
    y: {
      type: 'log',
      label: 'milliseconds a call',
      grid: true,
      tickFormat: (value: number) => String(value),
      domain: [
        Math.min(...points.map(({ milliseconds }) => milliseconds)) / 1.5,
        Math.max(...points.map(({ milliseconds }) => milliseconds)) * 3,
      ],
    },
    marks: [
      Plot.line(linear, {
        fx: 'package',
        x: 'x',
        y: 'y',
        stroke: '#c0392b',
        strokeDasharray: '4,3',
        clip: true,
      }),
      Plot.line(points, {
        fx: 'package',
        x: 'rows',
        y: 'milliseconds',
        z: 'query',
        stroke: '#0b7a5b',
        strokeOpacity: 0.55,
      }),
    ],
  });
};
