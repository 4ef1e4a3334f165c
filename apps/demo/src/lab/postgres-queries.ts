import {
  countGithubCommitsByAuthorAndWeek,
  disconnect,
  getConnections,
  getGithubIssuesByLabel,
  getGithubPullRequests,
  getOpenGithubPullRequestsByAge,
  getRecentActivity,
  listEnabledProviders,
  listSyncStates,
  type PostgresDatabase,
} from '@ait/postgres';
import { type LabField, type LabPerson, type LabQuery, limitField } from './lab-query.ts';

const connectionField: LabField<PostgresDatabase> = {
  name: 'connectorConfigId',
  kind: 'choice',
  choices: async (db: PostgresDatabase, { connectorsUserId }: LabPerson) => {
    const { items } = await getConnections(db, { userId: connectorsUserId, limit: 50 });
    // Most queries here are about GitHub, so its connections come first.
    const first = (slug: string) => (slug === 'github' ? 0 : 1);
    return items
      .toSorted((a, b) => first(a.providerSlug) - first(b.providerSlug))
      .map(({ id, name, providerSlug }) => ({ value: id, label: `${providerSlug} · ${name}` }));
  },
};

/** The connectors' queries that the lab runs. */
export const postgresQueries: readonly LabQuery<PostgresDatabase>[] = [
  {
    name: 'getRecentActivity',
    call: 'getRecentActivity(db, { userId, limit })',
    fields: [limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      getRecentActivity(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'getConnections',
    call: 'getConnections(db, { userId, limit })',
    fields: [limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      getConnections(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'getGithubPullRequests',
    call: 'getGithubPullRequests(db, { userId, connectorConfigId, limit })',
    fields: [connectionField, limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      getGithubPullRequests(db, {
        userId,
        connectorConfigId: values.text('connectorConfigId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'getOpenGithubPullRequestsByAge',
    call: 'getOpenGithubPullRequestsByAge(db, { userId, connectorConfigId, limit })',
    fields: [connectionField, limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      getOpenGithubPullRequestsByAge(db, {
        userId,
        connectorConfigId: values.text('connectorConfigId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'getGithubIssuesByLabel',
    call: 'getGithubIssuesByLabel(db, { userId, connectorConfigId, label, limit })',
    fields: [connectionField, { name: 'label', kind: 'text', initial: 'bug' }, limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      getGithubIssuesByLabel(db, {
        userId,
        connectorConfigId: values.text('connectorConfigId'),
        label: values.text('label'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'countGithubCommitsByAuthorAndWeek',
    call: 'countGithubCommitsByAuthorAndWeek(db, { userId, connectorConfigId, from, to, limit })',
    fields: [connectionField, limitField],
    run: (db, { connectorsUserId: userId }, values) =>
      countGithubCommitsByAuthorAndWeek(db, {
        userId,
        connectorConfigId: values.text('connectorConfigId'),
        from: new Date('2008-01-01'),
        to: new Date(),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listSyncStates',
    call: 'listSyncStates(db, { userId, connectorConfigId })',
    fields: [connectionField],
    run: (db, { connectorsUserId: userId }, values) =>
      listSyncStates(db, { userId, connectorConfigId: values.text('connectorConfigId') }),
  },
  {
    name: 'listEnabledProviders',
    call: 'listEnabledProviders(db)',
    fields: [],
    run: (db) => listEnabledProviders(db),
  },
  {
    name: 'disconnect',
    call: 'disconnect(db, { userId, connectorConfigId })',
    fields: [connectionField],
    writes: true,
    run: (db, { connectorsUserId: userId }, values) =>
      disconnect(db, { userId, connectorConfigId: values.text('connectorConfigId') }),
  },
];
