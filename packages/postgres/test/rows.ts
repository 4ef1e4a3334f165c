import type { EntityInput } from '../src/queries/entity/define-entity.ts';
import type { githubPullRequests } from '../src/schemas/index.ts';

export type PullRequestRow = EntityInput<typeof githubPullRequests>;

/** A pull request with every required field. */
export function pullRequest(id: string, fields: Partial<PullRequestRow> = {}): PullRequestRow {
  return {
    id,
    number: 1,
    title: `Pull request ${id}`,
    state: 'open',
    url: `https://github.com/acme/widgets/pull/${id}`,
    headRef: 'feature',
    headSha: 'a'.repeat(40),
    baseRef: 'main',
    baseSha: 'b'.repeat(40),
    repositoryId: 'repo-1',
    repositoryName: 'widgets',
    repositoryFullName: 'acme/widgets',
    prCreatedAt: new Date('2026-01-01T00:00:00Z'),
    prUpdatedAt: new Date('2026-01-02T00:00:00Z'),
    ...fields,
  };
}
