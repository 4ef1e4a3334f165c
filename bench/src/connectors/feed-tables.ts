/** A table of the feed, as someone writing the SQL by hand would know it. */
export interface FeedTable {
  readonly entity: string;
  readonly table: string;
  readonly key: string;
  readonly at: string;
  readonly title: string;
  readonly url: string;
  /** Required columns and what fills them for row `i`; `at` is filled for every table. */
  readonly fill: Readonly<Record<string, string>>;
}

const repository = {
  repository_id: `'r' || i % 100`,
  repository_name: `'widgets'`,
  repository_full_name: `'acme/widgets'`,
};
const link = `'https://example.com/' || i`;
const title = `'Something about number ' || i`;

export const feedTables: readonly FeedTable[] = [
  {
    entity: 'github.repository',
    table: 'github_repositories',
    key: 'id',
    at: 'pushed_at',
    title: 'full_name',
    url: 'url',
    fill: { name: `'widgets'`, full_name: title, url: link },
  },
  {
    entity: 'github.pull_request',
    table: 'github_pull_requests',
    key: 'id',
    at: 'pr_updated_at',
    title: 'title',
    url: 'url',
    fill: {
      number: 'i',
      title,
      state: `'open'`,
      url: link,
      head_ref: `'h'`,
      head_sha: `'s'`,
      base_ref: `'b'`,
      base_sha: `'s'`,
      ...repository,
      pr_created_at: 'at',
    },
  },
  {
    entity: 'github.issue',
    table: 'github_issues',
    key: 'id',
    at: 'issue_updated_at',
    title: 'title',
    url: 'url',
    fill: { number: 'i', title, state: `'open'`, url: link, ...repository, issue_created_at: 'at' },
  },
  {
    entity: 'github.commit',
    table: 'github_commits',
    key: 'sha',
    at: 'committed_at',
    title: 'message',
    url: 'url',
    fill: { message: title, url: link, ...repository },
  },
  {
    entity: 'slack.message',
    table: 'slack_messages',
    key: 'id',
    at: 'sent_at',
    title: 'text',
    url: 'permalink',
    fill: {
      channel_id: `'C' || i % 50`,
      text: title,
      permalink: link,
      ts: `extract(epoch from at)::numeric(20, 6)::text`,
    },
  },
  {
    entity: 'jira.issue',
    table: 'jira_issues',
    key: 'id',
    at: 'jira_updated_at',
    title: 'summary',
    url: 'url',
    fill: {
      key: `'ACM-' || i`,
      project_key: `'ACM'`,
      issue_type: `'Bug'`,
      summary: title,
      status: `'Open'`,
      url: link,
      jira_created_at: 'at',
    },
  },
  {
    entity: 'linear.issue',
    table: 'linear_issues',
    key: 'id',
    at: 'issue_updated_at',
    title: 'title',
    url: 'url',
    fill: { title, state: `'Todo'`, url: link, issue_created_at: 'at' },
  },
  {
    entity: 'notion.page',
    table: 'notion_pages',
    key: 'id',
    at: 'page_edited_at',
    title: 'title',
    url: 'url',
    fill: { title, url: link, page_created_at: 'at' },
  },
  {
    entity: 'google.calendar_event',
    table: 'google_calendar_events',
    key: 'id',
    at: 'event_updated_at',
    title: 'title',
    url: 'html_link',
    fill: {
      calendar_id: `'work'`,
      title,
      starts_at: 'at',
      ends_at: 'at',
      status: `'confirmed'`,
      html_link: link,
    },
  },
  {
    entity: 'google.gmail_message',
    table: 'google_gmail_messages',
    key: 'id',
    at: 'internal_date',
    title: 'subject',
    url: 'null::varchar',
    fill: { thread_id: `'t' || i / 4`, subject: title },
  },
  {
    entity: 'google.photo',
    table: 'google_photos',
    key: 'id',
    at: 'creation_time',
    title: 'filename',
    url: 'product_url',
    fill: { product_url: link, mime_type: `'image/jpeg'`, filename: title },
  },
  {
    entity: 'google.youtube_subscription',
    table: 'youtube_subscriptions',
    key: 'id',
    at: 'published_at',
    title: 'title',
    url: 'null::varchar',
    fill: { title, channel_id: `'me'`, resource_channel_id: `'c' || i` },
  },
  {
    entity: 'spotify.play',
    table: 'spotify_recently_played',
    key: 'id',
    at: 'played_at',
    title: 'track_id',
    url: 'null::varchar',
    fill: { track_id: `'track-' || i % 1000` },
  },
  {
    entity: 'x.tweet',
    table: 'x_tweets',
    key: 'id',
    at: 'tweet_created_at',
    title: 'text',
    url: 'null::varchar',
    fill: { text: title, author_id: `'me'` },
  },
];
