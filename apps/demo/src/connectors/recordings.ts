import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { GithubDocument } from '@ait/postgres/worker';
import { z } from 'zod';
import { projectRoot } from '../catalog/source-files.ts';
import { processWide } from '../server/process-wide.ts';

const deliveries = z.array(z.object({ name: z.string(), examples: z.array(z.unknown()) }));

const held = processWide(
  'reference-demo-recordings',
  (): { documents?: Promise<readonly GithubDocument[]> } => ({}),
);

/**
 * Recorded GitHub traffic: webhook deliveries that users of Octokit contributed, and exchanges with
 * api.github.com that its maintainers recorded. Both are packages of Octokit's, read once.
 */
export function recordedDocuments(): Promise<readonly GithubDocument[]> {
  held.documents ??= readAll();
  return held.documents;
}

async function readAll(): Promise<GithubDocument[]> {
  const packages = join(projectRoot(), 'apps/demo/node_modules/@octokit');
  return [
    ...(await readDeliveries(join(packages, 'webhooks-examples/api.github.com/index.json'))),
    ...(await readExchanges(join(packages, 'fixtures/scenarios/api.github.com'))),
  ];
}

async function readDeliveries(file: string): Promise<GithubDocument[]> {
  const events = deliveries.parse(JSON.parse(await readFile(file, 'utf8')));
  return events.flatMap(({ name, examples }) =>
    examples.map((value, index) => ({ source: `${name} ${index + 1}`, value })),
  );
}

/** The raw recordings: in the normalised ones all objects of a kind have the same id. */
async function readExchanges(folder: string): Promise<GithubDocument[]> {
  const scenarios = (await readdir(folder)).sort();
  return Promise.all(
    scenarios.map(async (scenario) => {
      const text = await readFile(join(folder, scenario, 'raw-fixture.json'), 'utf8');
      return { source: scenario, value: JSON.parse(text) };
    }),
  );
}
