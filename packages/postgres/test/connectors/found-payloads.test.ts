import { expect, test } from 'vitest';
import { findPayloads } from '../../src/connectors/github/find-payloads.ts';
import { mapPayload } from '../../src/connectors/github/map-payload.ts';
import { githubPullRequestEntity } from '../../src/queries/vendors/github.entities.ts';
import { pullRequest } from '../rows.ts';

test('a time or a tree alone is no commit', () => {
  const document = [{ timestamp: '2026-03-01T10:00:00Z' }, { tree_id: 'd'.repeat(40) }];
  expect([...findPayloads(document)]).toEqual([]);
});

test('a commit that comes without an address has the one that its repository gives it', () => {
  const sha = 'c'.repeat(40);
  const event = {
    ref: 'refs/heads/main',
    repository: {
      id: 7,
      name: 'widgets',
      full_name: 'acme/widgets',
      html_url: 'https://github.com/acme/widgets',
    },
    commits: [
      { id: sha, tree_id: 'd'.repeat(40), message: 'Faster', timestamp: '2026-03-01T10:00:00Z' },
    ],
  };
  const [commit] = [...findPayloads(event)].filter(({ kind }) => kind === 'push_commit');
  expect(commit && mapPayload(commit)).toMatchObject({
    row: { url: `https://github.com/acme/widgets/commit/${sha}` },
  });
});

test('a row that its table refuses is told, with its field', () => {
  const { problemOf } = githubPullRequestEntity;
  expect(problemOf(pullRequest('1'))).toBeUndefined();
  expect(problemOf(pullRequest('1', { headRef: 'x'.repeat(256) }))).toMatch(/field headRef/);
});
