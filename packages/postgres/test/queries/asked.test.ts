import { transaction } from '@reference/kit';
import { sql } from 'drizzle-orm';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import * as queries from '../../src/queries/index.ts';
import type { OwnConnection } from '../../src/queries/own-connection.ts';
import { issueSample, pullRequestSample } from '../../src/samples/github.samples.ts';
import { eventSample, mailSample } from '../../src/samples/google.samples.ts';
import { at, sha } from '../../src/samples/made-up.ts';
import { playSample, trackSample } from '../../src/samples/media.samples.ts';
import { slackSample } from '../../src/samples/work.samples.ts';
import * as worker from '../../src/worker.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';

let database: TestDatabase;
let connectorConfigId: string;
let mine: OwnConnection;
let other: OwnConnection;
beforeAll(async () => {
  database = await openDatabase();
  mine = await connect(database.db, 'me');
  other = await connect(database.db, 'them');
  ({ connectorConfigId } = mine);
});
afterAll(() => database.close());

const samples = <Row>(make: (index: number) => Row, count: number) =>
  Array.from({ length: count }, (_, index) => make(index));

/** Every page of a list. */
async function all<T>(list: (cursor: string | null) => Promise<queries.Page<T>>): Promise<T[]> {
  const items: T[] = [];
  let cursor: string | null = null;
  do {
    const page: queries.Page<T> = await list(cursor);
    items.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor);
  return items;
}

describe('GitHub', () => {
  test('open pull requests, the longest open first', async () => {
    const { db } = database;
    const rows = samples(pullRequestSample, 60);
    await worker.upsertGithubPullRequests(db, connectorConfigId, rows);
    const items = await all((cursor) =>
      queries.getOpenGithubPullRequestsByAge(db, { ...mine, cursor, limit: 7 }),
    );
    const expected = rows.filter(({ state }) => state === 'open').map(({ id }) => id);
    expect(items.map(({ id }) => id)).toEqual(expected);
    const theirs = await queries.getOpenGithubPullRequestsByAge(db, other);
    expect(theirs.items).toEqual([]);
  });

  test('issues by label, the latest changed first, without pull requests', async () => {
    const { db } = database;
    const rows = samples(issueSample, 60).map((row, index) => ({
      ...row,
      isPullRequest: index % 10 === 0,
    }));
    await worker.upsertGithubIssues(db, connectorConfigId, rows);
    const items = await all((cursor) =>
      queries.getGithubIssuesByLabel(db, { ...mine, label: 'bug', cursor, limit: 4 }),
    );
    const expected = rows
      .filter((row) => row.labelNames?.includes('bug') && !row.isPullRequest)
      .sort((a, b) => Number(b.issueUpdatedAt) - Number(a.issueUpdatedAt));
    expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    const label = "b'ug";
    const none = await queries.getGithubIssuesByLabel(db, { ...mine, label });
    expect(none.items).toEqual([]);
    const theirs = await queries.getGithubIssuesByLabel(db, {
      ...other,
      label: 'bug',
    });
    expect(theirs.items).toEqual([]);
  });

  test('commits per author per week, in the zone that is asked for', async () => {
    const { db } = database;
    const commit = (index: number, committedAt: string, authorEmail: string) => ({
      sha: sha(index),
      message: 'm',
      committedAt: new Date(committedAt),
      authorEmail,
      additions: 10,
      deletions: 1,
    });
    await worker.upsertGithubCommits(db, connectorConfigId, [
      commit(1, '2026-01-05T10:00:00Z', 'ada@example.com'),
      commit(2, '2026-01-11T22:30:00Z', 'ada@example.com'),
      commit(3, '2026-01-11T23:30:00Z', 'ada@example.com'),
      commit(4, '2026-01-06T10:00:00Z', 'ken@example.com'),
      commit(5, '2026-02-01T00:00:00Z', 'ken@example.com'),
    ]);
    const period = { from: new Date('2026-01-01Z'), to: new Date('2026-02-01T00:00:00Z') };
    const count = (params: OwnConnection & { timeZone?: string }) =>
      queries.countGithubCommitsByAuthorAndWeek(db, { ...period, ...params });
    expect(await count(mine)).toEqual([
      {
        week: '2026-01-05',
        authorEmail: 'ada@example.com',
        commits: 3,
        additions: 30,
        deletions: 3,
      },
      {
        week: '2026-01-05',
        authorEmail: 'ken@example.com',
        commits: 1,
        additions: 10,
        deletions: 1,
      },
    ]);
    const berlin = await count({ ...mine, timeZone: 'Europe/Berlin' });
    expect(berlin.map(({ week, commits }) => [week, commits])).toEqual([
      ['2026-01-12', 1],
      ['2026-01-05', 2],
      ['2026-01-05', 1],
    ]);
    expect(await count(other)).toEqual([]);
  });
});

