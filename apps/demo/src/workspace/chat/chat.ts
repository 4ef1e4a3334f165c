'use server';
// Actions of a page's AI chat.
import {
  editChatMessage,
  insertChatMessageSchema,
  listChatMessages,
  selectChatMessageSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { answerByEcho } from './echo.ts';

const { id: messageId, pageId } = selectChatMessageSchema.shape;

const onePage = z.object({ pageId });
export const readChat = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) =>
      listChatMessages(pagespace(), { userId, pageId, limit: 100 }),
  });

const question = insertChatMessageSchema.pick({ pageId: true, content: true });
export const ask = async (input: z.input<typeof question>) =>
  act(input, {
    schema: question,
    query: (asked, { userId }) => answerByEcho(pagespace(), { userId, ...asked }),
  });

const edit = insertChatMessageSchema.pick({ content: true }).extend({ messageId });
export const editQuestion = async (input: z.input<typeof edit>) =>
  act(input, {
    schema: edit,
    query: (changes, { userId }) => editChatMessage(pagespace(), { userId, ...changes }),
  });
