import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { GithubDocument } from '../../src/connectors/github/ingest.ts';

const require = createRequire(import.meta.url);

/** 329 webhook deliveries that users of Octokit contributed. */
export function webhookDocuments(): GithubDocument[] {
  const file = require.resolve('@octokit/webhooks-examples/api.github.com/index.json');
  return [{ source: file, value: JSON.parse(readFileSync(file, 'utf8')) }];
}

/**
 * Exchanges with api.github.com that Octokit's maintainers recorded. The raw ones: the normalised
 * ones give every object of the same kind the same id.
 */
export function restDocuments(): GithubDocument[] {
  const folder = join(
    dirname(require.resolve('@octokit/fixtures/package.json')),
    'scenarios/api.github.com',
  );
  return readdirSync(folder).map((scenario) => {
    const source = join(folder, scenario, 'raw-fixture.json');
    return { source, value: JSON.parse(readFileSync(source, 'utf8')) };
  });
}
