import type { components } from '@octokit/openapi-types';
import { eq, sql } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, expectTypeOf, test } from 'vitest';
import type { z } from 'zod';
import { findPayloads } from '../../src/connectors/github/find-payloads.ts';
import { ingestGithubDocuments } from '../../src/connectors/github/ingest.ts';
import type {
  commitPayload,
  gitCommitPayload,
  issuePayload,
  pullRequestPayload,
  repositoryPayload,
} from '../../src/connectors/github/payloads.ts';
import {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
} from '../../src/schemas/index.ts';
import { connect, openDatabase, type TestDatabase } from '../database.ts';
import { restDocuments, webhookDocuments } from './recorded-payloads.ts';

let database: TestDatabase;
let connectorConfigId: string;
beforeAll(async () => {
  database = await openDatabase();
});
afterAll(() => database.close());
beforeEach(async () => {
  ({ connectorConfigId } = await connect(database.db));
});

/** The fields that a payload schema names. */
type Named<S extends z.ZodType> = keyof {
  [K in keyof z.input<S> as string extends K ? never : K]: unknown;
};

test('every field that is read is one that GitHub describes', () => {
  type Schemas = components['schemas'];
  expectTypeOf<Named<typeof repositoryPayload>>().toExtend<keyof Schemas['full-repository']>();
  expectTypeOf<Named<typeof pullRequestPayload>>().toExtend<keyof Schemas['pull-request']>();
  expectTypeOf<Named<typeof issuePayload>>().toExtend<keyof Schemas['issue']>();
  expectTypeOf<Named<typeof commitPayload>>().toExtend<keyof Schemas['commit']>();
  expectTypeOf<Named<typeof gitCommitPayload>>().toExtend<keyof Schemas['git-commit']>();
});

type Json = Record<string, unknown>;

/** A field of a payload by its path: `head.repo.id`. */
const at = (payload: Json, path: string): unknown =>
  path.split('.').reduce<unknown>((value, key) => Reflect.get(Object(value), key), payload);

const asTime = (value: unknown) =>
  typeof value === 'number' ? value * 1000 : value === null ? null : Date.parse(String(value));

/** For each column the path in the payload; written here a second time, apart from the mapping. */
const fields = {
  repository: {
    name: 'name',
    fullName: 'full_name',
    description: 'description',
    url: 'html_url',
    stars: 'stargazers_count',
    forks: 'forks_count',
    watchers: 'watchers_count',
    openIssues: 'open_issues_count',
    language: 'language',
    topics: 'topics',
    visibility: 'visibility',
    isPrivate: 'private',
    isFork: 'fork',
    isArchived: 'archived',
    isDisabled: 'disabled',
    isTemplate: 'is_template',
    defaultBranch: 'default_branch',
    size: 'size',
    homepage: 'homepage',
    cloneUrl: 'clone_url',
    sshUrl: 'ssh_url',
    repoCreatedAt: 'created_at',
    repoUpdatedAt: 'updated_at',
    pushedAt: 'pushed_at',
    ownerData: 'owner',
    licenseData: 'license',
  },
  pull_request: {
    number: 'number',
    title: 'title',
    body: 'body',
    state: 'state',
    draft: 'draft',
    locked: 'locked',
    merged: 'merged',
    url: 'html_url',
    diffUrl: 'diff_url',
    patchUrl: 'patch_url',
    mergeCommitSha: 'merge_commit_sha',
    commits: 'commits',
    additions: 'additions',
    deletions: 'deletions',
    changedFiles: 'changed_files',
    comments: 'comments',
    reviewComments: 'review_comments',
    headRef: 'head.ref',
    headSha: 'head.sha',
    baseRef: 'base.ref',
    baseSha: 'base.sha',
    repositoryName: 'base.repo.name',
    repositoryFullName: 'base.repo.full_name',
    mergeableState: 'mergeable_state',
    authorAssociation: 'author_association',
    prCreatedAt: 'created_at',
    prUpdatedAt: 'updated_at',
    mergedAt: 'merged_at',
    closedAt: 'closed_at',
    userData: 'user',
    assigneesData: 'assignees',
    reviewersData: 'requested_reviewers',
    labelsData: 'labels',
    milestoneData: 'milestone',
    headRepoData: 'head.repo',
    baseRepoData: 'base.repo',
  },
  issue: {
    number: 'number',
    title: 'title',
    body: 'body',
    state: 'state',
    stateReason: 'state_reason',
    locked: 'locked',
    url: 'html_url',
    comments: 'comments',
    issueCreatedAt: 'created_at',
    issueUpdatedAt: 'updated_at',
    closedAt: 'closed_at',
    authorData: 'user',
    assigneesData: 'assignees',
    labelsData: 'labels',
    milestoneData: 'milestone',
    reactionsData: 'reactions',
  },
  commit: {
    url: 'html_url',
    authorName: 'commit.author.name',
    authorEmail: 'commit.author.email',
    authoredAt: 'commit.author.date',
    committerName: 'commit.committer.name',
    committerEmail: 'commit.committer.email',
    committedAt: 'commit.committer.date',
    tree: 'commit.tree.sha',
    verification: 'commit.verification',
  },
  git_commit: {
    url: 'html_url',
    authorName: 'author.name',
    authorEmail: 'author.email',
    authoredAt: 'author.date',
    committerName: 'committer.name',
    committedAt: 'committer.date',
    tree: 'tree.sha',
    verification: 'verification',
  },
  push_commit: {
    url: 'url',
    authorName: 'author.name',
    authorEmail: 'author.email',
    committerName: 'committer.name',
    committedAt: 'timestamp',
    tree: 'tree_id',
  },
};

