'use server';
// The files of a page.
import {
  getPageAccess,
  getStorageUsage,
  listPageFiles,
  recordUpload,
  removeFileFromPage,
  selectFilePageSchema,
} from '@pagespace/db';
import { ForbiddenError } from '@reference/kit';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';
import { storeUpload } from '@/server/file-store.ts';

const { pageId, fileId } = selectFilePageSchema.shape;

const onePage = z.object({ pageId });
export const readFiles = async (input: z.input<typeof onePage>) =>
  act(input, {
    schema: onePage,
    query: async ({ pageId }, { userId }) => {
      const [files, usage] = await Promise.all([
        listPageFiles(pagespace(), { userId, pageId, limit: 50 }),
        getStorageUsage(pagespace(), { userId }),
      ]);
      // Where the bytes lie is no business of a browser.
      const items = files.items.map(({ storagePath: _, ...file }) => file);
      return { items, usage };
    },
  });

const newFile = z.object({ pageId, file: z.instanceof(File) });
export const upload = async (form: FormData) =>
  act(
    { pageId: form.get('pageId'), file: form.get('file') },
    {
      schema: newFile,
      query: async ({ pageId, file }, { userId }) => {
        // Before any byte is stored; `recordUpload` checks it again, with the quota.
        const { canEdit } = await getPageAccess(pagespace(), { userId, pageId });
        if (!canEdit) throw new ForbiddenError('You may not add files to this page.');
        const stored = await storeUpload(new Uint8Array(await file.arrayBuffer()));
        await recordUpload(pagespace(), { userId, pageId, upload: stored });
      },
    },
  );

const oneFile = z.object({ pageId, fileId });
export const removeFile = async (input: z.input<typeof oneFile>) =>
  act(input, {
    schema: oneFile,
    query: (of, { userId }) => removeFileFromPage(pagespace(), { userId, ...of }),
  });
