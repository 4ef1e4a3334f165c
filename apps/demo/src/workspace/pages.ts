'use server';
// Actions on the pages of a drive's tree.
import {
  createDrive,
  createPage,
  insertDriveSchema,
  insertPageSchema,
  movePage,
  requirePage,
  restorePage,
  selectPageSchema,
  trashPage,
  updatePage,
  updatePageSchema,
} from '@pagespace/db';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const pageId = selectPageSchema.shape.id;
const onePage = z.object({ pageId });

const newPage = insertPageSchema.pick({ driveId: true, parentId: true, title: true, type: true });
export const addPage = async (input: z.input<typeof newPage>) =>
  act(input, {
    schema: newPage,
    query: (page, { userId }) => createPage(pagespace(), { userId, page }),
  });

const newTitle = z.object({
  pageId,
  revision: selectPageSchema.shape.revision,
  title: insertPageSchema.shape.title,
});
export const renamePage = async (input: z.input<typeof newTitle>) =>
  act(input, {
    schema: newTitle,
    query: ({ pageId, revision, title }, { userId }) =>
      updatePage(pagespace(), { userId, pageId, revision, changes: { title } }),
    revalidate: '/drives',
  });

const newContent = z.object({
  pageId,
  revision: selectPageSchema.shape.revision,
  content: updatePageSchema.shape.content.unwrap(),
});
export const savePage = async (input: z.input<typeof newContent>) =>
  act(input, {
    schema: newContent,
    query: ({ pageId, revision, content }, { userId }) =>
      updatePage(pagespace(), { userId, pageId, revision, changes: { content } }),
    revalidate: '/drives',
  });

export const readPage = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) => requirePage(pagespace(), { userId, pageId }),
  });

const target = z.object({
  pageId,
  parentId: selectPageSchema.shape.parentId,
  place: z.union([z.literal('last'), z.object({ before: pageId }), z.object({ after: pageId })]),
});
export type MoveTarget = z.input<typeof target>;
export const movePageTo = async (input: MoveTarget) =>
  act(input, {
    schema: target,
    query: (to, { userId }) => movePage(pagespace(), { userId, ...to }),
  });

export const movePageToTrash = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) => trashPage(pagespace(), { userId, pageId }),
    revalidate: '/drives',
  });

export const restoreFromTrash = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: ({ pageId }, { userId }) => restorePage(pagespace(), { userId, pageId }),
    revalidate: '/drives',
  });

const newDrive = insertDriveSchema.pick({ name: true });
export const addDrive = async (input: z.input<typeof newDrive>) =>
  act(input, {
    schema: newDrive,
    query: ({ name }, { userId }) => createDrive(pagespace(), { ownerId: userId, name }),
    revalidate: '/drives',
  });
