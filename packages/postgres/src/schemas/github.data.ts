/** Nested objects of GitHub's payloads, kept whole; the code reads only the fields named here. */

export type GithubActorData = {
  id: number;
  login: string;
  type?: string;
  avatar_url?: string;
  html_url?: string;
  [field: string]: unknown;
};

/** A person or a team that is asked for a review. */
export type GithubReviewerData = {
  id: number;
  login?: string | undefined;
  name?: string | null | undefined;
  [field: string]: unknown;
};

export type GithubLabelData = {
  id?: number;
  name?: string;
  color?: string | null;
  [field: string]: unknown;
};

export type GithubMilestoneData = {
  id: number;
  number: number;
  title: string;
  [field: string]: unknown;
};

export type GithubRepoData = {
  id: number;
  name: string;
  full_name?: string;
  [field: string]: unknown;
};

export type GithubLicenseData = {
  key?: string | undefined;
  name?: string | undefined;
  spdx_id?: string | null | undefined;
  [field: string]: unknown;
};

export type GithubReactionsData = { total_count: number; [reaction: string]: unknown };

/** REST lists the files of a commit; a push lists their paths as added, modified or removed. */
export type GithubFilesData =
  | Array<{ filename: string; status: string; [field: string]: unknown }>
  | { added: string[]; removed: string[]; modified: string[] };

export type GithubVerificationData = {
  verified?: boolean | undefined;
  reason?: string | undefined;
  [field: string]: unknown;
};

/**
 * The delivery of each field of a row: the rank of the newest one, then those of older ones with
 * the fields that only they held. `null` stands for the fields that no delivery has held yet.
 */
export type GithubDeliveries = ReadonlyArray<{
  readonly rank: readonly [time: number, digest: string] | null;
  /** Absent: all fields that no other entry names. */
  readonly fields?: readonly string[];
}>;
