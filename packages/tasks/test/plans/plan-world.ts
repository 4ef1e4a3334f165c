import type { Sql } from 'postgres';
import type { PlanSample } from '../../src/queries/hot-query.ts';

/** A sealed value's form, for rows that no one opens. */
const sealed = `'${btoa('{"alg":"dir","enc":"A256GCM","kid":"k1"}').replace(/=+$/, '')}..a.b.c'`;

/**
 * Fills a database until its plans are those of a large one: 500 users, 30,000 tasks of which one
 * user has 6,000, a tenth of them deleted and two pending of a hundred, 18,000 messages and as many
 * log lines, 5,000 tags, 9,000 tagged tasks, and 500 to 2,500 rows in each of the other tables.
 *
 * @param tasks how many tasks; the other tables grow with them
 */
export async function fillPlanWorld(sql: Sql, tasks = 30_000): Promise<PlanSample> {
  await sql.begin(async (tx) => {
    // The rows fit together by how they are made; checking each foreign key would take a minute.
    await tx.unsafe('set local session_replication_role = replica');
    for (const statement of statementsFor(tasks, Math.ceil(tasks / 60))) await tx.unsafe(statement);
  });
  const [sample] = await sql`
    select t.id, t.user_id, g.tag_id from tasks t join task_tags g on g.task_id = t.id
    where t.status = 'error' and t.deleted_at is null and t.message_count > 0 and t.user_id <> 'user1' limit 1`;
  return {
    userId: String(sample?.user_id),
    taskId: String(sample?.id),
    tagId: String(sample?.tag_id),
  };
}

const statementsFor = (tasks: number, users: number): string[] => [
  `insert into users (id, provider, external_id, access_token, refresh_token, username)
    select 'user' || n, 'github', 'external' || n, ${sealed}, ${sealed}, 'a' from generate_series(1, ${users}) n`,
  `insert into accounts (id, user_id, provider, external_user_id, access_token, refresh_token, username)
    select 'account' || n, 'user' || n, 'vercel', 'external' || n, ${sealed}, ${sealed}, 'a'
    from generate_series(1, ${users}) n`,
  `insert into keys (id, user_id, provider, value, value_hint)
    select 'key' || p || n, 'user' || n, p, ${sealed}, '…'
    from generate_series(1, ${users}) n, unnest(enum_range(null::key_provider)) p where p <> 'cursor'`,
  `insert into connectors (id, user_id, name, base_url, oauth_client_secret, oauth_client_secret_hint, env)
    select 'connector' || n, 'user' || (n % ${users} + 1), 'a', 'https://example.com', ${sealed}, '…', ${sealed}
    from generate_series(1, ${users * 2}) n`,
  `insert into settings (id, user_id, key, value)
    select key || n, 'user' || n, key, value from generate_series(1, ${users}) n,
      (values ('maxMessagesPerDay', '1000'), ('maxSandboxDuration', '100'), ('of old', '1'), ('older', '1')) as v (key, value)`,
  `insert into preferences (id, user_id, key, value)
    select key || n, 'user' || n, key, '1' from generate_series(1, ${users}) n,
      unnest(array['of old', 'older', 'oldest', 'ancient']) key`,
  `insert into daily_usage (user_id, day, messages)
    select 'user' || n, current_date - day, 1 from generate_series(1, ${users}) n, generate_series(1, 5) day`,
  `insert into tags (id, user_id, name)
    select 'tag' || u || '-' || n, 'user' || u, 'tag' || n
    from generate_series(1, ${users}) u, generate_series(1, 10) n`,
  `insert into tasks (id, user_id, prompt, status, completed_at, created_at, deleted_at, lease_token, lease_expires_at)
    select 'task' || n, 'user' || case when n % 5 = 0 then 1 else n % ${users} + 1 end,
      'Some words of task ' || n || case when n % ${Math.ceil(tasks / 30)} = 7 then ' rareword' else '' end,
      status::task_status,
      case when status in ('completed', 'error') then now() end,
      now() - n * interval '1 minute',
      case when n % 10 = 1 then now() end,
      case when status = 'processing' then 'lease' end,
      case when status = 'processing' then now() + interval '1 hour' end
    from generate_series(1, ${tasks}) n,
      lateral (select case n % 100 when 0 then 'pending' when 7 then 'pending' when 2 then 'error'
        when 3 then 'processing' else 'completed' end) s (status)`,
  `insert into task_messages (id, user_id, task_id, sequence, role, content)
    select 'message' || t.id || '-' || s, user_id, t.id, s, 'agent', 'a'
    from tasks t, generate_series(1, 6) s where t.id like '%2'`,
  `insert into task_logs (id, user_id, task_id, sequence, message)
    select 'log' || t.id || '-' || s, user_id, t.id, s, 'a'
    from tasks t, generate_series(1, 6) s where t.id like '%2'`,
  `update tasks set message_count = 6, log_count = 6 where id like '%2'`,
  `insert into task_tags (user_id, task_id, tag_id)
    select user_id, id, 'tag' || substr(user_id, 5) || '-' || length(prompt) % 10 + 1
    from tasks where id like '%2' or user_id = 'user1'`,
];
