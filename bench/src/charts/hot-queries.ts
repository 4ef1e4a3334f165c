import * as Plot from '@observablehq/plot';
import { drawChart } from './draw.ts';

/** One contestant's latency at one query, as a multiple of the same SQL sent by hand. */
export interface Bar {
  readonly query: string;
  readonly contestant: string;
  readonly ratio: number;
}

const OWN = 'this project';

/** The picture at the top of docs/performance.md. */
export const drawHotQueries = (bars: readonly Bar[]): Promise<void> =>
  drawChart('hot-queries', {
    width: 860,
    height: 60 + 19 * bars.length,
    marginLeft: 140,
    marginRight: 190,
    fy: { label: null, padding: 0.15, domain: [...new Set(bars.map(({ query }) => query))] },
    y: { label: null, domain: [...new Set(bars.map(({ contestant }) => contestant))] },
    x: {
      label: 'latency at one caller, as a multiple of the same SQL sent by hand',
      grid: true,
      domain: [0, Math.max(...bars.map(({ ratio }) => ratio)) * 1.12],
    },
    marks: [
      Plot.barX(bars, {
        x: 'ratio',
        y: 'contestant',
        fy: 'query',
        fill: ({ contestant }: Bar) => (contestant === OWN ? '#0b7a5b' : '#c3c9d1'),
      }),
      Plot.text(bars, {
        x: 'ratio',
        y: 'contestant',
        fy: 'query',
        text: ({ ratio }: Bar) => `${ratio.toFixed(2)}×`,
        textAnchor: 'start',
        dx: 4,
      }),
      Plot.ruleX([1], { stroke: '#222', strokeDasharray: '3,3' }),
    ],
  });
