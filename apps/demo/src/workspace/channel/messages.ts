'use server';
// Actions of a channel.
import {
  addReaction,
  appendChannelMessage,
  deleteChannelMessage,
  editChannelMessage,
  insertChannelMessageReactionSchema,
  insertChannelMessageSchema,
  listThreadReplies,
  markChannelRead,
  removeReaction,
  selectChannelMessageSchema,
} from '@pagespace/db';
import { answerOnce } from '@reference/kit/idempotency';
import { appendEvents } from '@reference/kit/outbox';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { messageWritten } from '@/webhooks/events.ts';

const { id: messageId, pageId } = selectChannelMessageSchema.shape;

const newMessage = insertChannelMessageSchema
  .pick({ pageId: true, content: true, parentId: true })
  .extend({ key: z.uuid() });
/** A message that is sent again with its key, because no answer came, is written once. */
export const sendMessage = async (input: z.input<typeof newMessage>) =>
  act(input, {
    schema: newMessage,
    query: async ({ key, ...message }, { userId }) => {
      const of = { scope: `channel message ${userId}`, key, request: message };
      const { answer } = await answerOnce(pagespace(), of, async (tx) => {
        const { id } = await appendChannelMessage(tx, { userId, message });
        await appendEvents(tx, { events: [messageWritten({ messageId: id, ...message })] });
        return { id };
      });
      return answer;
    },
  });

const edit = insertChannelMessageSchema.pick({ content: true }).extend({ messageId });
export const editMessage = async (input: z.input<typeof edit>) =>
  act(input, {
    schema: edit,
    query: (changes, { userId }) => editChannelMessage(pagespace(), { userId, ...changes }),
  });

const oneMessage = z.object({ messageId });
export const deleteMessage = async (input: z.input<typeof oneMessage>) =>
  act(input, {
    schema: oneMessage,
    query: ({ messageId }, { userId }) => deleteChannelMessage(pagespace(), { userId, messageId }),
  });

const reaction = insertChannelMessageReactionSchema
  .pick({ messageId: true, emoji: true })
  .extend({ on: z.boolean() });
export const react = async (input: z.input<typeof reaction>) =>
  act(input, {
    schema: reaction,
    query: ({ on, ...rest }, { userId }) =>
      (on ? addReaction : removeReaction)(pagespace(), { userId, ...rest }),
  });

const thread = z.object({ pageId, messageId });
export const readThread = async (input: z.input<typeof thread>) =>
  act(input, {
    schema: thread,
    query: (of, { userId }) => listThreadReplies(pagespace(), { userId, ...of, limit: 200 }),
  });

const upTo = z.object({ pageId, messageId });
export const markRead = async (input: z.input<typeof upTo>) =>
  act(input, {
    schema: upTo,
    query: (read, { userId }) => markChannelRead(pagespace(), { userId, ...read }),
  });