describe('Slack', () => {
  beforeAll(async () => {
    await worker.upsertSlackMessages(database.db, connectorConfigId, samples(slackSample, 60));
  });

  test('a thread with its replies in order', async () => {
    const { db } = database;
    const first = slackSample(8);
    const thread = { ...mine, channelId: first.channelId, threadTs: first.ts };
    const items = await all((cursor) =>
      queries.getSlackThread(db, { ...thread, cursor, limit: 3 }),
    );
    expect(items.map(({ ts }) => ts)).toEqual([8, 9, 10, 11].map((index) => slackSample(index).ts));
    expect(items[0]?.sentAt.getTime()).toBe(at(8).getTime());
    const theirs = await queries.getSlackThread(db, { ...thread, ...other });
    expect(theirs.items).toEqual([]);
  });

  test('a thread is in order, also where no index gives it so', async () => {
    const { db } = database;
    const first = slackSample(20);
    const thread = { ...mine, channelId: first.channelId, threadTs: first.ts };
    // Writes a new version of the first message, behind the others.
    await db.execute(sql`update slack_messages set reply_count = 4 where ts = ${first.ts}`);
    const { items } = await transaction(db, async (tx) => {
      await tx.execute(sql`set local enable_indexscan = off`);
      await tx.execute(sql`set local enable_bitmapscan = off`);
      return queries.getSlackThread(tx, thread);
    });
    expect(items.map(({ ts }) => ts)).toEqual(
      [20, 21, 22, 23].map((index) => slackSample(index).ts),
    );
  });

  test('channels that are equally busy come by their id', async () => {
    const { db } = database;
    const own = await connect(db, 'channels');
    const rows = samples((index) => {
      const channelId = `C${String((index * 37) % 100).padStart(8, '0')}`;
      const { ts } = slackSample(index);
      return { ...slackSample(index), id: `${channelId}-${ts}`, channelId, threadTs: ts };
    }, 150);
    await worker.upsertSlackMessages(db, own.connectorConfigId, rows);
    const period = { from: at(0), to: at(150) };
    const channels = await queries.listBusiestSlackChannels(db, { ...own, ...period, limit: 200 });
    expect(channels).toHaveLength(100);
    const sorted = channels.toSorted(
      (a, b) => b.messages - a.messages || (a.channelId < b.channelId ? -1 : 1),
    );
    expect(channels).toEqual(sorted);
  });

  test('the busiest channels of a period', async () => {
    const { db } = database;
    const period = { from: at(0), to: at(20) };
    const channels = await queries.listBusiestSlackChannels(db, { ...mine, ...period });
    const counted = new Map<string, number>();
    for (const { channelId } of samples(slackSample, 20)) {
      counted.set(channelId, (counted.get(channelId) ?? 0) + 1);
    }
    expect(new Map(channels.map(({ channelId, messages }) => [channelId, messages]))).toEqual(
      counted,
    );
    const most = channels.map(({ messages }) => messages);
    expect(most).toEqual([...most].sort((a, b) => b - a));
    expect(await queries.listBusiestSlackChannels(db, { ...other, ...period })).toEqual([]);
  });

  test('a time that Slack would not write is refused', async () => {
    const row = { ...slackSample(0), ts: '2026-01-01' };
    await expect(
      worker.upsertSlackMessages(database.db, connectorConfigId, [row]),
    ).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining('field ts'),
    });
  });
});

describe('Google', () => {
  test('coming events, the soonest first, without cancelled ones', async () => {
    const { db } = database;
    const rows = samples(eventSample, 60);
    await worker.upsertGoogleCalendarEvents(db, connectorConfigId, rows);
    const from = at(30);
    const items = await all((cursor) =>
      queries.getUpcomingGoogleCalendarEvents(db, { ...mine, from, cursor, limit: 7 }),
    );
    const expected = rows.filter((row, index) => index >= 30 && row.status !== 'cancelled');
    expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    const theirs = await queries.getUpcomingGoogleCalendarEvents(db, {
      ...other,
      from,
    });
    expect(theirs.items).toEqual([]);
  });

  test('mail threads whose last mail is from someone else', async () => {
    const { db } = database;
    const rows = samples(mailSample, 60);
    await worker.upsertGoogleGmailMessages(db, connectorConfigId, rows);
    const before = at(50);
    const items = await all((cursor) =>
      queries.getUnansweredGmailThreads(db, { ...mine, before, cursor, limit: 4 }),
    );
    const last = new Map(rows.map((row) => [row.threadId, row]));
    const expected = [...last.values()]
      .filter((row) => row.labelIds?.includes('INBOX') && row.internalDate < before)
      .sort((a, b) => Number(b.internalDate) - Number(a.internalDate));
    expect(items.map(({ id }) => id)).toEqual(expected.map(({ id }) => id));
    expect(items.length).toBeGreaterThan(4);
    const theirs = await queries.getUnansweredGmailThreads(db, {
      ...other,
      before,
    });
    expect(theirs.items).toEqual([]);
  });
});

test('the artists most played in a period; a track by two counts for both', async () => {
  const { db } = database;
  const tracks = samples(trackSample, 60);
  const [duet] = tracks;
  if (duet)
    Object.assign(duet, { artistIds: ['artist-0', 'guest'], artistNames: ['Zero', 'Guest'] });
  await worker.upsertSpotifyTracks(db, connectorConfigId, tracks);
  await worker.upsertSpotifyRecentlyPlayed(db, connectorConfigId, samples(playSample, 90));
  await worker.upsertSpotifyArtists(db, connectorConfigId, [{ id: 'artist-0', name: 'The Zeros' }]);
  const period = { from: at(0), to: at(61) };
  const top = await queries.listTopSpotifyArtists(db, { ...mine, ...period, limit: 30 });
  // 61 plays of 60 tracks by 20 artists: three each, track-0 twice.
  expect(top[0]).toEqual({ artistId: 'artist-0', name: 'The Zeros', plays: 4 });
  expect(top.find(({ artistId }) => artistId === 'guest')).toMatchObject({
    name: 'Guest',
    plays: 2,
  });
  expect(top).toHaveLength(21);
  expect(await queries.listTopSpotifyArtists(db, { ...other, ...period })).toEqual([]);
});
