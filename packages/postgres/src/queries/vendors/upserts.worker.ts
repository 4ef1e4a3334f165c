import {
  githubCommitEntity,
  githubFileEntity,
  githubIssueEntity,
  githubPullRequestEntity,
  githubRepositoryEntity,
} from './github.entities.ts';
import {
  googleCalendarCalendarEntity,
  googleCalendarEventEntity,
} from './google-calendar.entities.ts';
import { googleContactEntity } from './google-contact.entities.ts';
import { googleGmailMessageEntity } from './google-gmail.entities.ts';
import { googlePhotoEntity } from './google-photos.entities.ts';
import { youtubeSubscriptionEntity } from './google-youtube.entities.ts';
import { jiraIssueEntity } from './jira.entities.ts';
import { linearIssueEntity } from './linear.entities.ts';
import { notionPageEntity } from './notion.entities.ts';
import { slackMessageEntity } from './slack.entities.ts';
import {
  spotifyAlbumEntity,
  spotifyArtistEntity,
  spotifyPlayEntity,
  spotifyPlaylistEntity,
  spotifyTrackEntity,
} from './spotify.entities.ts';
import { xTweetEntity } from './x.entities.ts';

// Each stores rows for a connection by its id alone, for a worker that syncs it; see
// `upsertVendorRows`.

export const upsertGithubRepositories = githubRepositoryEntity.upsert;
export const upsertGithubPullRequests = githubPullRequestEntity.upsert;
export const upsertGithubIssues = githubIssueEntity.upsert;
export const upsertGithubCommits = githubCommitEntity.upsert;
export const upsertGithubRepositoryFiles = githubFileEntity.upsert;

export const upsertGoogleCalendarCalendars = googleCalendarCalendarEntity.upsert;
export const upsertGoogleCalendarEvents = googleCalendarEventEntity.upsert;

export const upsertGoogleContacts = googleContactEntity.upsert;

export const upsertGoogleGmailMessages = googleGmailMessageEntity.upsert;

export const upsertGooglePhotos = googlePhotoEntity.upsert;

export const upsertYoutubeSubscriptions = youtubeSubscriptionEntity.upsert;

export const upsertJiraIssues = jiraIssueEntity.upsert;

export const upsertLinearIssues = linearIssueEntity.upsert;

export const upsertNotionPages = notionPageEntity.upsert;

export const upsertSlackMessages = slackMessageEntity.upsert;

export const upsertSpotifyTracks = spotifyTrackEntity.upsert;
export const upsertSpotifyArtists = spotifyArtistEntity.upsert;
export const upsertSpotifyPlaylists = spotifyPlaylistEntity.upsert;
export const upsertSpotifyAlbums = spotifyAlbumEntity.upsert;
export const upsertSpotifyRecentlyPlayed = spotifyPlayEntity.upsert;

export const upsertXTweets = xTweetEntity.upsert;
