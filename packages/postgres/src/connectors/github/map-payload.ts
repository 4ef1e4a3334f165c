import type { z } from 'zod';
import type { FoundPayload } from './find-payloads.ts';
import {
  commitPayload,
  gitCommitPayload,
  issuePayload,
  pullRequestPayload,
  pushCommitPayload,
  repositoryPayload,
} from './payloads.ts';
import {
  type CommitRow,
  commitRow,
  gitCommitRow,
  type IssueRow,
  issueRow,
  type PullRequestRow,
  pullRequestRow,
  pushCommitRow,
  type RepositoryRow,
  repositoryRow,
} from './rows.ts';

/** A row for one of the four tables, or why there is none. */
export type MappedPayload =
  | { readonly entity: 'repository'; readonly row: RepositoryRow }
  | { readonly entity: 'pull_request'; readonly row: PullRequestRow }
  | { readonly entity: 'issue'; readonly row: IssueRow }
  | { readonly entity: 'commit'; readonly row: CommitRow }
  | { readonly entity: 'unfit'; readonly problems: readonly PayloadProblem[] };

/** A value that does not fit, and its path in the document. */
export interface PayloadProblem {
  readonly path: string;
  readonly message: string;
}

/** Checks one payload and makes its row. A payload's content never makes it throw. */
export function mapPayload({ kind, path, value, context }: FoundPayload): MappedPayload {
  switch (kind) {
    case 'repository':
      return checked(repositoryPayload, (p) => ({ entity: 'repository', row: repositoryRow(p) }));
    case 'pull_request':
      return checked(pullRequestPayload, (p) => ({
        entity: 'pull_request',
        row: pullRequestRow(p),
      }));
    case 'issue':
      return checked(issuePayload, (p) => ({ entity: 'issue', row: issueRow(p, context) }));
    case 'commit':
      return checked(commitPayload, (p) => ({ entity: 'commit', row: commitRow(p, context) }));
    case 'git_commit':
      return checked(gitCommitPayload, (p) => ({
        entity: 'commit',
        row: gitCommitRow(p, context),
      }));
    case 'push_commit':
      return checked(pushCommitPayload, (p) => ({
        entity: 'commit',
        row: pushCommitRow(p, context),
      }));
  }

  function checked<S extends z.ZodType>(
    schema: S,
    map: (payload: z.output<S>) => MappedPayload,
  ): MappedPayload {
    const parsed = schema.safeParse(value);
    if (parsed.success) return map(parsed.data);
    const problems = parsed.error.issues.map((issue) => ({
      path: [path, ...issue.path.map(String)].join('/'),
      message: issue.message,
    }));
    return { entity: 'unfit', problems };
  }
}