/** Field by field, what is stored against what the payload says; a field it lacks is not compared. */
function differences(kind: keyof typeof fields, payload: Json, row: object | undefined): string[] {
  if (!row) return ['the row is missing'];
  return Object.entries(fields[kind]).flatMap(([column, path]) => {
    const said = at(payload, path);
    if (said === undefined) return [];
    const stored: unknown = Reflect.get(row, column);
    const same =
      stored instanceof Date
        ? stored.getTime() === asTime(said)
        : expectEqual(stored ?? null, said ?? null);
    return same ? [] : [`${kind} ${column}: ${JSON.stringify(stored)} for ${JSON.stringify(said)}`];
  });
}

function expectEqual(a: unknown, b: unknown): boolean {
  try {
    expect(a).toEqual(b);
    return true;
  } catch {
    return false;
  }
}

/** Empties the connection, so that no earlier payload about the same thing is in the way. */
async function forgetRows(): Promise<void> {
  await database.db.execute(sql`
    with a as (delete from github_repositories where connector_config_id = ${connectorConfigId}),
      b as (delete from github_pull_requests where connector_config_id = ${connectorConfigId}),
      c as (delete from github_issues where connector_config_id = ${connectorConfigId})
    delete from github_commits where connector_config_id = ${connectorConfigId}`);
}

async function storedRow(kind: keyof typeof fields, payload: Json): Promise<object | undefined> {
  const { db } = database;
  const mine = {
    repository: githubRepositories,
    pull_request: githubPullRequests,
    issue: githubIssues,
  };
  const id = String(kind === 'push_commit' ? payload.id : (payload.sha ?? payload.id));
  const rows =
    kind === 'repository' || kind === 'pull_request' || kind === 'issue'
      ? await db.select().from(mine[kind]).where(eq(mine[kind].id, id))
      : await db.select().from(githubCommits).where(eq(githubCommits.sha, id));
  return rows.find((row) => row.connectorConfigId === connectorConfigId);
}

