import { relations } from 'drizzle-orm';
import { users } from '../auth.ts';
import { pages } from '../core.ts';
import { filePages, files, storageEvents } from '../storage.ts';

export const filesRelations = relations(files, ({ one, many }) => ({
  creator: one(users, { fields: [files.createdBy], references: [users.id] }),
  filePages: many(filePages),
}));

export const filePagesRelations = relations(filePages, ({ one }) => ({
  file: one(files, { fields: [filePages.fileId], references: [files.id] }),
  page: one(pages, { fields: [filePages.pageId], references: [pages.id] }),
  uploader: one(users, { fields: [filePages.uploadedBy], references: [users.id] }),
}));

export const storageEventsRelations = relations(storageEvents, ({ one }) => ({
  user: one(users, { fields: [storageEvents.userId], references: [users.id] }),
  page: one(pages, { fields: [storageEvents.pageId], references: [pages.id] }),
}));
