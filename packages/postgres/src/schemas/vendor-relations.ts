import { relations } from 'drizzle-orm';
import {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
  githubRepositoryFiles,
} from './connector.github.schema.ts';
import {
  googleCalendarCalendars,
  googleCalendarEvents,
} from './connector.google-calendar.schema.ts';
import { googleContacts } from './connector.google-contact.schema.ts';
import { googleGmailMessages } from './connector.google-gmail.schema.ts';
import { googlePhotos } from './connector.google-photos.schema.ts';
import { youtubeSubscriptions } from './connector.google-youtube.schema.ts';
import { jiraIssues } from './connector.jira.schema.ts';
import { linearIssues } from './connector.linear.schema.ts';
import { notionPages } from './connector.notion.schema.ts';
import { oauthTokens } from './connector.oauth.schema.ts';
import { slackMessages } from './connector.slack.schema.ts';
import {
  spotifyAlbums,
  spotifyArtists,
  spotifyPlaylists,
  spotifyRecentlyPlayed,
  spotifyTracks,
} from './connector.spotify.schema.ts';
import { connectorSyncStates } from './connector.sync.schema.ts';
import { xTweets } from './connector.x.schema.ts';
import { connectorConfigs } from './connector-configs.schema.ts';
import { providers } from './providers.schema.ts';

// All in one file, because every vendor table refers to its connection and the connection to all of
// them.

export const connectorConfigsRelations = relations(connectorConfigs, ({ one, many }) => ({
  provider: one(providers, {
    fields: [connectorConfigs.providerId],
    references: [providers.id],
  }),
  oauthToken: one(oauthTokens),
  syncStates: many(connectorSyncStates),
  githubRepositories: many(githubRepositories),
  githubPullRequests: many(githubPullRequests),
  githubIssues: many(githubIssues),
  githubCommits: many(githubCommits),
  githubRepositoryFiles: many(githubRepositoryFiles),
  googleCalendarCalendars: many(googleCalendarCalendars),
  googleCalendarEvents: many(googleCalendarEvents),
  googleContacts: many(googleContacts),
  googleGmailMessages: many(googleGmailMessages),
  googlePhotos: many(googlePhotos),
  youtubeSubscriptions: many(youtubeSubscriptions),
  jiraIssues: many(jiraIssues),
  linearIssues: many(linearIssues),
  notionPages: many(notionPages),
  slackMessages: many(slackMessages),
  spotifyAlbums: many(spotifyAlbums),
  spotifyArtists: many(spotifyArtists),
  spotifyPlaylists: many(spotifyPlaylists),
  spotifyRecentlyPlayed: many(spotifyRecentlyPlayed),
  spotifyTracks: many(spotifyTracks),
  xTweets: many(xTweets),
}));

export const githubRepositoriesRelations = relations(githubRepositories, ({ one, many }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [githubRepositories.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  pullRequests: many(githubPullRequests),
  issues: many(githubIssues),
  commits: many(githubCommits),
  files: many(githubRepositoryFiles),
}));

export const githubPullRequestsRelations = relations(githubPullRequests, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [githubPullRequests.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  repository: one(githubRepositories, {
    fields: [githubPullRequests.connectorConfigId, githubPullRequests.repositoryId],
    references: [githubRepositories.connectorConfigId, githubRepositories.id],
  }),
}));

export const githubIssuesRelations = relations(githubIssues, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [githubIssues.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  repository: one(githubRepositories, {
    fields: [githubIssues.connectorConfigId, githubIssues.repositoryId],
    references: [githubRepositories.connectorConfigId, githubRepositories.id],
  }),
}));

export const githubCommitsRelations = relations(githubCommits, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [githubCommits.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  repository: one(githubRepositories, {
    fields: [githubCommits.connectorConfigId, githubCommits.repositoryId],
    references: [githubRepositories.connectorConfigId, githubRepositories.id],
  }),
}));

export const githubRepositoryFilesRelations = relations(githubRepositoryFiles, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [githubRepositoryFiles.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  repository: one(githubRepositories, {
    fields: [githubRepositoryFiles.connectorConfigId, githubRepositoryFiles.repositoryId],
    references: [githubRepositories.connectorConfigId, githubRepositories.id],
  }),
}));

export const googleCalendarCalendarsRelations = relations(
  googleCalendarCalendars,
  ({ one, many }) => ({
    connectorConfig: one(connectorConfigs, {
      fields: [googleCalendarCalendars.connectorConfigId],
      references: [connectorConfigs.id],
    }),
    events: many(googleCalendarEvents),
  }),
);

export const googleCalendarEventsRelations = relations(googleCalendarEvents, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [googleCalendarEvents.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  calendar: one(googleCalendarCalendars, {
    fields: [googleCalendarEvents.connectorConfigId, googleCalendarEvents.calendarId],
    references: [googleCalendarCalendars.connectorConfigId, googleCalendarCalendars.id],
  }),
}));

export const googleContactsRelations = relations(googleContacts, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [googleContacts.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const googleGmailMessagesRelations = relations(googleGmailMessages, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [googleGmailMessages.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const googlePhotosRelations = relations(googlePhotos, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [googlePhotos.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const youtubeSubscriptionsRelations = relations(youtubeSubscriptions, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [youtubeSubscriptions.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const jiraIssuesRelations = relations(jiraIssues, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [jiraIssues.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const linearIssuesRelations = relations(linearIssues, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [linearIssues.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const notionPagesRelations = relations(notionPages, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [notionPages.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const slackMessagesRelations = relations(slackMessages, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [slackMessages.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const spotifyAlbumsRelations = relations(spotifyAlbums, ({ one, many }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [spotifyAlbums.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  tracks: many(spotifyTracks),
}));

export const spotifyArtistsRelations = relations(spotifyArtists, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [spotifyArtists.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const spotifyPlaylistsRelations = relations(spotifyPlaylists, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [spotifyPlaylists.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));

export const spotifyRecentlyPlayedRelations = relations(spotifyRecentlyPlayed, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [spotifyRecentlyPlayed.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  track: one(spotifyTracks, {
    fields: [spotifyRecentlyPlayed.connectorConfigId, spotifyRecentlyPlayed.trackId],
    references: [spotifyTracks.connectorConfigId, spotifyTracks.id],
  }),
}));

export const spotifyTracksRelations = relations(spotifyTracks, ({ one, many }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [spotifyTracks.connectorConfigId],
    references: [connectorConfigs.id],
  }),
  album: one(spotifyAlbums, {
    fields: [spotifyTracks.connectorConfigId, spotifyTracks.albumId],
    references: [spotifyAlbums.connectorConfigId, spotifyAlbums.id],
  }),
  plays: many(spotifyRecentlyPlayed),
}));

export const xTweetsRelations = relations(xTweets, ({ one }) => ({
  connectorConfig: one(connectorConfigs, {
    fields: [xTweets.connectorConfigId],
    references: [connectorConfigs.id],
  }),
}));
