import { DbError } from '@reference/kit';
import { getTableName, is, sql } from 'drizzle-orm';
import { PgTable } from 'drizzle-orm/pg-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import * as api from '../../src/index.ts';
import type { OwnConnection } from '../../src/queries/own-connection.ts';
import { sampleSets } from '../../src/samples/sample-sets.ts';
import * as schema from '../../src/schemas/index.ts';
import * as worker from '../../src/worker.ts';
import { connect, keyring, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());

/** The input of every call below: one user's rows, and the user who asks for them. */
interface Asked {
  readonly userId: string;
  readonly connectorConfigId: string;
  readonly conversationId: string;
  readonly messageId: string;
  readonly goalId: string;
}
type Call = (db: api.PostgresDatabase, asked: Asked) => Promise<unknown>;

const ever = { from: new Date(0), to: new Date('2100-01-01'), before: new Date('2100-01-01') };
const thread = { channelId: 'channel-0', threadTs: '' };

type List = (db: api.PostgresDatabase, own: OwnConnection) => Promise<api.Page<object>>;
type One = (
  db: api.PostgresDatabase,
  params: OwnConnection & { readonly id: string },
) => Promise<object | undefined>;

/** Lists of vendor rows, and what finds one of them. */
const vendorReads: readonly (readonly [list: string, List, one: string, One])[] = [
  [
    'getGithubRepositories',
    api.getGithubRepositories,
    'getGithubRepository',
    api.getGithubRepository,
  ],
  [
    'getGithubPullRequests',
    api.getGithubPullRequests,
    'getGithubPullRequest',
    api.getGithubPullRequest,
  ],
  ['getGithubIssues', api.getGithubIssues, 'getGithubIssue', api.getGithubIssue],
  ['getGithubCommits', api.getGithubCommits, 'getGithubCommit', api.getGithubCommit],
  [
    'getGithubRepositoryFiles',
    api.getGithubRepositoryFiles,
    'getGithubRepositoryFile',
    api.getGithubRepositoryFile,
  ],
  ['getSlackMessages', api.getSlackMessages, 'getSlackMessage', api.getSlackMessage],
  ['getLinearIssues', api.getLinearIssues, 'getLinearIssue', api.getLinearIssue],
  ['getJiraIssues', api.getJiraIssues, 'getJiraIssue', api.getJiraIssue],
  ['getNotionPages', api.getNotionPages, 'getNotionPage', api.getNotionPage],
  [
    'getGoogleCalendarCalendars',
    api.getGoogleCalendarCalendars,
    'getGoogleCalendarCalendar',
    api.getGoogleCalendarCalendar,
  ],
  [
    'getGoogleCalendarEvents',
    api.getGoogleCalendarEvents,
    'getGoogleCalendarEvent',
    api.getGoogleCalendarEvent,
  ],
  ['getGoogleContacts', api.getGoogleContacts, 'getGoogleContact', api.getGoogleContact],
  [
    'getGoogleGmailMessages',
    api.getGoogleGmailMessages,
    'getGoogleGmailMessage',
    api.getGoogleGmailMessage,
  ],
  ['getGooglePhotos', api.getGooglePhotos, 'getGooglePhoto', api.getGooglePhoto],
  [
    'getYoutubeSubscriptions',
    api.getYoutubeSubscriptions,
    'getYoutubeSubscription',
    api.getYoutubeSubscription,
  ],
  ['getSpotifyTracks', api.getSpotifyTracks, 'getSpotifyTrack', api.getSpotifyTrack],
  ['getSpotifyArtists', api.getSpotifyArtists, 'getSpotifyArtist', api.getSpotifyArtist],
  ['getSpotifyPlaylists', api.getSpotifyPlaylists, 'getSpotifyPlaylist', api.getSpotifyPlaylist],
  ['getSpotifyAlbums', api.getSpotifyAlbums, 'getSpotifyAlbum', api.getSpotifyAlbum],
  ['getSpotifyRecentlyPlayed', api.getSpotifyRecentlyPlayed, 'getSpotifyPlay', api.getSpotifyPlay],
  ['getXTweets', api.getXTweets, 'getXTweet', api.getXTweet],
];

