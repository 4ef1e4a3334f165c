import type { UpsertResult } from '../../queries/entity/upsert.ts';
import type { IngestSummary } from './ingest.ts';

interface Colours {
  readonly bold: (text: string) => string;
  readonly yellow: (text: string) => string;
}

/**
 * An ingest's summary as text: a line for each table, then the skipped objects with their paths.
 */
export function describeIngest(summary: IngestSummary, colours: Colours): string {
  const tables: [string, UpsertResult][] = [
    ['repositories', summary.repositories],
    ['pull requests', summary.pullRequests],
    ['issues', summary.issues],
    ['commits', summary.commits],
  ];
  const written = tables.some(([, { inserted, updated }]) => inserted + updated > 0);
  const lines = tables.map(
    ([name, { inserted, updated, unchanged }]) =>
      `${name.padEnd(14)} ${count(inserted)} inserted ${count(updated)} updated ${count(unchanged)} unchanged`,
  );
  const problems = summary.problems.map(
    ({ source, path, message }) => `  ${source}${path && `#${path}`}: ${message}`,
  );
  const { skipped } = summary;
  return [
    colours.bold(`${summary.documents} documents read.${written ? '' : ' Nothing has changed.'}`),
    `${summary.payloads} payloads found, one row for all that are about the same thing.${summary.emptyDocuments > 0 ? ` ${summary.emptyDocuments} documents hold none.` : ''}`,
    ...lines,
    ...(skipped > 0 ? [colours.yellow(`${skipped} skipped:`), ...problems] : ['Nothing skipped.']),
  ].join('\n');
}

const count = (value: number) => String(value).padStart(7);
