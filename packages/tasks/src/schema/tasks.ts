import { instant, snakeTimestamps } from '@reference/kit';
import { type SQL, sql } from 'drizzle-orm';
import {
  boolean,
  check,
  customType,
  foreignKey,
  index,
  integer,
  pgEnum,
  pgTable,
  text,
  unique,
} from 'drizzle-orm/pg-core';
import { createInsertSchema, createSelectSchema, createUpdateSchema } from 'drizzle-zod';
import { z } from 'zod';
import { nanoidKey, ownerId } from './columns.ts';
import { filledProse, idSchema, immutable, line, prose, url } from './fields.ts';
import { users } from './users.ts';

/** The coding agents that can run a task. */
export const agent = pgEnum('agent', [
  'claude',
  'codex',
  'copilot',
  'cursor',
  'gemini',
  'opencode',
]);
export type Agent = (typeof agent.enumValues)[number];

/** A task's status; `queries/task-status.ts` has the transitions. */
export const taskStatus = pgEnum('task_status', [
  'pending',
  'processing',
  'completed',
  'error',
  'stopped',
]);
export type TaskStatus = (typeof taskStatus.enumValues)[number];

export const pullRequestStatus = pgEnum('pull_request_status', ['open', 'closed', 'merged']);
export type PullRequestStatus = (typeof pullRequestStatus.enumValues)[number];

const tsvector = customType<{ data: string }>({ dataType: () => 'tsvector' });

/** A row is one piece of work that a user asked a coding agent to do. */
export const tasks = pgTable(
  'tasks',
  {
    id: nanoidKey(),
    userId: ownerId(),
    prompt: text('prompt').notNull(),
    title: text('title'),
    repoUrl: text('repo_url'),
    selectedAgent: agent('selected_agent').notNull().default('claude'),
    /** NULL: the agent's usual model, which changes more often than a default could. */
    selectedModel: text('selected_model'),
    installDependencies: boolean('install_dependencies').notNull().default(false),
    /** Minutes, 1 to 300. */
    maxDuration: integer('max_duration').notNull().default(300),
    keepAlive: boolean('keep_alive').notNull().default(false),
    enableBrowser: boolean('enable_browser').notNull().default(false),
    status: taskStatus('status').notNull().default('pending'),
    /** Percent. */
    progress: integer('progress').notNull().default(0),
    error: text('error'),
    branchName: text('branch_name'),
    /**
     * Not a foreign key, because the sandbox is its provider's; likewise the agent's session below.
     */
    sandboxId: text('sandbox_id'),
    sandboxUrl: text('sandbox_url'),
    agentSessionId: text('agent_session_id'),
    previewUrl: text('preview_url'),
    prUrl: text('pr_url'),
    prNumber: integer('pr_number'),
    prStatus: pullRequestStatus('pr_status'),
    prMergeCommitSha: text('pr_merge_commit_sha'),
    /** Connectors of the same user. An array cannot have foreign keys, so the queries check. */
    mcpServerIds: text('mcp_server_ids').array().notNull().default(sql`'{}'::text[]`),
    /**
     * Identifies the running claim; each claim gets a new value, so that a worker whose lease
     * expired cannot report.
     */
    leaseToken: text('lease_token'),
    /** The end of the lease, which the worker renews while it runs. */
    leaseExpiresAt: instant('lease_expires_at'),
    /** How often workers have claimed the task since a person last set it to pending. */
    attempts: integer('attempts').notNull().default(0),
    /** The sequence of the newest message, and so their number, because sequences have no gaps. */
    messageCount: integer('message_count').notNull().default(0),
    /** The sequence of the newest log line, and so their number. */
    logCount: integer('log_count').notNull().default(0),
    completedAt: instant('completed_at'),
    deletedAt: instant('deleted_at'),
    /** The words and the owner as one more word, so that one index finds this user's matches. */
    search: tsvector('search')
      .notNull()
      .generatedAlwaysAs(
        (): SQL =>
          sql`array_to_tsvector(array['user:' || ${tasks.userId}]) || to_tsvector('english'::regconfig, coalesce(${tasks.title}, '') || ' ' || ${tasks.prompt})`,
      ),
    ...snakeTimestamps,
  },
  (t) => [
    foreignKey({
      name: 'tasks_user_id_fkey',
      columns: [t.userId],
      foreignColumns: [users.id],
    }).onDelete('cascade'),
    /** The target of the children's composite foreign keys, so that their user is their task's. */
    unique('tasks_id_user_id_key').on(t.id, t.userId),
    /** Serves a user's tasks of one status, newest first (read backwards), and the foreign key. */
    index('tasks_user_id_status_created_at_id_idx').on(t.userId, t.status, t.createdAt, t.id),
    /** Serves a user's live tasks, newest first (read backwards). */
    index('tasks_user_id_created_at_id_live_idx')
      .on(t.userId, t.createdAt, t.id)
      .where(sql`${t.deletedAt} is null`),
    /** Serves a user's deleted tasks, newest first (read backwards). */
    index('tasks_user_id_created_at_id_deleted_idx')
      .on(t.userId, t.createdAt, t.id)
      .where(sql`${t.deletedAt} is not null`),
    /** Serves the words filter of a user's tasks. */
    index('tasks_search_idx').using('gin', t.search),
    /** Serves claiming: the oldest pending task of all. */
    index('tasks_pending_idx')
      .on(t.createdAt, t.id)
      .where(sql`${t.status} = 'pending' and ${t.deletedAt} is null`),
    /** Serves claiming: tasks whose lease has expired. */
    index('tasks_lease_expires_at_id_idx')
      .on(t.leaseExpiresAt, t.id)
      .where(sql`${t.status} = 'processing' and ${t.deletedAt} is null`),
    check('tasks_progress_check', sql`${t.progress} between 0 and 100`),
    check('tasks_max_duration_check', sql`${t.maxDuration} between 1 and 300`),
    check('tasks_pr_number_check', sql`${t.prNumber} > 0`),
    check('tasks_counts_check', sql`${t.messageCount} >= 0 and ${t.logCount} >= 0`),
    check('tasks_attempts_check', sql`${t.attempts} >= 0`),
    check(
      'tasks_lease_check',
      sql`(${t.leaseToken} is null) = (${t.leaseExpiresAt} is null) and (${t.leaseToken} is null or ${t.status} = 'processing')`,
    ),
    check(
      'tasks_completed_at_check',
      sql`(${t.completedAt} is not null) = (${t.status} in ('completed', 'error', 'stopped'))`,
    ),
  ],
);

