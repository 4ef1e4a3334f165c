import type { upsertGithubPullRequests } from '@ait/postgres/worker';

type Rows = Parameters<typeof upsertGithubPullRequests>[2];
export type PullRequest = Rows extends Iterable<infer Row> | AsyncIterable<infer Row> ? Row : never;

const text =
  'This change does what the issue asks for, and nothing "else".\n\nIt has tests. '.repeat(5);

/** A pull request as REST gives it, about 1.4 KB; another version differs in title and time. */
export function pullRequest(index: number, version: number): PullRequest {
  const url = `https://github.com/acme/widgets/pull/${index}`;
  return {
    id: String(1_000_000_000 + index),
    number: index,
    title: `Make widget ${index} turn, take ${version}`,
    body: text,
    state: index % 3 === 0 ? 'open' : 'closed',
    draft: false,
    locked: false,
    merged: index % 3 !== 0,
    url,
    diffUrl: `${url}.diff`,
    patchUrl: `${url}.patch`,
    mergeCommitSha: 'e5bd3914e2e596debea16f433f57875b5b90bcd6',
    commits: 3,
    additions: 10,
    deletions: 5,
    changedFiles: 3,
    comments: 1,
    reviewComments: 0,
    headRef: `change-${index}`,
    headSha: 'e5bd3914e2e596debea16f433f57875b5b90bcd6',
    baseRef: 'main',
    baseSha: 'a10867b14bb761a232cd80139fbd4c0d33264240',
    repositoryId: '35129377',
    repositoryName: 'widgets',
    repositoryFullName: 'acme/widgets',
    mergeableState: 'clean',
    authorAssociation: 'MEMBER',
    prCreatedAt: new Date(1_700_000_000_000 + index * 1000),
    prUpdatedAt: new Date(1_710_000_000_000 + index * 1000 + version),
    mergedAt: null,
    closedAt: null,
    userData: { id: 5, login: 'octocat', type: 'User', html_url: 'https://github.com/octocat' },
    labelsData: [{ id: 1, name: 'bug', color: 'ff0000' }],
  };
}

/** The fields that a pull request must have, and its author. */
function required(index: number, version: number): PullRequest {
  const { id, number, title, state, url, headRef, headSha, baseRef, baseSha, ...others } =
    pullRequest(index, version);
  const { repositoryId, repositoryName, repositoryFullName, prCreatedAt, prUpdatedAt, userData } =
    others;
  return {
    ...{ id, number, title, state, url, headRef, headSha, baseRef, baseSha },
    ...{ repositoryId, repositoryName, repositoryFullName, prCreatedAt, prUpdatedAt, userData },
  };
}

/** The contents of a row. */
export const shapes = { required, whole: pullRequest } as const;
export type Shape = keyof typeof shapes;

export const pullRequests = (shape: Shape, count: number, version: number) =>
  Array.from({ length: count }, (_, index) => shapes[shape](index, version));