/** Reads that show the owner something, and nobody else anything. */
const reads: Record<string, Call> = {
  getOpenGithubPullRequestsByAge: api.getOpenGithubPullRequestsByAge,
  getGithubIssuesByLabel: (db, asked) => api.getGithubIssuesByLabel(db, { ...asked, label: 'bug' }),
  countGithubCommitsByAuthorAndWeek: (db, asked) =>
    api.countGithubCommitsByAuthorAndWeek(db, { ...asked, ...ever }),
  getSlackThread: (db, asked) => api.getSlackThread(db, { ...asked, ...thread }),
  listBusiestSlackChannels: (db, asked) => api.listBusiestSlackChannels(db, { ...asked, ...ever }),
  getUpcomingGoogleCalendarEvents: (db, asked) =>
    api.getUpcomingGoogleCalendarEvents(db, { ...asked, ...ever }),
  getUnansweredGmailThreads: (db, asked) =>
    api.getUnansweredGmailThreads(db, { ...asked, ...ever }),
  listTopSpotifyArtists: (db, asked) => api.listTopSpotifyArtists(db, { ...asked, ...ever }),
  getRecentActivity: api.getRecentActivity,
  getConnections: api.getConnections,
  getConnection: api.getConnection,
  listSyncStates: api.listSyncStates,
  getConversations: api.getConversations,
  getMessages: api.getMessages,
  getFeedback: api.getFeedback,
  getGoals: api.getGoals,
};

/** Writes, and reads of secrets: refused to anyone but the owner, and done for the owner, in this order. */
const writes: Record<string, Call> = {
  requireConnectionConfig: (db, asked) => api.requireConnectionConfig(db, { ...asked, keyring }),
  updateConnectionConfig: (db, asked) =>
    api.updateConnectionConfig(db, { ...asked, keyring, config: {} }),
  saveOauthTokens: (db, asked) =>
    api.saveOauthTokens(db, { ...asked, keyring, tokens: { accessToken: 'x' } }),
  appendMessage: (db, asked) => api.appendMessage(db, { ...asked, role: 'user', content: 'x' }),
  createFeedback: (db, asked) => api.createFeedback(db, { ...asked, rating: 'neutral' }),
  addGoalProgress: (db, asked) => api.addGoalProgress(db, { ...asked, amount: 1 }),
  startGoalPeriod: api.startGoalPeriod,
  deleteGoal: api.deleteGoal,
  deleteConversation: api.deleteConversation,
  disconnect: api.disconnect,
};

/** Exports that find nothing by an id that somebody else may have. */
const others: Record<string, readonly string[]> = {
  'makes a row of the user’s own': ['createConnection', 'createConversation', 'createGoal'],
  'takes no id but the user’s': ['exportUser', 'eraseUser'],
  'tells nothing of anyone': ['listEnabledProviders'],
  'asks the database nothing': ['githubRepositoryFileId', 'slackMessageId', 'spotifyPlayId'],
  'opens and closes clients': [
    ...['configurePostgres', 'createPostgresClient', 'getPostgresClient'],
    'closePostgresConnection',
  ],
};

const functionsOf = (module: object) =>
  Object.entries(module).flatMap(([name, value]) =>
    typeof value === 'function' && !('enumValues' in value) && !/^class /.test(`${value}`)
      ? [name]
      : [],
  );

test('every export takes a user and has a case here, or a reason why it has none', () => {
  const cases = [
    ...vendorReads.flatMap(([list, , one]) => [list, one]),
    ...Object.keys(reads),
    ...Object.keys(writes),
  ];
  expect([...cases, ...Object.values(others).flat()].sort()).toEqual(functionsOf(api).sort());
});

