import type { Sql } from 'postgres';
import type { PostgresDatabase } from '../../src/queries/database.ts';
import type { PlanSample } from '../../src/queries/hot-query.ts';
import { connect, keyring } from '../database.ts';

/** A sealed value's form, for rows that no one opens. */
const sealed = `'${btoa('{"alg":"dir","enc":"A256GCM","kid":"k1"}').replace(/=+$/, '')}..a.b.c'`;

/**
 * Fills a database with the rows of many connections. Half of all that was brought belongs to the first,
 * and half of all that was written to the first person.
 *
 * @param rows commits, pull requests, Slack messages and messages, as many of each
 */
export async function fillPlanWorld(
  { sql, db }: { readonly sql: Sql; readonly db: PostgresDatabase },
  rows: number,
): Promise<PlanSample> {
  const { userId, connectorConfigId } = await connect(db, 'user1');
  await sql.begin(async (tx) => {
    // The rows fit together by how they are made; checking each foreign key would take a minute.
    await tx.unsafe('set local session_replication_role = replica');
    const count = { rows, users: 20 + Math.ceil(rows / 200), connection: connectorConfigId };
    for (const statement of statementsFor(count)) await tx.unsafe(statement);
  });
  return {
    keyring,
    userId,
    connectorConfigId,
    conversationId: 'conversation2',
    messageId: 'message10',
  };
}

const statementsFor = ({
  rows,
  users,
  connection,
}: {
  readonly rows: number;
  readonly users: number;
  readonly connection: string;
}): string[] => {
  const owner = `case when n % 2 = 0 then '${connection}' else 'connection' || n % ${users} end`;
  const person = `case when n % 2 = 0 then 'user1' else 'user' || n % ${users} end`;
  const repository = `'repository' || n % 20, 'repository', 'acme/repository'`;
  return [
    `insert into connector_configs (id, user_id, provider_id, name, encrypted_config, status)
      select 'connection' || n, 'user' || n, p.id, 'a', ${sealed}, 'active'
      from generate_series(0, ${users}) n, (select id from providers limit 1) p`,
    `insert into oauth_tokens (id, connector_config_id, access_token)
      select 'tokens' || n, 'connection' || n, ${sealed} from generate_series(0, ${users}) n`,
    `insert into connector_sync_states (id, connector_config_id, entity)
      select 'state' || n || e, 'connection' || n, e
      from generate_series(0, ${users}) n, unnest(array['github.commit', 'github.issue']) e`,
    `insert into github_commits (sha, message, url, repository_id, repository_name, repository_full_name,
        committed_at, connector_config_id, updated_at)
      select 'commit' || n, 'fix', 'https://example.com', ${repository}, now() - n * interval '1 minute', ${owner},
        now() - n * interval '1 second'
      from generate_series(1, ${rows}) n`,
    `insert into github_pull_requests (id, number, title, state, url, head_ref, head_sha, base_ref, base_sha,
        repository_id, repository_name, repository_full_name, pr_created_at, pr_updated_at, connector_config_id, updated_at)
      select 'pr' || n, n, 'fix', case when n % 10 < 2 then 'open' else 'closed' end, 'https://example.com', 'a', 'b',
        'c', 'd', ${repository}, now() - n * interval '1 minute', now() - n * interval '1 minute', ${owner},
        now() - n * interval '1 second'
      from generate_series(1, ${rows}) n`,
    `insert into slack_messages (id, channel_id, text, ts, connector_config_id, updated_at)
      select 'said' || n, 'channel' || n % 20, 'words', (1700000000 + n)::text, ${owner}, now() - n * interval '1 second'
      from generate_series(1, ${rows}) n`,
    `insert into conversations (id, user_id, updated_at)
      select 'conversation' || n, ${person}, now() - n * interval '1 second'
      from generate_series(1, ${Math.ceil(rows / 5)}) n`,
    `insert into messages (id, conversation_id, role, content, created_at)
      select 'message' || n, 'conversation' || case when n % 10 = 0 then 2 else n % ${Math.ceil(rows / 5)} + 1 end, 'user',
        'words', now() - n * interval '1 second' from generate_series(1, ${rows}) n`,
    `insert into feedback (id, message_id, rating)
      select 'feedback' || n, 'message' || n, (enum_range(null::feedback_rating))[1]
      from generate_series(1, ${rows}) n`,
    `insert into goals (id, user_id, type, target, period, label)
      select 'goal' || n, ${person}, 'commits', 10, 'week', 'a' from generate_series(1, ${Math.ceil(rows / 5)}) n`,
  ];
};
