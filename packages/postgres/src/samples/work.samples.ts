import type { EntityInput } from '../queries/entity/define-entity.ts';
import { slackMessageId } from '../queries/vendors/pg.slack.queries.ts';
import type { jiraIssues, linearIssues, notionPages, slackMessages } from '../schemas/index.ts';
import { at, hourAfter, person, phrase, topic } from './made-up.ts';

/** Every fourth message starts a thread that the next three answer. */
export function slackSample(index: number): EntityInput<typeof slackMessages> {
  const ts = slackTime(index);
  const first = index - (index % 4);
  const channelId = `C${String(first % 5).padStart(8, '0')}`;
  return {
    id: slackMessageId(channelId, ts),
    channelId,
    channelName: topic(first % 5),
    text: `${phrase(index)}?`,
    userId: `U${person(index)}`,
    userName: person(index),
    ts,
    threadTs: slackTime(first),
    replyCount: index === first ? 3 : 0,
    permalink: `https://acme.slack.com/archives/${channelId}/p${ts.replace('.', '')}`,
    reactions:
      index % 3 === 0 ? [{ name: 'eyes', count: 1, users: [`U${person(index + 1)}`] }] : [],
  };
}

const slackTime = (index: number) =>
  `${at(index).getTime() / 1000}.${String(index % 1_000_000).padStart(6, '0')}`;

export function jiraSample(index: number): EntityInput<typeof jiraIssues> {
  const isDone = index % 2 === 1;
  return {
    id: String(10_000 + index),
    key: `ACM-${index + 1}`,
    projectKey: 'ACM',
    projectName: 'Acme',
    issueType: index % 3 === 0 ? 'Bug' : 'Task',
    summary: phrase(index),
    status: isDone ? 'Done' : 'In Progress',
    statusCategory: isDone ? 'done' : 'indeterminate',
    priority: 'Medium',
    reporter: { accountId: person(index), displayName: person(index) },
    labels: [topic(index)],
    storyPoints: (index % 5) + 0.5,
    url: `https://acme.atlassian.net/browse/ACM-${index + 1}`,
    jiraCreatedAt: at(index),
    jiraUpdatedAt: hourAfter(index),
    jiraResolvedAt: isDone ? hourAfter(index) : null,
  };
}

export function linearSample(index: number): EntityInput<typeof linearIssues> {
  return {
    id: `linear-${index}`,
    identifier: `ACM-${index + 1}`,
    title: phrase(index),
    state: index % 2 === 0 ? 'In Progress' : 'Done',
    priority: index % 5,
    assignee: { id: person(index), name: person(index), email: `${person(index)}@example.com` },
    teamId: `team-${index % 3}`,
    team: topic(index % 3),
    url: `https://linear.app/acme/issue/ACM-${index + 1}`,
    labels: [topic(index)],
    issueCreatedAt: at(index),
    issueUpdatedAt: hourAfter(index),
    completedAt: index % 2 === 0 ? null : hourAfter(index),
  };
}

export function notionSample(index: number): EntityInput<typeof notionPages> {
  return {
    id: `notion-${index}`,
    title: `Notes on ${topic(index)}`,
    url: `https://www.notion.so/notion-${index}`,
    parentType: 'page_id',
    parentId: index < 5 ? null : `notion-${index % 5}`,
    icon: { type: 'emoji', emoji: '📄' },
    content: `${phrase(index)} first.`,
    properties: { title: { type: 'title', title: [{ plain_text: topic(index) }] } },
    createdBy: { id: person(index), name: person(index) },
    pageCreatedAt: at(index),
    pageEditedAt: hourAfter(index),
  };
}