describe('payloads that nobody here wrote', () => {
  test.each([
    ['webhook deliveries', webhookDocuments, { stored: 414, reported: 21 }],
    ['REST recordings', restDocuments, { stored: 63, reported: 0 }],
  ])(
    '%s: each is stored faithfully, or reported with its path',
    async (_, read, counts) => {
      const { db } = database;
      let stored = 0;
      let reported = 0;
      // One at a time, since later deliveries about the same thing rightly replace earlier ones.
      for (const document of read()) {
        const { source } = document;
        const value = 'value' in document ? document.value : undefined;
        for (const { kind, path, value: payload, context } of findPayloads(value)) {
          await forgetRows();
          const alone = {
            source,
            value: context ? { repository: context, part: payload } : payload,
          };
          const summary = await ingestGithubDocuments(db, connectorConfigId, [alone]);
          if (summary.skipped > 0) {
            reported += 1;
            expect(summary.problems[0]?.path, path).toMatch(/^(\/part|\/)/);
            continue;
          }
          stored += 1;
          const row = await storedRow(kind, payload as Json);
          expect(differences(kind, payload as Json, row), `${source}#${path}`).toEqual([]);
          if (row && 'message' in row && 'body' in row) {
            const whole = row.body === null ? row.message : `${row.message}\n${row.body}`;
            const said = at(payload as Json, kind === 'commit' ? 'commit.message' : 'message');
            expect(whole).toBe(said);
          }
        }
      }
      expect({ stored, reported }).toEqual(counts);
    },
    240_000,
  );

  test('a second ingest changes nothing', async () => {
    const { db } = database;
    const documents = [...webhookDocuments(), ...restDocuments()];
    const first = await ingestGithubDocuments(db, connectorConfigId, documents);
    const second = await ingestGithubDocuments(db, connectorConfigId, documents);
    for (const table of ['repositories', 'pullRequests', 'issues', 'commits'] as const) {
      expect(first[table].inserted).toBeGreaterThan(0);
      expect(second[table]).toEqual({ inserted: 0, updated: 0, unchanged: first[table].inserted });
    }
    expect(second.skipped).toBe(first.skipped);
    expect(first.problems.every(({ path }) => path.startsWith('/'))).toBe(true);
  });
});

test('documents ingested in small groups change nothing the second time, nor in another grouping', async () => {
  const { db } = database;
  const { connectorConfigId } = await connect(db);
  const [{ source, value } = { source: '', value: [] }] = webhookDocuments().filter(
    (one) => 'value' in one,
  );
  const documents = (value as unknown[]).map((one, index) => ({
    source: `${source}#${index}`,
    value: one,
  }));
  const ingestBy = async (size: number) => {
    const sum = { inserted: 0, updated: 0 };
    for (let start = 0; start < documents.length; start += size) {
      const group = documents.slice(start, start + size);
      const summary = await ingestGithubDocuments(db, connectorConfigId, group);
      for (const table of ['repositories', 'pullRequests', 'issues', 'commits'] as const) {
        sum.inserted += summary[table].inserted;
        sum.updated += summary[table].updated;
      }
    }
    return sum;
  };
  expect((await ingestBy(24)).inserted).toBeGreaterThan(0);
  const nothing = { inserted: 0, updated: 0 };
  expect(await ingestBy(24)).toEqual(nothing);
  expect(await ingestBy(37)).toEqual(nothing);
}, 60_000);

describe('payloads that do not fit', () => {
  const repository = { id: 1, name: 'widgets', full_name: 'acme/widgets', private: false };

  test('are skipped with document and path, and the rest is stored', async () => {
    const value = [repository, { ...repository, id: 'one' }, { ...repository, id: 2 }];
    const summary = await ingestGithubDocuments(database.db, connectorConfigId, [
      { source: 'a.json', value },
    ]);
    expect(summary.repositories.inserted).toBe(2);
    expect(summary.skipped).toBe(1);
    expect(summary.problems).toMatchObject([{ source: 'a.json', path: '/1/id' }]);
  });

  test('one that its table refuses is found among thousands', async () => {
    const value = Array.from({ length: 3000 }, (_, id) => ({ ...repository, id: id + 1 }));
    Object.assign(value[1234] ?? {}, { name: 'x'.repeat(300) });
    const summary = await ingestGithubDocuments(database.db, connectorConfigId, [
      { source: 'b.json', value },
    ]);
    expect(summary.repositories.inserted).toBe(2999);
    expect(summary.problems).toMatchObject([
      { path: '/1234', message: expect.stringContaining('field name: 300 characters') },
    ]);
  });

  test('an event that lacks what it is about is reported, not passed over', async () => {
    const summary = await ingestGithubDocuments(database.db, connectorConfigId, [
      { source: 'c.json', value: { action: 'opened', pull_request: {}, repository } },
    ]);
    expect(summary).toMatchObject({ skipped: 1, repositories: { inserted: 1 } });
    expect(summary.problems[0]?.path).toBe('/pull_request/id');
  });
});
