'use server';
// What people do in a channel.
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
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const { id: messageId, pageId } = selectChannelMessageSchema.shape;

const newMessage = insertChannelMessageSchema.pick({ pageId: true, content: true, parentId: true });
export const sendMessage = async (input: z.input<typeof newMessage>) =>
  act(input, {
    schema: newMessage,
    query: (message, { userId }) => appendChannelMessage(pagespace(), { userId, message }),
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