const taskFields = {
  prompt: filledProse(100_000),
  title: line(200),
  repoUrl: url,
  selectedModel: line(100),
  maxDuration: (field: z.ZodInt) => field.min(1).max(300),
  progress: (field: z.ZodInt) => field.min(0).max(100),
  error: prose(10_000),
  branchName: line(250),
  sandboxId: line(255),
  sandboxUrl: url,
  agentSessionId: line(255),
  previewUrl: url,
  prUrl: url,
  prNumber: (field: z.ZodInt) => field.min(1),
  prMergeCommitSha: (field: z.ZodString) =>
    field.regex(/^[0-9a-f]{40}([0-9a-f]{24})?$/, 'must be a commit hash in lower-case hex'),
  mcpServerIds: () => z.array(idSchema).max(50),
};

// drizzle-zod types a refined column as required in an insert, also when it is nullable or has a default.
const optional = {
  title: true,
  repoUrl: true,
  selectedModel: true,
  maxDuration: true,
  progress: true,
  error: true,
  branchName: true,
  sandboxId: true,
  sandboxUrl: true,
  agentSessionId: true,
  previewUrl: true,
  prUrl: true,
  prNumber: true,
  prMergeCommitSha: true,
  mcpServerIds: true,
} as const;

export const insertTaskSchema = createInsertSchema(tasks, taskFields).partial(optional).strict();
export const selectTaskSchema = createSelectSchema(tasks);
/** The columns that an owner may change by hand. Status, lease, counts and deletion have functions of their own. */
export const updateTaskSchema = createUpdateSchema(tasks, taskFields)
  .omit({
    ...immutable,
    status: true,
    error: true,
    leaseToken: true,
    leaseExpiresAt: true,
    attempts: true,
    messageCount: true,
    logCount: true,
    completedAt: true,
    deletedAt: true,
  })
  .strict();

export type Task = typeof tasks.$inferSelect;
export type NewTask = typeof tasks.$inferInsert;
