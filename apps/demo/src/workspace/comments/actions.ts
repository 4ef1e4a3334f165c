'use server';
// Actions of a page's comments.
import {
  createPageComment,
  getCommentThread,
  insertPageCommentSchema,
  listPageComments,
  restorePageComment,
  selectPageCommentSchema,
  trashPageComment,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const { id: commentId, pageId } = selectPageCommentSchema.shape;

const onePage = z.object({ pageId });
export const readComments = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) =>
      listPageComments(pagespace(), { userId, pageId, limit: 100 }),
  });

const newComment = insertPageCommentSchema.pick({ pageId: true, content: true, parentId: true });
export const addComment = async (input: z.input<typeof newComment>) =>
  act(input, {
    schema: newComment,
    query: ({ parentId = null, ...comment }, { userId }) =>
      createPageComment(pagespace(), { userId, parentId, ...comment }),
  });

const oneComment = z.object({ commentId });
export const readCommentThread = async (input: z.input<typeof oneComment>) =>
  act(input, {
    schema: oneComment,
    query: ({ commentId }, { userId }) => getCommentThread(pagespace(), { userId, commentId }),
  });

export const deleteComment = async (input: z.input<typeof oneComment>) =>
  act(input, {
    schema: oneComment,
    query: ({ commentId }, { userId }) => trashPageComment(pagespace(), { userId, commentId }),
  });

export const bringBackComment = async (input: z.input<typeof oneComment>) =>
  act(input, {
    schema: oneComment,
    query: ({ commentId }, { userId }) => restorePageComment(pagespace(), { userId, commentId }),
  });
