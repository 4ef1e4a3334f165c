import { readFile } from 'node:fs/promises';
import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { projectRoot } from '../catalog/source-files.ts';
import { processWide } from '../server/process-wide.ts';

/** A place in the project's sources. */
export interface SourcePosition {
  /** From the project's root. */
  readonly path: string;
  /** From 1. */
  readonly line: number;
}

/** The build keeps a map beside each of its files, from which the places in the sources are read. */
const maps = processWide(
  'reference-demo-source-maps',
  () => new Map<string, Promise<SourceMap | undefined>>(),
);
const mostMaps = 60;

function mapOf(file: string): Promise<SourceMap | undefined> {
  const known = maps.get(file);
  if (known) return known;
  const reading = readFile(`${file}.map`, 'utf8').then(
    (text) => new SourceMap(JSON.parse(text)),
    () => undefined,
  );
  maps.set(file, reading);
  const [oldest] = maps.keys();
  if (maps.size > mostMaps && oldest !== undefined) maps.delete(oldest);
  return reading;
}

/** The parts that a reader of the demo is after: not the kit, Next or Drizzle. */
const shown = /^(packages\/(?:db|postgres|tasks|tenancy)|apps\/demo)\/src\//;
/** Files between a page and its query that say nothing about either. */
const hidden = /^apps\/demo\/src\/(server|statements)\//;

/**
 * The places of the project's own sources in a stack, innermost first and each once.
 *
 * @param stack as `Error.stack` has it, of sources or of built files with a source map beside them
 */
export async function positionsOf(stack: string): Promise<SourcePosition[]> {
  const found: SourcePosition[] = [];
  for (const line of stack.split('\n')) {
    const position = await positionOf(line);
    if (!position || !shown.test(position.path) || hidden.test(position.path)) continue;
    if (found.some((other) => other.path === position.path && other.line === position.line)) {
      continue;
    }
    found.push(position);
  }
  return found;
}

async function positionOf(frame: string): Promise<SourcePosition | undefined> {
  const [, place = '', line = '', column = ''] =
    /(?:at | \()(?:async )?((?:file:\/\/)?\/.+):(\d+):(\d+)\)?$/.exec(frame) ?? [];
  if (!place || place.includes('/node_modules/')) return undefined;
  const file = place.startsWith('file:') ? fileURLToPath(place) : place;
  const map = file.includes('/.next') ? await mapOf(file) : undefined;
  if (!map) return { path: relative(projectRoot(), file), line: Number(line) };
  const entry = map.findEntry(Number(line) - 1, Number(column) - 1);
  if (!('originalSource' in entry)) return undefined;
  const source = decodeURIComponent(entry.originalSource).replace(/^file:\/\//, '');
  return {
    path: relative(projectRoot(), resolve(dirname(file), source)),
    line: entry.originalLine + 1,
  };
}
