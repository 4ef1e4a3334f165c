import type { EntityInput } from '../queries/entity/define-entity.ts';
import { githubRepositoryFileId } from '../queries/vendors/pg.github.queries.ts';
import type {
  githubCommits,
  githubIssues,
  githubPullRequests,
  githubRepositories,
  githubRepositoryFiles,
} from '../schemas/index.ts';
import { at, hourAfter, person, phrase, sha, topic } from './made-up.ts';

const repositoryOf = (index: number) => {
  const name = topic(index % 8);
  return { id: `repository-${name}`, name, fullName: `acme/${name}` };
};
const repositoryColumns = (index: number) => {
  const { id, name, fullName } = repositoryOf(index);
  return { repositoryId: id, repositoryName: name, repositoryFullName: fullName };
};
const account = (index: number) => ({
  id: (index % 8) + 1,
  login: person(index % 8),
  type: 'User',
});

export function repositorySample(index: number): EntityInput<typeof githubRepositories> {
  const { id, name, fullName } = repositoryOf(index);
  return {
    id,
    name,
    fullName,
    description: `Everything about ${name}`,
    url: `https://github.com/${fullName}`,
    stars: index * 3,
    forks: index,
    openIssues: index % 5,
    language: 'TypeScript',
    topics: [name, 'sample'],
    visibility: 'private',
    isPrivate: true,
    defaultBranch: 'main',
    size: 1000 + index,
    license: 'MIT',
    repoCreatedAt: at(0),
    repoUpdatedAt: at(index),
    pushedAt: at(index),
    ownerData: { id: 100, login: 'acme', type: 'Organization' },
  };
}

export function pullRequestSample(index: number): EntityInput<typeof githubPullRequests> {
  const isOpen = index % 3 === 0;
  const { fullName } = repositoryOf(index);
  return {
    id: `pull-${index}`,
    number: index + 1,
    title: phrase(index),
    body: `${phrase(index)} as ${person(index)} asked.`,
    state: isOpen ? 'open' : 'closed',
    merged: !isOpen,
    url: `https://github.com/${fullName}/pull/${index + 1}`,
    commits: (index % 4) + 1,
    additions: index * 2,
    deletions: index,
    changedFiles: (index % 9) + 1,
    headRef: `change-${index}`,
    headSha: sha(index),
    baseRef: 'main',
    baseSha: sha(0),
    ...repositoryColumns(index),
    authorAssociation: 'MEMBER',
    prCreatedAt: at(index),
    prUpdatedAt: hourAfter(index),
    mergedAt: isOpen ? null : hourAfter(index),
    closedAt: isOpen ? null : hourAfter(index),
    userData: account(index),
    labelsData: [{ id: 1, name: 'sample' }],
  };
}

export function issueSample(index: number): EntityInput<typeof githubIssues> {
  const labels = index % 2 === 0 ? ['bug', topic(index)] : [topic(index)];
  return {
    id: `issue-${index}`,
    number: index + 1,
    title: `${phrase(index)}: it does not work`,
    state: index % 4 === 0 ? 'open' : 'closed',
    url: `https://github.com/${repositoryOf(index).fullName}/issues/${index + 1}`,
    comments: index % 6,
    ...repositoryColumns(index),
    labelNames: labels,
    issueCreatedAt: at(index),
    issueUpdatedAt: hourAfter(index),
    authorData: account(index),
    labelsData: labels.map((name) => ({ name })),
  };
}

export function commitSample(index: number): EntityInput<typeof githubCommits> {
  return {
    sha: sha(index),
    message: phrase(index),
    body: null,
    url: `https://github.com/${repositoryOf(index).fullName}/commit/${sha(index)}`,
    authorName: person(index),
    authorEmail: `${person(index)}@example.com`,
    authoredAt: at(index),
    committerName: person(index),
    committerEmail: `${person(index)}@example.com`,
    committedAt: at(index),
    parentShas: index === 0 ? [] : [sha(index - 1)],
    additions: index % 50,
    deletions: index % 20,
    total: (index % 50) + (index % 20),
    ...repositoryColumns(index),
  };
}

export function fileSample(index: number): EntityInput<typeof githubRepositoryFiles> {
  const { id: repositoryId, fullName } = repositoryOf(index);
  const path = `src/${topic(index)}/part-${index}.ts`;
  const content = `export const part = ${index};\n`;
  return {
    id: githubRepositoryFileId({ repositoryId, branch: 'main', path }),
    repositoryId,
    repositoryFullName: fullName,
    branch: 'main',
    path,
    name: `part-${index}.ts`,
    sha: sha(index),
    content,
    size: content.length,
    language: 'TypeScript',
    extension: 'ts',
    linesOfCode: 1,
  };
}
