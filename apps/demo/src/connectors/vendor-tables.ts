import * as ait from '@ait/postgres';
import { knownProviders } from '@ait/postgres/seed';

type List<Row> = (db: ait.PostgresDatabase, params: ait.GetParams) => Promise<ait.Page<Row>>;

/** A value as a table shows it: text, or an instant. */
export type Cell = { readonly text: string } | { readonly at: string } | null;

export interface VendorRows {
  readonly items: readonly { readonly id: string; readonly cells: readonly Cell[] }[];
  readonly nextCursor: string | null;
}

/** A vendor's table: which of its columns are shown, and its list. */
export interface VendorTable {
  readonly name: string;
  readonly columns: readonly string[];
  readonly list: (
    db: ait.PostgresDatabase,
    params: { userId: string; connectorConfigId: string; cursor?: string | undefined },
  ) => Promise<VendorRows>;
}

const rowsAtOnce = 50;

function table<Row extends object>(
  name: string,
  list: List<Row>,
  columns: readonly (keyof Row & string)[],
): VendorTable {
  return {
    name,
    columns,
    list: async (db, params) => {
      const { items, nextCursor } = await list(db, { ...params, limit: rowsAtOnce });
      return {
        // Rows have ids of their vendor, which their first column need not be.
        items: items.map((row, index) => ({
          id: `${idOf(row)} ${index}`,
          cells: columns.map((column) => cellOf(row[column])),
        })),
        nextCursor,
      };
    },
  };
}

const idOf = (row: object) => ('id' in row ? row.id : 'sha' in row ? row.sha : '');

const shown = 160;

function cellOf(value: unknown): Cell {
  if (value === null || value === undefined || value === '') return null;
  if (value instanceof Date) return { at: value.toISOString() };
  if (typeof value === 'boolean') return { text: value ? 'yes' : 'no' };
  const text = Array.isArray(value) ? value.join(', ') : String(value);
  return { text: text.length > shown ? `${text.slice(0, shown)}…` : text };
}

/** The tables of each provider, by its slug. */
export const vendorTables: Readonly<Record<string, readonly VendorTable[]>> = {
  github: [
    table('Pull requests', ait.getGithubPullRequests, [
      'number',
      'title',
      'state',
      'repositoryFullName',
      'prUpdatedAt',
    ]),
    table('Issues', ait.getGithubIssues, [
      'number',
      'title',
      'state',
      'labelNames',
      'repositoryFullName',
      'issueUpdatedAt',
    ]),
    table('Commits', ait.getGithubCommits, [
      'sha',
      'message',
      'authorName',
      'repositoryFullName',
      'committedAt',
    ]),
    table('Repositories', ait.getGithubRepositories, [
      'fullName',
      'description',
      'language',
      'pushedAt',
    ]),
    table('Files', ait.getGithubRepositoryFiles, ['path', 'branch', 'language', 'size']),
  ],
  slack: [table('Messages', ait.getSlackMessages, ['channelName', 'userName', 'text', 'sentAt'])],
  jira: [
    table('Issues', ait.getJiraIssues, ['key', 'summary', 'status', 'assignee', 'jiraUpdatedAt']),
  ],
  linear: [
    table('Issues', ait.getLinearIssues, ['identifier', 'title', 'state', 'issueUpdatedAt']),
  ],
  notion: [table('Pages', ait.getNotionPages, ['title', 'isArchived', 'pageEditedAt'])],
  'google-calendar': [
    table('Events', ait.getGoogleCalendarEvents, ['title', 'location', 'startsAt', 'status']),
    table('Calendars', ait.getGoogleCalendarCalendars, ['summary', 'timeZone', 'accessRole']),
  ],
  'google-contact': [
    table('People', ait.getGoogleContacts, ['displayName', 'email', 'organization', 'jobTitle']),
  ],
  'google-gmail': [
    table('Mail', ait.getGoogleGmailMessages, ['subject', 'from', 'snippet', 'internalDate']),
  ],
  'google-photos': [table('Photos', ait.getGooglePhotos, ['filename', 'mimeType', 'creationTime'])],
  'google-youtube': [
    table('Subscriptions', ait.getYoutubeSubscriptions, ['title', 'totalItemCount', 'publishedAt']),
  ],
  spotify: [
    table('Tracks', ait.getSpotifyTracks, ['name', 'artistNames', 'albumName', 'popularity']),
    table('Plays', ait.getSpotifyRecentlyPlayed, ['trackId', 'playedAt']),
    table('Artists', ait.getSpotifyArtists, ['name', 'genres', 'followers']),
    table('Albums', ait.getSpotifyAlbums, ['name', 'artistNames', 'releaseDate']),
    table('Playlists', ait.getSpotifyPlaylists, ['name', 'isPublic', 'trackCount']),
  ],
  x: [table('Posts', ait.getXTweets, ['authorUsername', 'text', 'likeCount', 'tweetCreatedAt'])],
};

/** A provider's own spelling of its name. */
export const providerName = (slug: string): string =>
  knownProviders.find((known) => known.slug === slug)?.name ?? slug;
