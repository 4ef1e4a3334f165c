// pnpm --filter ./bench bench:postgres-18: what PostgreSQL 18 adds, measured where it could serve here.
import { Command } from 'commander';
import { number, replaceFigures, table } from '../markdown.ts';
import { measureGeneratedColumns } from './generated-columns.ts';
import { measureKeys } from './keys.ts';
import { withDatabase } from './scratch-database.ts';
import { measureSkipScan } from './skip-scan.ts';
import { measureUpsertCounts } from './upsert-counts.ts';

const command = new Command('bench:postgres-18')
  .description('Measures features of PostgreSQL 18; the skip scan also against 17.')
  .requiredOption('--eighteen <url>', 'a superuser’s URL of a server of version 18')
  .requiredOption('--seventeen <url>', 'the same of version 17')
  .option('--rows <number>', 'rows of each table', Number, 1_000_000)
  .option('--no-report', 'leave docs/postgresql-18.md as it is');
const { eighteen, seventeen, rows, report } = command.parse().opts<{
  eighteen: string;
  seventeen: string;
  rows: number;
  report: boolean;
}>();

const ms = (value: number) => `${value < 10 ? value.toFixed(2) : number(value)} ms`;
const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`;

const keys = await withDatabase(eighteen, (sql) => measureKeys(sql, rows));
const columns = await withDatabase(eighteen, (sql) => measureGeneratedColumns(sql, rows));
const counts = await withDatabase(eighteen, (sql) => measureUpsertCounts(sql, rows));
const skips = [
  await withDatabase(seventeen, (sql) => measureSkipScan(sql, rows)),
  await withDatabase(eighteen, (sql) => measureSkipScan(sql, rows)),
];

const figures = [
  `${number(rows)} rows a table; versions ${skips.map(({ version }) => version).join(' and ')}, the server's own settings.`,
  '### Keys',
  table(
    ['key', 'rows/s', 'primary key', 'write-ahead log'],
    keys.map((key) => [
      key.name,
      number(key.rowsPerSecond),
      megabytes(key.indexBytes),
      megabytes(key.logBytes),
    ]),
  ),
  '### Generated columns',
  table(
    [
      '',
      'adding the column',
      'table after it',
      'index on it',
      '1,000 lookups',
      'a scan that filters by it',
    ],
    columns.map((column) => [
      column.name,
      ms(column.addMs),
      megabytes(column.tableBytes),
      column.isIndexable ? 'yes' : 'refused; on the expression',
      ms(column.lookupsMs),
      ms(column.scanMs),
    ]),
  ),
  '### Counts of an upsert',
  table(
    ['', 'inserted', 'updated', 'time'],
    counts.map((count) => [
      count.name,
      number(count.inserted),
      number(count.updated),
      ms(count.ms),
    ]),
  ),
  '### Skip scan',
  table(
    ['version', 'values of the first column', 'node', 'pages read', 'time'],
    skips.flatMap(({ version, reads }) =>
      reads.map((read) => [
        version,
        number(read.groups),
        read.node,
        number(read.pages),
        ms(read.ms),
      ]),
    ),
  ),
].join('\n\n');

console.log(figures);
if (report) await replaceFigures('postgresql-18', figures);
