import { getRecentActivity } from './activity.queries.ts';
import { getConnection, getConnections, requireConnectionConfig } from './connections.queries.ts';
import { type HotQuery, scanOrSort } from './hot-query.ts';
import { requireOauthTokens } from './oauth-tokens.worker.ts';
import { listSyncStates } from './sync.queries.ts';
import {
  getGithubPullRequest,
  getGithubPullRequests,
  getOpenGithubPullRequestsByAge,
} from './vendors/pg.github.queries.ts';
import { getSlackMessages } from './vendors/pg.slack.queries.ts';
import { upsertGithubCommits } from './vendors/upserts.worker.ts';

/** The queries about connections and their rows. */
export const connectorPlans: readonly HotQuery[] = [
  {
    name: 'getConnections',
    run: (db, { userId }) => getConnections(db, { userId }),
    // Sorts one person's connections, at most a few dozen.
    forbidden: ['Seq Scan on connector_configs'],
    statements: 1,
  },
  {
    name: 'getConnection',
    run: (db, sample) => getConnection(db, sample),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'requireConnectionConfig',
    run: (db, sample) => requireConnectionConfig(db, sample),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'requireOauthTokens',
    run: (db, sample) => requireOauthTokens(db, sample),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'listSyncStates',
    run: (db, sample) => listSyncStates(db, sample),
    // Sorts one row for each entity of a connection.
    forbidden: ['Seq Scan'],
    statements: 1,
  },
  {
    name: 'getRecentActivity',
    run: (db, { userId }) => getRecentActivity(db, { userId }),
    forbidden: ['Seq Scan on github_commits', 'Sort on github_commits'],
    statements: 1,
  },
  {
    name: 'getRecentActivity, second page',
    run: async (db, { userId }) => {
      const { nextCursor } = await getRecentActivity(db, { userId, limit: 5 });
      await getRecentActivity(db, { userId, limit: 5, cursor: nextCursor });
    },
    forbidden: ['Seq Scan on github_commits'],
    statements: 2,
  },
  {
    name: 'getGithubPullRequest',
    run: (db, sample) => getGithubPullRequest(db, { ...sample, id: 'pr2' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getGithubPullRequests, what changed, two pages',
    run: async (db, { userId, connectorConfigId }) => {
      const own = { userId, connectorConfigId };
      const { nextCursor } = await getGithubPullRequests(db, { ...own, limit: 5 });
      await getGithubPullRequests(db, { ...own, limit: 5, cursor: nextCursor });
    },
    forbidden: scanOrSort,
    statements: 2,
  },
  {
    name: 'getGithubPullRequests of a repository',
    run: (db, { userId, connectorConfigId }) =>
      getGithubPullRequests(db, { userId, connectorConfigId, repositoryId: 'repository2' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getOpenGithubPullRequestsByAge',
    run: (db, { userId, connectorConfigId }) =>
      getOpenGithubPullRequestsByAge(db, { userId, connectorConfigId }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'getSlackMessages of a channel',
    run: (db, { userId, connectorConfigId }) =>
      getSlackMessages(db, { userId, connectorConfigId, channelId: 'channel2' }),
    forbidden: scanOrSort,
    statements: 1,
  },
  {
    name: 'upsertGithubCommits',
    run: (db, { connectorConfigId }) =>
      upsertGithubCommits(
        db,
        connectorConfigId,
        Array.from({ length: 20 }, (_, n) => ({
          sha: `commit${n * 2}`,
          message: 'written again',
          url: 'https://example.com/commit',
          repositoryId: 'repository2',
          repositoryName: 'repository',
          repositoryFullName: 'acme/repository',
          committedAt: new Date('2026-01-01T00:00:00Z'),
        })),
      ),
    forbidden: ['Seq Scan'],
    statements: 2,
  },
];
