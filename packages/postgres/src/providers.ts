import type { ProviderDataTarget } from './schemas/index.ts';

/** The services that this package has tables for; `db:seed` keeps the providers table equal. */
export const knownProviders: readonly Omit<ProviderDataTarget, 'id' | 'isEnabled'>[] = [
  {
    slug: 'github',
    name: 'GitHub',
    description: 'Repositories, pull requests, issues, commits and files.',
    authType: 'oauth2',
    configSchema: {
      type: 'object',
      properties: {
        baseUrl: { type: 'string', title: 'API address', format: 'uri' },
        organizations: { type: 'array', title: 'Organizations', items: { type: 'string' } },
      },
    },
  },
  {
    slug: 'slack',
    name: 'Slack',
    description: 'Messages of the channels that the person is in.',
    authType: 'oauth2',
    configSchema: {
      type: 'object',
      properties: {
        workspace: { type: 'string', title: 'Workspace' },
        channels: { type: 'array', title: 'Channels', items: { type: 'string' } },
      },
      required: ['workspace'],
    },
  },
  { slug: 'jira', name: 'Jira', description: 'Issues.', authType: 'oauth2' },
  { slug: 'linear', name: 'Linear', description: 'Issues.', authType: 'oauth2' },
  { slug: 'notion', name: 'Notion', description: 'Pages.', authType: 'oauth2' },
  {
    slug: 'google-calendar',
    name: 'Google Calendar',
    description: 'Calendars and events.',
    authType: 'oauth2',
  },
  { slug: 'google-contact', name: 'Google Contacts', description: 'People.', authType: 'oauth2' },
  { slug: 'google-gmail', name: 'Gmail', description: 'Mail.', authType: 'oauth2' },
  { slug: 'google-photos', name: 'Google Photos', description: 'Photos.', authType: 'oauth2' },
  { slug: 'google-youtube', name: 'YouTube', description: 'Subscriptions.', authType: 'oauth2' },
  {
    slug: 'spotify',
    name: 'Spotify',
    description: 'Tracks, artists, playlists, albums and plays.',
    authType: 'oauth2',
  },
  { slug: 'x', name: 'X', description: 'Posts.', authType: 'oauth2' },
];
