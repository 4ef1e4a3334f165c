import { transaction } from '@reference/kit';
import { erasePerson, exportPerson, type PersonalRows } from '@reference/kit/personal-data';
import type { PersonalPlan } from '@reference/kit/personal-plan';
import type { PostgresDatabase } from './database.ts';

const ofUser = { columns: { user_id: 'delete' } } as const;
/** A vendor's rows are deleted with the connection that fetched them. */
const ofConnection = { through: ['connector_configs'] } as const;

/**
 * This database's data about a person. The person is an id of the application; this database has no
 * table of persons. `test/personal-data.test.ts` holds the plan against the catalog.
 */
export const personalPlan: PersonalPlan = {
  tables: {
    connector_configs: { ...ofUser, secret: ['encrypted_config'] },
    connector_sync_states: ofConnection,
    oauth_tokens: { ...ofConnection, secret: ['access_token', 'refresh_token'] },
    github_commits: ofConnection,
    github_issues: ofConnection,
    github_pull_requests: ofConnection,
    github_repositories: ofConnection,
    github_repository_files: ofConnection,
    google_calendar_calendars: ofConnection,
    google_calendar_events: ofConnection,
    google_contacts: ofConnection,
    google_gmail_messages: ofConnection,
    google_photos: ofConnection,
    jira_issues: ofConnection,
    linear_issues: ofConnection,
    notion_pages: ofConnection,
    slack_messages: ofConnection,
    spotify_albums: ofConnection,
    spotify_artists: ofConnection,
    spotify_playlists: ofConnection,
    spotify_recently_played: ofConnection,
    spotify_tracks: ofConnection,
    x_tweets: ofConnection,
    youtube_subscriptions: ofConnection,
    conversations: ofUser,
    messages: { through: ['conversations'] },
    feedback: { through: ['messages'] },
    goals: ofUser,
  },
  // People as the vendor names them, in rows of a connection.
  harmless: [
    'github_commits.author_email',
    'github_commits.committer_email',
    'google_contacts.email',
    'slack_messages.user_id',
    'x_tweets.author_id',
    'x_tweets.in_reply_to_user_id',
  ],
};

/**
 * Exports everything that this database holds of a person, table by table, from one snapshot,
 * without secrets.
 *
 * @param params.userId the application's id of the person; for an unknown one nothing is written
 * @param params.write takes up to 500 rows at a time
 */
export async function exportUser(
  db: PostgresDatabase,
  params: { readonly userId: string; readonly write: (rows: PersonalRows) => Promise<void> },
): Promise<void> {
  await exportPerson(db, personalPlan, { id: params.userId }, params.write);
}

/**
 * Erases everything of a person, in one transaction. First end their sessions and let their
 * requests end, because this package cannot stop them from writing more.
 *
 * @returns how many connections, conversations and goals were deleted; 0 if there were none
 */
export async function eraseUser(
  db: PostgresDatabase,
  params: { readonly userId: string },
): Promise<{ readonly deleted: number }> {
  const person = { id: params.userId };
  const { deleted } = await transaction(db, (tx) =>
    erasePerson(tx, personalPlan, { person, pseudonym: '' }),
  );
  return { deleted };
}
