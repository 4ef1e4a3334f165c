import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { startContainer } from '@reference/local-postgres';
import { publish } from '../markdown.ts';
import { growthReport, type Measured } from './report.ts';

/** The packages, and what a scale counts in each. */
const PACKAGES: Readonly<Record<string, string>> = {
  tasks: 'tasks',
  postgres: 'commits, pull requests and messages each',
  tenancy: 'messages',
  db: 'pages',
};

const { values } = parseArgs({
  options: {
    scales: { type: 'string', default: '1000,10000,100000,1000000' },
    packages: { type: 'string', default: Object.keys(PACKAGES).join(',') },
    url: { type: 'string' },
    'no-write': { type: 'boolean', default: false },
  },
});

/** Measures a package's hot queries. Exit code 1 with a report means that the report has findings. */
const measure = (name: string, url: string): Promise<Measured> =>
  new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      [
        fileURLToPath(new URL('../../../packages/audit/bin/audit.js', import.meta.url)),
        'plans',
        ...['--format', 'json', '--url-env', 'GROWTH_URL', '--scales', values.scales],
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
        resolve({ name: `packages/${name}`, rows: PACKAGES[name] ?? 'rows', queries, findings });
      },
    );
  });

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
try {
  const measured: Measured[] = [];
  for (const name of values.packages.split(',')) {
    measured.push(await measure(name, server.url));
    console.error(`${name}: measured`);
  }
  const conditions = `Scales ${values.scales.replaceAll(',', ', ')}; random_page_cost 1.1, generic plans.`;
  await publish('plan-growth', growthReport(measured, conditions), !values['no-write']);
  if (measured.some(({ findings }) => findings.length > 0)) process.exitCode = 1;
} finally {
  await server.remove();
}
