import type { PostgresDatabase } from '../queries/database.ts';
import type { GetParams } from '../queries/entity/define-entity.ts';
import type { UpsertResult } from '../queries/entity/upsert.ts';
import * as queries from '../queries/index.ts';
import type { Page } from '../queries/page.ts';
import * as upserts from '../queries/vendors/upserts.worker.ts';
import * as github from './github.samples.ts';
import * as google from './google.samples.ts';
import * as media from './media.samples.ts';
import * as work from './work.samples.ts';

/** Sample rows for one vendor table, and that table's own upsert and list. */
export interface SampleSet {
  readonly provider: string;
  readonly table: string;
  upsert(db: PostgresDatabase, connectorConfigId: string, count: number): Promise<UpsertResult>;
  list(db: PostgresDatabase, params: GetParams): Promise<Page<object>>;
}

function sampleSet<Row>(
  provider: string,
  table: string,
  sample: (index: number) => Row,
  upsert: (db: PostgresDatabase, id: string, rows: readonly Row[]) => Promise<UpsertResult>,
  list: SampleSet['list'],
): SampleSet {
  return {
    provider,
    table,
    list,
    upsert: (db, id, count) =>
      upsert(
        db,
        id,
        Array.from({ length: count }, (_, index) => sample(index)),
      ),
  };
}

/** One set for every vendor table; a test holds this list complete. */
export const sampleSets: readonly SampleSet[] = [
  sampleSet(
    'github',
    'github_repositories',
    github.repositorySample,
    upserts.upsertGithubRepositories,
    queries.getGithubRepositories,
  ),
  sampleSet(
    'github',
    'github_pull_requests',
    github.pullRequestSample,
    upserts.upsertGithubPullRequests,
    queries.getGithubPullRequests,
  ),
  sampleSet(
    'github',
    'github_issues',
    github.issueSample,
    upserts.upsertGithubIssues,
    queries.getGithubIssues,
  ),
  sampleSet(
    'github',
    'github_commits',
    github.commitSample,
    upserts.upsertGithubCommits,
    queries.getGithubCommits,
  ),
  sampleSet(
    'github',
    'github_repository_files',
    github.fileSample,
    upserts.upsertGithubRepositoryFiles,
    queries.getGithubRepositoryFiles,
  ),
  sampleSet(
    'slack',
    'slack_messages',
    work.slackSample,
    upserts.upsertSlackMessages,
    queries.getSlackMessages,
  ),
  sampleSet(
    'jira',
    'jira_issues',
    work.jiraSample,
    upserts.upsertJiraIssues,
    queries.getJiraIssues,
  ),
  sampleSet(
    'linear',
    'linear_issues',
    work.linearSample,
    upserts.upsertLinearIssues,
    queries.getLinearIssues,
  ),
  sampleSet(
    'notion',
    'notion_pages',
    work.notionSample,
    upserts.upsertNotionPages,
    queries.getNotionPages,
  ),
  sampleSet(
    'google-calendar',
    'google_calendar_calendars',
    google.calendarSample,
    upserts.upsertGoogleCalendarCalendars,
    queries.getGoogleCalendarCalendars,
  ),
  sampleSet(
    'google-calendar',
    'google_calendar_events',
    google.eventSample,
    upserts.upsertGoogleCalendarEvents,
    queries.getGoogleCalendarEvents,
  ),
  sampleSet(
    'google-contact',
    'google_contacts',
    google.contactSample,
    upserts.upsertGoogleContacts,
    queries.getGoogleContacts,
  ),
  sampleSet(
    'google-gmail',
    'google_gmail_messages',
    google.mailSample,
    upserts.upsertGoogleGmailMessages,
    queries.getGoogleGmailMessages,
  ),
  sampleSet(
    'google-photos',
    'google_photos',
    google.photoSample,
    upserts.upsertGooglePhotos,
    queries.getGooglePhotos,
  ),
  sampleSet(
    'google-youtube',
    'youtube_subscriptions',
    google.subscriptionSample,
    upserts.upsertYoutubeSubscriptions,
    queries.getYoutubeSubscriptions,
  ),
  sampleSet(
    'spotify',
    'spotify_tracks',
    media.trackSample,
    upserts.upsertSpotifyTracks,
    queries.getSpotifyTracks,
  ),
  sampleSet(
    'spotify',
    'spotify_artists',
    media.artistSample,
    upserts.upsertSpotifyArtists,
    queries.getSpotifyArtists,
  ),
  sampleSet(
    'spotify',
    'spotify_playlists',
    media.playlistSample,
    upserts.upsertSpotifyPlaylists,
    queries.getSpotifyPlaylists,
  ),
  sampleSet(
    'spotify',
    'spotify_albums',
    media.albumSample,
    upserts.upsertSpotifyAlbums,
    queries.getSpotifyAlbums,
  ),
  sampleSet(
    'spotify',
    'spotify_recently_played',
    media.playSample,
    upserts.upsertSpotifyRecentlyPlayed,
    queries.getSpotifyRecentlyPlayed,
  ),
  sampleSet('x', 'x_tweets', media.tweetSample, upserts.upsertXTweets, queries.getXTweets),
];
