import { stat } from 'node:fs/promises';
import { relative, resolve } from 'node:path';
import { DbError, NotFoundError } from '@reference/kit';
import { SingleBar } from 'cli-progress';
import Table from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import pc from 'picocolors';
import { hashingEmbedder } from '../embedders/hashing.ts';
import { type IngestedFile, ingestFolder } from '../ingestion/ingest-folder.ts';
import { textFiles } from '../ingestion/read-file.ts';
import { provisionTenant } from '../queries/tenants.ts';
import type { Tenancy } from '../tenancy.ts';
import { tenantIdOf } from '../tenant-id.ts';
import { withTenant } from '../with-tenant.ts';
import { connect } from './connect.ts';

// pnpm runs scripts in the package's folder, but paths are relative to the user's.
const home = process.env.INIT_CWD ?? process.cwd();

const positive = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('a whole number from 1');
  return value;
};

await new Command('tenancy:ingest')
  .description('Adds every .md, .mdx and .txt file below a folder to a tenant, for retrieval.')
  .argument('<folder>')
  .requiredOption('--tenant <slug>', 'the tenant that gets the documents')
  .option('--create <email>', 'create the tenant if there is none, with this owner')
  .option('--max-bytes <n>', 'skip larger files', positive, 10 * 1024 * 1024)
  .option('--concurrency <n>', 'files at once', positive, 4)
  .option('--verbose', 'name every file that was skipped')
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(pc.red(error instanceof DbError ? error.message : String(error)));
    process.exitCode = 1;
  });

interface Options {
  tenant: string;
  create?: string;
  maxBytes: number;
  concurrency: number;
  verbose?: true;
}

async function run(folderName: string, options: Options): Promise<void> {
  const folder = resolve(home, folderName);
  if (!(await stat(folder).catch(() => undefined))?.isDirectory()) {
    throw new NotFoundError(`There is no folder ${folder}.`);
  }
  const tenantId = tenantIdOf(options.tenant);
  const tenancy = await connect(options.concurrency + 1);
  try {
    await requireOrCreate(tenancy, tenantId, options);
    await ingest(tenancy, tenantId, folder, options);
  } finally {
    await tenancy.close();
  }
}

async function requireOrCreate(tenancy: Tenancy, tenantId: string, { tenant, create }: Options) {
  try {
    await withTenant(tenancy, tenantId, async () => {});
  } catch (error) {
    if (!(error instanceof NotFoundError)) throw error;
    if (!create) {
      throw new NotFoundError(`There is no tenant "${tenant}". --create EMAIL makes it.`);
    }
    await provisionTenant(tenancy, { name: tenant, slug: tenant, owner: { email: create } });
  }
}

async function ingest(
  tenancy: Tenancy,
  tenantId: string,
  folder: string,
  { maxBytes, concurrency, verbose }: Options,
): Promise<void> {
  const { files: found, problems } = await textFiles(folder);
  const progress = startProgress(found.length + problems.length);
  const files: IngestedFile[] = [];
  const started = performance.now();
  await ingestFolder(tenancy, tenantId, folder, {
    embedder: hashingEmbedder(),
    maxBytes,
    concurrency,
    onFile(file) {
      files.push(file);
      progress.step(relative(folder, file.path));
    },
  });
  progress.stop();
  report(files, folder, (performance.now() - started) / 1000, verbose ?? false);
  if (files.some(({ outcome }) => outcome === 'failed')) process.exitCode = 1;
}

/** Shows a bar on a terminal, elsewhere a line every few seconds. */
function startProgress(total: number) {
  if (process.stdout.isTTY) {
    const bar = new SingleBar({ format: '{bar} {value}/{total} {file}', hideCursor: true });
    bar.start(total, 0, { file: '' });
    return { step: (file: string) => bar.increment({ file }), stop: () => bar.stop() };
  }
  let done = 0;
  let last = performance.now();
  return {
    step() {
      done += 1;
      if (performance.now() - last < 5000) return;
      last = performance.now();
      console.log(`${done} of ${total} files`);
    },
    stop: () => {},
  };
}

function report(
  files: readonly IngestedFile[],
  folder: string,
  seconds: number,
  verbose: boolean,
): void {
  const table = new Table({ head: ['outcome', 'files', 'chunks written'] });
  for (const outcome of ['added', 'replaced', 'unchanged', 'duplicate', 'skipped', 'failed']) {
    const of = files.filter((file) => file.outcome === outcome);
    if (of.length === 0) continue;
    const written = outcome === 'added' || outcome === 'replaced';
    const chunks = written ? of.reduce((sum, { chunkCount }) => sum + chunkCount, 0) : 0;
    table.push([outcome, of.length, chunks]);
  }
  console.log(table.toString());
  console.log(`${files.length} files in ${seconds.toFixed(1)} s`);
  const reasons = new Map<string, IngestedFile[]>();
  for (const file of files) {
    if (!file.reason) continue;
    const reason = `${file.outcome}: ${file.reason.replace(/[\da-f-]{8,}/g, '…')}`;
    reasons.set(reason, [...(reasons.get(reason) ?? []), file]);
  }
  for (const [reason, of] of reasons) {
    console.log(pc.yellow(`${of.length} ${reason}`));
    for (const { path } of verbose ? of : of.slice(0, 3))
      console.log(`  ${relative(folder, path)}`);
    if (!verbose && of.length > 3)
      console.log(`  and ${of.length - 3} more (--verbose names them)`);
  }
}