test('what finds a connection by its id alone is exported to workers only', () => {
  const upserts = functionsOf(worker).filter((name) => name.startsWith('upsert'));
  expect(upserts).toHaveLength(vendorReads.length + 1);
  expect(functionsOf(worker).sort()).toEqual(
    [
      ...upserts,
      ...['ingestGithubDocuments', 'syncPage', 'runSync'],
      ...['requireOauthTokens', 'refreshOauthTokens'],
      ...['markConnectionActive', 'markConnectionError', 'markConnectionRevoked'],
    ].sort(),
  );
  expect(functionsOf(worker).filter((name) => name in api)).toEqual([]);
});

const nothing = (answer: unknown) =>
  answer === undefined ||
  JSON.stringify(answer) === '{"items":[],"nextCursor":null}' ||
  JSON.stringify(answer) === '[]';

/** A sum over every row of every table. */
async function fingerprint() {
  const tables = Object.values(schema).flatMap((one) =>
    is(one, PgTable) ? [getTableName(one)] : [],
  );
  const sums = tables.map(
    (name) => sql`select ${name}::text as name,
      coalesce(sum(hashtextextended(t::text, 0)), 0)::text as sum from ${sql.identifier(name)} t`,
  );
  return database.db.execute(sql`${sql.join(sums, sql` union all `)} order by 1`);
}

test('the owner sees and changes it; to anyone else it is as if it did not exist', async () => {
  const { db } = database;
  const { userId, connectorConfigId } = await connect(db, 'owner');
  const stranger = await connect(db, 'stranger');
  for (const { upsert } of sampleSets) await upsert(db, connectorConfigId, 60);
  await worker.runSync(
    db,
    { connectorConfigId, entity: 'github.issue' },
    {
      fetchPage: async () => ({ rows: [], cursor: {}, isLast: true }),
      store: worker.upsertGithubIssues,
    },
  );
  const conversationId = await api.createConversation(db, { userId });
  const said = { userId, conversationId, role: 'user' as const, content: 'hello' };
  const messageId = await api.appendMessage(db, said);
  await api.createFeedback(db, { userId, messageId, rating: 'neutral' });
  const goal = { userId, type: 'steps', target: 10, period: 'daily', label: 'Walk' };
  const goalId = await api.createGoal(db, goal);
  const asked = { userId, connectorConfigId, conversationId, messageId, goalId };
  const asStranger = { ...asked, userId: stranger.userId };
  const [slack] = (await api.getSlackMessages(db, { ...asked, limit: 200 })).items.filter(
    ({ threadTs }) => threadTs !== null,
  );
  Object.assign(thread, { channelId: slack?.channelId, threadTs: slack?.threadTs });

  for (const [name, list, nameOfOne, one] of vendorReads) {
    const { items } = await list(db, { userId, connectorConfigId });
    const id = String(Reflect.get(items[0] ?? {}, name === 'getGithubCommits' ? 'sha' : 'id'));
    const found = await one(db, { userId, connectorConfigId, id });
    expect([nameOfOne, found]).toEqual([nameOfOne, expect.any(Object)]);
    expect([nameOfOne, await one(db, { ...asStranger, id })]).toEqual([nameOfOne, undefined]);
    const ofOther = { userId: stranger.userId, connectorConfigId };
    expect([name, (await list(db, ofOther)).items]).toEqual([name, []]);
  }
  for (const [name, read] of Object.entries(reads)) {
    expect([name, nothing(await read(db, asked))]).toEqual([name, false]);
    const seen = JSON.stringify((await read(db, asStranger)) ?? null);
    const told = [connectorConfigId, conversationId, messageId, goalId];
    expect([name, told.filter((id) => seen.includes(id))]).toEqual([name, []]);
    if (name !== 'getConnections')
      expect([name, nothing(JSON.parse(seen) ?? undefined)]).toEqual([name, true]);
  }

  const before = await fingerprint();
  for (const [name, write] of Object.entries(writes)) {
    const outcome = await write(db, asStranger).then(
      () => 'done',
      (error: unknown) => (error instanceof DbError ? error.code : error),
    );
    expect([name, outcome]).toEqual([name, 'NOT_FOUND']);
  }
  expect(await fingerprint()).toEqual(before);
  for (const write of Object.values(writes)) await write(db, asked);
});
