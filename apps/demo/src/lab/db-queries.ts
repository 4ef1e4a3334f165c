import {
  countUnreadNotifications,
  createTag,
  type Db,
  getDriveTree,
  getPageAccess,
  getStorageUsage,
  listAccessiblePageIds,
  listBreadcrumbs,
  listChatMessages,
  listDriveMembers,
  listDrivePages,
  listDrives,
  listPageComments,
  listRecentPages,
  listUnreadNotifications,
  searchPages,
  trashPage,
} from '@pagespace/db';
import { type LabField, type LabPerson, type LabQuery, limitField } from './lab-query.ts';

const driveField: LabField<Db> = {
  name: 'driveId',
  kind: 'choice',
  choices: async (db: Db, { userId }: LabPerson) => {
    const { items } = await listDrives(db, { userId, limit: 50 });
    return items.map(({ id, name }) => ({ value: id, label: name }));
  },
};

const pageField: LabField<Db> = {
  name: 'pageId',
  kind: 'choice',
  choices: async (db: Db, { userId }: LabPerson) => {
    const { items: drives } = await listDrives(db, { userId, limit: 5 });
    const pages = [];
    for (const { id: driveId, name } of drives) {
      const { items } = await listDrivePages(db, { userId, driveId, limit: 20 });
      pages.push(...items.map(({ id, title }) => ({ value: id, label: `${name}: ${title}` })));
    }
    return pages;
  },
};

/** The workspace's queries that the lab runs. */
export const dbQueries: readonly LabQuery<Db>[] = [
  {
    name: 'getDriveTree',
    call: 'getDriveTree(db, { userId, driveId })',
    fields: [driveField],
    run: (db, { userId }, values) => getDriveTree(db, { userId, driveId: values.text('driveId') }),
  },
  {
    name: 'searchPages',
    call: 'searchPages(db, { userId, words, limit })',
    fields: [{ name: 'words', kind: 'text', initial: 'search' }, limitField],
    run: (db, { userId }, values) =>
      searchPages(db, { userId, words: values.text('words'), limit: values.number('limit') }),
  },
  {
    name: 'getPageAccess',
    call: 'getPageAccess(db, { userId, pageId })',
    fields: [pageField],
    run: (db, { userId }, values) => getPageAccess(db, { userId, pageId: values.text('pageId') }),
  },
  {
    name: 'listAccessiblePageIds',
    call: 'listAccessiblePageIds(db, { userId, driveId, limit })',
    fields: [driveField, limitField],
    run: (db, { userId }, values) =>
      listAccessiblePageIds(db, {
        userId,
        driveId: values.text('driveId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listDrives',
    call: 'listDrives(db, { userId, limit })',
    fields: [limitField],
    run: (db, { userId }, values) => listDrives(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'listRecentPages',
    call: 'listRecentPages(db, { userId, limit })',
    fields: [limitField],
    run: (db, { userId }, values) => listRecentPages(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'listBreadcrumbs',
    call: 'listBreadcrumbs(db, { userId, pageId })',
    fields: [pageField],
    run: (db, { userId }, values) => listBreadcrumbs(db, { userId, pageId: values.text('pageId') }),
  },
  {
    name: 'listPageComments',
    call: 'listPageComments(db, { userId, pageId, limit })',
    fields: [pageField, limitField],
    run: (db, { userId }, values) =>
      listPageComments(db, {
        userId,
        pageId: values.text('pageId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listChatMessages',
    call: 'listChatMessages(db, { userId, pageId, limit })',
    fields: [pageField, limitField],
    run: (db, { userId }, values) =>
      listChatMessages(db, {
        userId,
        pageId: values.text('pageId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listDriveMembers',
    call: 'listDriveMembers(db, { userId, driveId, limit })',
    fields: [driveField, limitField],
    run: (db, { userId }, values) =>
      listDriveMembers(db, {
        userId,
        driveId: values.text('driveId'),
        limit: values.number('limit'),
      }),
  },
  {
    name: 'listUnreadNotifications',
    call: 'listUnreadNotifications(db, { userId, limit })',
    fields: [limitField],
    run: (db, { userId }, values) =>
      listUnreadNotifications(db, { userId, limit: values.number('limit') }),
  },
  {
    name: 'countUnreadNotifications',
    call: 'countUnreadNotifications(db, { userId })',
    fields: [],
    run: (db, { userId }) => countUnreadNotifications(db, { userId }),
  },
  {
    name: 'getStorageUsage',
    call: 'getStorageUsage(db, { userId })',
    fields: [],
    run: (db, { userId }) => getStorageUsage(db, { userId }),
  },
  {
    name: 'createTag',
    call: 'createTag(db, { userId, driveId, name })',
    fields: [driveField, { name: 'name', kind: 'text', initial: 'from the lab' }],
    writes: true,
    run: (db, { userId }, values) =>
      createTag(db, { userId, driveId: values.text('driveId'), name: values.text('name') }),
  },
  {
    name: 'trashPage',
    call: 'trashPage(db, { userId, pageId })',
    fields: [pageField],
    writes: true,
    run: (db, { userId }, values) => trashPage(db, { userId, pageId: values.text('pageId') }),
  },
];
