import { mkdir, writeFile } from 'node:fs/promises';
import * as Plot from '@observablehq/plot';
import { parseHTML } from 'linkedom';

const folder = new URL('../../../docs/charts/', import.meta.url);

/** Draws a chart and writes it to docs/charts/`name`.svg, dark on white in any theme of the reader. */
export async function drawChart(name: string, options: Plot.PlotOptions): Promise<void> {
  const { document } = parseHTML('<html><body></body></html>');
  const drawn = Plot.plot({
    ...options,
    document,
    figure: false,
    style: { background: 'white', color: '#222', fontFamily: 'system-ui, sans-serif' },
  });
  drawn.setAttribute('xmlns', 'http://www.w3.org/2000/svg');
  await mkdir(folder, { recursive: true });
  await writeFile(new URL(`${name}.svg`, folder), `${drawn.outerHTML}\n`);
}
