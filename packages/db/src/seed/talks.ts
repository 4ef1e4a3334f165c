import type {
  NewChannelMessage,
  NewChannelMessageReaction,
  NewChannelReadStatus,
  NewConversation,
  NewMessage,
} from '../schema/index.ts';
import { after, seedId } from './fixed.ts';
import { driveId, type Person, userId } from './people.ts';
import { pageId } from './workspace.ts';

const general = pageId('product', 'general');
const saidId = (n: number) => seedId(`channel message ${n}`);

const said = (
  n: number,
  person: Person,
  content: string,
  more: Partial<NewChannelMessage> = {},
): NewChannelMessage => ({
  id: saidId(n),
  pageId: general,
  userId: userId(person),
  content,
  createdAt: after(16, n),
  updatedAt: after(16, n),
  ...more,
});

/** A channel with a thread, an edit that left its former text, and a deleted message. */
export const channelMessages: NewChannelMessage[] = [
  said(1, 'ada', 'The rehearsal is on Thursday at ten.', { editedAt: after(16, 2) }),
  said(2, 'ada', 'The rehearsal is on Tuesday at ten.', {
    createdAt: after(16, 1),
    isActive: false,
  }),
  said(3, 'ben', 'I bring the copy of the index.', { parentId: saidId(1) }),
  said(4, 'chloe', 'Please write down how long each step takes.', { parentId: saidId(1) }),
  said(5, 'ben', 'The old index is read-only from now on.'),
  said(6, 'chloe', 'wrong window, sorry', { isActive: false }),
  said(7, 'chloe', 'The announcement is ready for review in “Launch plan”.'),
];

const reaction = (n: number, person: Person, emoji: string): NewChannelMessageReaction => ({
  id: seedId(`reaction ${n} ${person} ${emoji}`),
  messageId: saidId(n),
  userId: userId(person),
  emoji,
});
export const channelMessageReactions: NewChannelMessageReaction[] = [
  reaction(1, 'ben', '👍'),
  reaction(1, 'chloe', '👍'),
  reaction(7, 'ada', '🎉'),
];

/** Ada has not read Chloé's last message, Ben has read everything, Chloé has never looked. */
export const channelReadStatus: NewChannelReadStatus[] = [
  { userId: userId('ada'), pageId: general, lastReadAt: after(16, 5) },
  { userId: userId('ben'), pageId: general, lastReadAt: after(16, 7) },
];

const conversation = (
  name: string,
  minute: number,
  more: Partial<NewConversation>,
): NewConversation => ({
  id: seedId(`conversation ${name}`),
  userId: userId('ada'),
  type: 'GLOBAL',
  title: name,
  lastMessageAt: after(17, minute),
  createdAt: after(17),
  updatedAt: after(17, minute),
  ...more,
});
/** One of each type. */
export const conversations: NewConversation[] = [
  conversation('A name for the release', 3, {}),
  conversation('Shorten the plan', 6, { type: 'PAGE', pageId: pageId('product', 'Launch plan') }),
  conversation('Where things are', 8, { type: 'DRIVE', driveId: driveId('product') }),
];

const turn = (
  name: string,
  minute: number,
  role: NewMessage['role'],
  content: string,
  more: Partial<NewMessage> = {},
): NewMessage => ({
  id: seedId(`turn ${name} ${minute}`),
  conversationId: seedId(`conversation ${name}`),
  userId: role === 'user' ? userId('ada') : null,
  role,
  content,
  createdAt: after(17, minute),
  updatedAt: after(17, minute),
  ...more,
});
/** With a call of a tool, an edited question, and an answer that was cut off. */
export const messages: NewMessage[] = [
  turn('A name for the release', 1, 'user', 'Name a release that only makes search faster.'),
  turn('A name for the release', 3, 'assistant', '“Needle”. It finds things in haystacks.'),
  turn('Shorten the plan', 4, 'user', 'Make this plan half as long.', { isActive: false }),
  turn('Shorten the plan', 5, 'user', 'Make this plan a third as long.', {
    editedAt: after(17, 5),
  }),
  turn('Shorten the plan', 6, 'assistant', 'We ship in March. The old index stays for', {
    status: 'INTERRUPTED',
  }),
  turn('Where things are', 7, 'user', 'Where are the risks written down?'),
  turn('Where things are', 8, 'assistant', 'In the sheet “Risks” under “Roadmap”.', {
    toolCalls: [{ id: 'call_1', name: 'search_pages', arguments: { words: 'risks' } }],
    toolResults: [{ callId: 'call_1', result: { titles: ['Risks'] } }],
  }),
];
