import { DbError } from '@reference/kit';
import { Command, InvalidArgumentError, Option } from 'commander';
import pc from 'picocolors';
import { hashingEmbedder } from '../embedders/hashing.ts';
import type { SearchHit } from '../queries/search.ts';
import { searchTenant } from '../search/search.ts';
import { tenantIdOf } from '../tenant-id.ts';
import { connect } from './connect.ts';

const upToHundred = (text: string) => {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 1 || value > 100) {
    throw new InvalidArgumentError('a whole number from 1 to 100');
  }
  return value;
};

interface Options {
  tenant: string;
  mode: 'vector' | 'text' | 'hybrid';
  limit: number;
}

await new Command('tenancy:search')
  .description("Searches a tenant's documents and prints the chunks that answer, best first.")
  .argument('<question>')
  .option('--tenant <slug>', 'whose documents', 'acme')
  .addOption(new Option('--mode <mode>').choices(['vector', 'text', 'hybrid']).default('hybrid'))
  .option('--limit <n>', 'chunks at most', upToHundred, 10)
  .action(run)
  .parseAsync()
  .catch((error: unknown) => {
    console.error(pc.red(error instanceof DbError ? error.message : String(error)));
    process.exitCode = 1;
  });

async function run(question: string, { tenant, mode, limit }: Options): Promise<void> {
  const tenancy = await connect(1);
  try {
    const started = performance.now();
    const hits = await searchTenant(tenancy, tenantIdOf(tenant), {
      question,
      mode,
      limit,
      embedder: hashingEmbedder(),
    });
    const ms = performance.now() - started;
    for (const [index, hit] of hits.entries()) print(index + 1, hit);
    console.log(pc.dim(`${hits.length} chunks by ${mode} in ${ms.toFixed(0)} ms`));
  } finally {
    await tenancy.close();
  }
}

function print(rank: number, { score, heading, document, highlight }: SearchHit): void {
  const text = highlight
    .map(({ text, match }) => (match ? pc.bold(pc.yellow(text)) : text))
    .join('');
  console.log(`${pc.bold(`${rank}. ${heading}`)}  ${pc.dim(score.toFixed(4))}`);
  if (document.sourceUrl) console.log(pc.dim(`   ${document.sourceUrl}`));
  console.log(`   ${text.replace(/\s+/g, ' ').trim()}\n`);
}
