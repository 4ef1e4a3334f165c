import type { PgColumn, PgTable } from 'drizzle-orm/pg-core';
import {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
  googleCalendarEvents,
  googleGmailMessages,
  googlePhotos,
  jiraIssues,
  linearIssues,
  notionPages,
  slackMessages,
  spotifyRecentlyPlayed,
  xTweets,
  youtubeSubscriptions,
} from '../schemas/index.ts';

/** A table in the feed. Its index (connection, time, key) makes a page cheap at any depth. */
export interface ActivitySource {
  /** The name of its rows in the feed and in its sync state. */
  readonly entity: string;
  readonly table: PgTable & { connectorConfigId: PgColumn };
  readonly key: PgColumn;
  readonly at: PgColumn;
  readonly title: PgColumn;
  readonly url?: PgColumn;
}

/** Every table whose rows have a time. A new connector adds its line here. */
export const activitySources: readonly ActivitySource[] = [
  {
    entity: 'github.repository',
    table: githubRepositories,
    key: githubRepositories.id,
    at: githubRepositories.pushedAt,
    title: githubRepositories.fullName,
    url: githubRepositories.url,
  },
  {
    entity: 'github.pull_request',
    table: githubPullRequests,
    key: githubPullRequests.id,
    at: githubPullRequests.prUpdatedAt,
    title: githubPullRequests.title,
    url: githubPullRequests.url,
  },
  {
    entity: 'github.issue',
    table: githubIssues,
    key: githubIssues.id,
    at: githubIssues.issueUpdatedAt,
    title: githubIssues.title,
    url: githubIssues.url,
  },
  {
    entity: 'github.commit',
    table: githubCommits,
    key: githubCommits.sha,
    at: githubCommits.committedAt,
    title: githubCommits.message,
    url: githubCommits.url,
  },
  {
    entity: 'slack.message',
    table: slackMessages,
    key: slackMessages.id,
    at: slackMessages.sentAt,
    title: slackMessages.text,
    url: slackMessages.permalink,
  },
  {
    entity: 'jira.issue',
    table: jiraIssues,
    key: jiraIssues.id,
    at: jiraIssues.jiraUpdatedAt,
    title: jiraIssues.summary,
    url: jiraIssues.url,
  },
  {
    entity: 'linear.issue',
    table: linearIssues,
    key: linearIssues.id,
    at: linearIssues.issueUpdatedAt,
    title: linearIssues.title,
    url: linearIssues.url,
  },
  {
    entity: 'notion.page',
    table: notionPages,
    key: notionPages.id,
    at: notionPages.pageEditedAt,
    title: notionPages.title,
    url: notionPages.url,
  },
  {
    entity: 'google.calendar_event',
    table: googleCalendarEvents,
    key: googleCalendarEvents.id,
    at: googleCalendarEvents.eventUpdatedAt,
    title: googleCalendarEvents.title,
    url: googleCalendarEvents.htmlLink,
  },
  {
    entity: 'google.gmail_message',
    table: googleGmailMessages,
    key: googleGmailMessages.id,
    at: googleGmailMessages.internalDate,
    title: googleGmailMessages.subject,
  },
  {
    entity: 'google.photo',
    table: googlePhotos,
    key: googlePhotos.id,
    at: googlePhotos.creationTime,
    title: googlePhotos.filename,
    url: googlePhotos.productUrl,
  },
  {
    entity: 'google.youtube_subscription',
    table: youtubeSubscriptions,
    key: youtubeSubscriptions.id,
    at: youtubeSubscriptions.publishedAt,
    title: youtubeSubscriptions.title,
  },
  {
    entity: 'spotify.play',
    table: spotifyRecentlyPlayed,
    key: spotifyRecentlyPlayed.id,
    at: spotifyRecentlyPlayed.playedAt,
    title: spotifyRecentlyPlayed.trackId,
  },
  {
    entity: 'x.tweet',
    table: xTweets,
    key: xTweets.id,
    at: xTweets.tweetCreatedAt,
    title: xTweets.text,
  },
];
