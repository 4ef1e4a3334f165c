// Every write of the application: how to come to it, how to ask for it, and what is still there when
// the server did not do it. Forms and composers have more cases in forms.ts; here each has its name.
import { channelWrites } from './writes/channel.ts';
import { chatWrites } from './writes/chat.ts';
import { commentWrites } from './writes/comments.ts';
import { connectorWrites } from './writes/connectors.ts';
import { fileWrites } from './writes/file.ts';
import { guideWrites } from './writes/guide.ts';
import { historyWrites } from './writes/history.ts';
import { knowledgeWrites } from './writes/knowledge.ts';
import { labWrites } from './writes/lab.ts';
import { memberWrites } from './writes/members.ts';
import { notificationWrites } from './writes/notifications.ts';
import { pageWrites } from './writes/pages.ts';
import { settingWrites } from './writes/settings.ts';
import { sharingWrites } from './writes/sharing.ts';
import { signInWrites } from './writes/sign-in.ts';
import { taskWrites } from './writes/tasks.ts';
import type { WriteCases } from './writes/write-case.ts';

export const writes: WriteCases = {
  ...connectorWrites,
  ...guideWrites,
  ...knowledgeWrites,
  ...notificationWrites,
  ...settingWrites,
  ...signInWrites,
  ...taskWrites,
  ...labWrites,
  ...channelWrites,
  ...chatWrites,
  ...commentWrites,
  ...fileWrites,
  ...historyWrites,
  ...memberWrites,
  ...pageWrites,
  ...sharingWrites,
};

/** Actions that change nothing that anybody made: lists, answers, and notes of a screen itself. */
export const reads = [
  'connectors/actions moreActivity',
  'connectors/actions moreRows',
  'knowledge/actions followIngestion',
  'knowledge/actions moreDocuments',
  'statements/actions showPlan',
  'statements/actions showStatements',
  'tasks/actions followLog',
  'tasks/actions moreTasks',
  'tasks/actions ownTags',
  // Noted again with the next message.
  'workspace/channel/messages markRead',
  'workspace/channel/messages readThread',
  'workspace/chat/chat readChat',
  'workspace/comments/actions readCommentThread',
  'workspace/comments/actions readComments',
  'workspace/file/actions readFiles',
  'workspace/history/actions compareVersions',
  'workspace/history/actions readHistory',
  'workspace/members/actions readInvitations',
  'workspace/pages readPage',
  'workspace/sharing/actions readGrants',
  'workspace/sharing/link-actions readLinks',
  // The browser itself sends it, before or without the scripts.
  'sign-in/actions signIn',
] as const;
