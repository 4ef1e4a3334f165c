import { z } from 'zod';

// The fields read from GitHub's payloads, REST and webhooks alike; other fields pass through. A
// field is optional if one of the two omits it, and nullable if GitHub documents null.

/** ISO 8601; a push gives seconds since 1970 in its repository. */
const time = z
  .union([z.iso.datetime({ offset: true }), z.int().nonnegative()])
  .transform((value) => new Date(typeof value === 'number' ? value * 1000 : value));

const id = z.int().positive();
const actor = z.looseObject({ id, login: z.string() });
const label = z.looseObject({
  id: id.optional(),
  name: z.string().optional(),
  color: z.string().nullish(),
});
const milestone = z.looseObject({ id, number: z.int(), title: z.string() });
const repositoryReference = z.looseObject({ id, name: z.string(), full_name: z.string() });
const license = z.looseObject({
  key: z.string().optional(),
  name: z.string().optional(),
  spdx_id: z.string().nullish(),
});
const team = z.looseObject({ id, name: z.string() });
/** A deleted account may appear as null. */
const actors = z
  .array(actor.nullable())
  .transform((all) => all.filter((one) => one !== null))
  .nullish();

const reviewers = z
  .array(z.union([actor, team]).nullable())
  .transform((all) => all.filter((one) => one !== null))
  .nullish();

/** A repository in full, or as an installation lists it. */
export const repositoryPayload = z.looseObject({
  id,
  name: z.string(),
  full_name: z.string(),
  private: z.boolean(),
  description: z.string().nullish(),
  html_url: z.url().optional(),
  stargazers_count: z.int().optional(),
  forks_count: z.int().optional(),
  watchers_count: z.int().optional(),
  open_issues_count: z.int().optional(),
  language: z.string().nullish(),
  topics: z.array(z.string()).optional(),
  visibility: z.string().optional(),
  fork: z.boolean().optional(),
  archived: z.boolean().optional(),
  disabled: z.boolean().optional(),
  is_template: z.boolean().optional(),
  default_branch: z.string().optional(),
  size: z.int().optional(),
  homepage: z.string().nullish(),
  license: license.nullish(),
  clone_url: z.string().optional(),
  ssh_url: z.string().optional(),
  created_at: time.nullish(),
  updated_at: time.nullish(),
  pushed_at: time.nullish(),
  owner: actor.nullish(),
});

export const pullRequestPayload = z.looseObject({
  id,
  number: z.int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string(),
  draft: z.boolean().optional(),
  locked: z.boolean(),
  merged: z.boolean().nullish(),
  html_url: z.url(),
  diff_url: z.url(),
  patch_url: z.url(),
  merge_commit_sha: z.string().nullish(),
  commits: z.int().optional(),
  additions: z.int().optional(),
  deletions: z.int().optional(),
  changed_files: z.int().optional(),
  comments: z.int().optional(),
  review_comments: z.int().optional(),
  head: z.looseObject({
    ref: z.string(),
    sha: z.string(),
    repo: repositoryReference.nullish(),
  }),
  base: z.looseObject({ ref: z.string(), sha: z.string(), repo: repositoryReference }),
  mergeable_state: z.string().optional(),
  author_association: z.string(),
  created_at: time,
  updated_at: time,
  merged_at: time.nullish(),
  closed_at: time.nullish(),
  user: actor.nullish(),
  assignees: actors,
  /** Teams too, which have a name and no login. */
  requested_reviewers: reviewers,
  labels: z.array(label).optional(),
  milestone: milestone.nullish(),
});

export const issuePayload = z.looseObject({
  id,
  number: z.int(),
  title: z.string(),
  body: z.string().nullish(),
  state: z.string().optional(),
  state_reason: z.string().nullish(),
  locked: z.boolean().optional(),
  html_url: z.url(),
  comments: z.int().optional(),
  /** The repository's API address, of which `owner/name` is kept. */
  repository_url: z
    .string()
    .regex(/\/repos\/[^/]+\/[^/]+$/, 'expected an address that ends in /repos/owner/name')
    .transform((address) => address.split('/').slice(-2).join('/')),
  pull_request: z.looseObject({}).nullish(),
  created_at: time,
  updated_at: time,
  closed_at: time.nullish(),
  user: actor.nullish(),
  assignees: actors,
  labels: z.array(z.union([z.string(), label])).optional(),
  milestone: milestone.nullish(),
  reactions: z.looseObject({ total_count: z.int() }).optional(),
});

const signature = z.looseObject({
  name: z.string().nullish(),
  email: z.string().nullish(),
  date: time.nullish(),
});
const parents = z.array(z.looseObject({ sha: z.string().optional() }));
const tree = z.looseObject({ sha: z.string().optional() });
const verification = z.looseObject({
  verified: z.boolean().optional(),
  reason: z.string().optional(),
});

/** A commit from REST's commit endpoints, or from a status event. */
export const commitPayload = z.looseObject({
  sha: z.string(),
  url: z.url().optional(),
  html_url: z.url().optional(),
  commit: z.looseObject({
    message: z.string(),
    author: signature.nullish(),
    committer: signature.nullish(),
    tree: tree.optional(),
    verification: verification.optional(),
  }),
  parents: parents.optional(),
  stats: z
    .looseObject({
      additions: z.int().optional(),
      deletions: z.int().optional(),
      total: z.int().optional(),
    })
    .optional(),
  files: z.array(z.looseObject({ filename: z.string(), status: z.string() })).optional(),
});

/** A commit from the Git database and the contents endpoints. */
export const gitCommitPayload = z.looseObject({
  sha: z.string(),
  url: z.url().optional(),
  html_url: z.url().optional(),
  message: z.string(),
  author: signature.nullish(),
  committer: signature.nullish(),
  tree,
  parents,
  verification: verification.optional(),
});

/** A commit of a push. */
export const pushCommitPayload = z.looseObject({
  id: z.string(),
  tree_id: z.string(),
  message: z.string(),
  timestamp: time,
  url: z.url().optional(),
  author: signature.nullish(),
  committer: signature.nullish(),
  added: z.array(z.string()).optional(),
  removed: z.array(z.string()).optional(),
  modified: z.array(z.string()).optional(),
});

/** The repository of an event. */
export type RepositoryContext = z.output<typeof repositoryReference> & {
  readonly html_url?: string | undefined;
};
export const repositoryContext = repositoryReference.extend({ html_url: z.url().optional() });
