// A process that runs one contestant of a benchmark; see contestant-processes.ts.
import { benchmarks } from './benchmarks/index.ts';
import { openClients } from './clients.ts';
import type { Answer, Start, Turn } from './contestant-processes.ts';
import { inThisProcess, type Turns } from './turns.ts';

const answer = (message: Answer) => process.send?.(message);

async function answered(work: () => Promise<unknown>): Promise<void> {
  try {
    answer({ value: await work() });
  } catch (error) {
    answer({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) });
  }
}

async function start({ url, benchmark, contestant, samples }: Start): Promise<Turns> {
  const clients = await openClients(url);
  process.once('disconnect', () => clients.close());
  const found = benchmarks
    .find(({ name }) => name === benchmark)
    ?.contestants(clients)
    .find(({ name }) => name === contestant);
  if (!found) throw new Error(`${benchmark} has no contestant ${contestant}.`);
  return inThisProcess(found, samples);
}

process.once('message', (given: Start) =>
  answered(async () => {
    const turns = await start(given);
    process.on('message', ({ kind, from, calls }: Turn) =>
      answered(() => (kind === 'latency' ? turns.latency(from, calls) : turns.throughput(from))),
    );
  }),
);
