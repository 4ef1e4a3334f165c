import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startContainer } from '@reference/local-postgres';
import { drawGrowth } from '../charts/growth.ts';
import { machine, publish, replaceFigures } from '../markdown.ts';
import { growthReport, growthSummary, type Measured, pointsOf } from './report.ts';

interface Package {
  /** The rows that a scale counts. */
  readonly rows: string;
  /** One scale more, where rows are cheap to make. */
  readonly most?: number;
}

const PACKAGES: Readonly<Record<string, Package>> = {
  tasks: { rows: 'tasks' },
  postgres: { rows: 'commits, of pull requests and of messages' },
  tenancy: { rows: 'messages', most: 10_000_000 },
  db: { rows: 'pages' },
};

/** Timed calls of each query at each scale. */
const CALLS = 31;

const { values } = parseArgs({
  allowNegative: true,
  options: {
    scales: { type: 'string', default: '10000,100000,1000000' },
    most: { type: 'boolean', default: true },
    packages: { type: 'string', default: Object.keys(PACKAGES).join(',') },
    url: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});

/** Measures a package's hot queries. Exit code 1 with a report means that the report has findings. */
const measure = (name: string, url: string): Promise<Measured> => {
  const { rows = 'rows', most } = PACKAGES[name] ?? {};
  const scales = values.most && most !== undefined ? `${values.scales},${most}` : values.scales;
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        fileURLToPath(new URL('../../../packages/audit/bin/audit.js', import.meta.url)),
        'plans',
        ...['--format', 'json', '--url-env', 'GROWTH_URL', '--scales', scales],
        ...['--time', String(CALLS)],
      ],
      {
        cwd: fileURLToPath(new URL(`../../../packages/${name}/`, import.meta.url)),
        env: { ...process.env, GROWTH_URL: url, NO_COLOR: '1' },
        maxBuffer: 64 * 1024 * 1024,
      },
      (error, stdout, stderr) => {
        if (!stdout.startsWith('{'))
          return reject(new Error(`${name}: ${stderr.trim()}`, { cause: error }));
        const { queries, findings }: Pick<Measured, 'queries' | 'findings'> = JSON.parse(stdout);
        resolve({ name: `packages/${name}`, rows, queries, findings });
      },
    );
  });
};

// Filling a million rows is most of the time; nothing of it has to outlive the run.
const server = values.url
  ? { url: values.url, remove: async () => {} }
  : await startContainer({
      settings: {
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        shared_buffers: '1GB',
        maintenance_work_mem: '512MB',
        max_wal_size: '8GB',
        random_page_cost: '1.1',
      },
    });
const kept = new URL('../../../docs/plan-growth.json', import.meta.url);

/** All packages: those just measured, and the others as they were measured before. */
async function withOthers(measured: readonly Measured[]): Promise<Measured[]> {
  const before: Measured[] = JSON.parse(await readFile(kept, 'utf8'));
  return Object.keys(PACKAGES).flatMap((name) => {
    const isPackage = ({ name: path }: Measured) => path === `packages/${name}`;
    return measured.find(isPackage) ?? before.find(isPackage) ?? [];
  });
}

try {
  const measured: Measured[] = [];
  for (const name of values.packages.split(',')) {
    measured.push(await measure(name, server.url));
    console.error(`${name}: measured`);
  }
  const conditions = `One caller, each query's median of ${CALLS} calls; random_page_cost 1.1; ${machine()}.`;
  const all = await withOthers(measured);
  await publish('plan-growth', growthReport(all, conditions), !values['no-write']);
  if (!values['no-write']) {
    await writeFile(kept, `${JSON.stringify(all, null, 2)}\n`);
    await drawGrowth(pointsOf(all));
    await replaceFigures('performance', growthSummary(all, conditions), 'growth');
  }
  if (measured.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
} finally {
  await server.remove();
}
