import { readFile, writeFile } from 'node:fs/promises';
import { cpus } from 'node:os';
import type { Spread } from './measure.ts';
import type { Server } from './server.ts';

/** A Markdown table. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  return [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
}

/** A whole number with separators of thousands. */
export function number(value: number): string {
  return Math.round(value).toLocaleString('en');
}

/** A median with the range of the rounds. */
export function ratio({ median, low, high }: Spread): string {
  return `${median.toFixed(2)} (${low.toFixed(2)}–${high.toFixed(2)})`;
}

/** A line of a list that says whether a bound was kept. */
export function verdict(isMet: boolean, text: string): string {
  return `- ${isMet ? 'Met' : 'Missed'}: ${text}.`;
}

/** Processors and the version of Node. */
export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim()}, Node ${process.versions.node}`;

/** The machine and the server of a run. */
export function conditions(server: Server, rounds: number): string {
  const settings = Object.entries(server.settings).map(([name, value]) => `${name} ${value}`);
  return `${rounds} rounds; ${machine()}; PostgreSQL: ${settings.join(', ')}.`;
}

/** Prints a report, and writes it to docs/`name`.md unless the run was asked to leave that as it is. */
export async function publish(name: string, report: string, toFile: boolean): Promise<void> {
  console.log(`\n${report}`);
  if (toFile) await writeFile(new URL(`../../docs/${name}.md`, import.meta.url), `${report}\n`);
}

/**
 * Writes what stands between two marks of docs/`name`.md anew; the text around them is kept.
 *
 * @param mark `<!-- mark -->` and `<!-- /mark -->` enclose it
 */
export async function replaceFigures(
  name: string,
  figures: string,
  mark = 'figures',
): Promise<void> {
  const at = new URL(`../../docs/${name}.md`, import.meta.url);
  const [start, end] = [`<!-- ${mark} -->`, `<!-- /${mark} -->`];
  const [before, rest] = (await readFile(at, 'utf8')).split(start);
  const after = rest?.split(end)[1];
  if (after === undefined) throw new Error(`docs/${name}.md lacks ${start} … ${end}.`);
  await writeFile(at, `${before}${start}\n\n${figures}\n\n${end}${after}`);
}
