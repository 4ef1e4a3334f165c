// Checks that nobody reaches another person's data: every address and every server action, found in the
// sources and in the build, so that a new one fails here until it stands in a list below.
import { readdir } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { driveId, pageId, userId } from '@pagespace/db/seed';
import { beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import { product, productPage, task } from './addresses.ts';
import { openSeat, type Seat, seatOf, signIn } from './browser.ts';
import { answerOf, call, type Form, type ServerAction, serverActions } from './server-actions.ts';

let ada: Seat;
/** Has no part in anything of Ada's: no drive, no organisation, no task. */
let zoe: Seat;
let actions: ReadonlyMap<string, ServerAction>;
beforeAll(async () => {
  ada = await seatOf('ada');
  zoe = await seatOf('zoe');
  actions = new Map((await serverActions()).map((action) => [action.name, action]));
});

async function ask(seat: Seat, name: string, args: readonly unknown[], form?: Form) {
  const action = actions.get(name);
  if (!action) throw new Error(`There is no action ${name}.`);
  return answerOf(await call(seat.context, action, { args, form }));
}

const withId = z.object({ id: z.string() });

/** Ids of Ada's that only she can know, made or read as she would. */
async function madeByAda() {
  const as = async <T>(schema: z.ZodType<T>, name: string, input: unknown, form?: Form) =>
    schema.parse((await ask(ada, name, [input], form)).value);
  const general = pageId('product', 'general');
  const filePage = pageId('product', 'Interview notes');
  const list = z.object({ items: z.array(withId).min(1) });
  const first = ({ items }: z.infer<typeof list>) => items[0]?.id;
  await as(z.unknown(), 'workspace/file/actions upload', '$K1', {
    pageId: filePage,
    file: new File(['Nothing for others.'], 'note.txt'),
  });
  const sessions = await (await ada.context.request.get('/settings/sessions')).text();
  const connections = await (await ada.context.request.get('/connectors')).text();
  const connection = /\/connectors\/([\w-]{20,})/.exec(connections)?.[1];
  const rows = await (await ada.context.request.get(`/connectors/${connection}`)).text();
  await as(z.unknown(), 'workspace/sharing/link-actions makeLink', {
    pageId: pageId('product', 'Launch plan'),
    maxUses: 1,
    days: 1,
  });
  const links = await as(z.array(withId), 'workspace/sharing/link-actions readLinks', {
    pageId: pageId('product', 'Launch plan'),
  });
  const second = await signIn('ada');
  await second.goTo('/settings/sessions');
  return {
    message: (
      await as(withId, 'workspace/channel/messages sendMessage', {
        key: crypto.randomUUID(),
        pageId: general,
        content: 'Only for the drive.',
        parentId: null,
      })
    ).id,
    comment: first(
      await as(list, 'workspace/comments/actions readComments', {
        pageId: pageId('product', 'Launch plan'),
      }),
    ),
    question: first(
      await as(list, 'workspace/chat/chat readChat', { pageId: pageId('product', 'Assistant') }),
    ),
    file: first(await as(list, 'workspace/file/actions readFiles', { pageId: filePage })),
    token: (
      await as(withId, 'settings/actions issueToken', {
        name: 'mine',
        scopes: ['pages:read'],
        days: 1,
      })
    ).id,
    invitation: (
      await as(withId, 'workspace/members/actions invite', {
        driveId: driveId('product'),
        email: `${crypto.randomUUID()}@example.com`,
        role: 'MEMBER',
      })
    ).id,
    role: (
      await as(withId, 'workspace/members/role-actions makeRole', {
        driveId: driveId('product'),
        name: crypto.randomUUID(),
        canView: true,
        canEdit: true,
        canShare: false,
        canDelete: false,
      })
    ).id,
    ingestion: await as(z.string(), 'knowledge/actions startDocument', {
      organisation: 'acme',
      title: 'For Acme',
      text: 'A secret of Acme.',
    }),
    session: /sessions\\":\[\{\\"id\\":\\"([^\\]+)/.exec(sessions)?.[1],
    connection,
    link: links[0]?.id,
    cursor: /nextCursor\\":\\"([^\\]+)/.exec(rows)?.[1],
  };
}

let made: Awaited<ReturnType<typeof madeByAda>>;
beforeAll(async () => {
  made = await madeByAda();
  for (const [name, id] of Object.entries(made)) expect(id, `the id of Ada’s ${name}`).toBeTruthy();
});

/** An address of Ada's for each route with a part that names something; `all` for what everyone may see. */
const addresses: Readonly<Record<string, (() => string) | 'all'>> = {
  'connectors/[connection]/page.tsx': () => `/connectors/${made.connection}`,
  'drives/[driveId]/page.tsx': () => product,
  'drives/[driveId]/members/page.tsx': () => `${product}/members`,
  'drives/[driveId]/trash/page.tsx': () => `${product}/trash`,
  'drives/[driveId]/tree/route.ts': () => `${product}/tree`,
  'drives/[driveId]/unread/route.ts': () => `${product}/unread`,
  'drives/[driveId]/pages/[pageId]/page.tsx': () => productPage('Launch plan'),
  'drives/[driveId]/pages/[pageId]/events/route.ts': () => `${productPage('general')}/events`,
  'drives/[driveId]/pages/[pageId]/file/route.ts': () =>
    `${productPage('Interview notes')}/file?id=${made.file}`,
  'drives/[driveId]/pages/[pageId]/messages/route.ts': () => `${productPage('general')}/messages`,
  'knowledge/[organisation]/page.tsx': () => '/knowledge/acme?q=secret',
  'schema/[package]/(diagram)/(summary)/page.tsx': 'all',
  'schema/[package]/(diagram)/tables/[table]/page.tsx': 'all',
  'schema/[package]/audit/page.tsx': 'all',
  'schema/[package]/migrations/(list)/page.tsx': 'all',
  'schema/[package]/migrations/[migration]/page.tsx': 'all',
  'schema/[package]/queries/page.tsx': 'all',
  'schema/[package]/queries/[query]/page.tsx': 'all',
  'tasks/[task]/page.tsx': () => task(0),
};

test('every address with an id in it is in the list above', async () => {
  const app = fileURLToPath(new URL('../src/app/(app)', import.meta.url));
  const files = await readdir(app, { recursive: true });
  const routes = files.filter((file) => /\[.*(page\.tsx|route\.ts)$/.test(file));
  expect(routes.sort()).toEqual(Object.keys(addresses).sort());
});

describe('an address of nothing answers 404', () => {
  const known: Readonly<Record<string, string>> = { package: 'db', driveId: driveId('product') };
  /** The address of a route, whose last name is nothing's. */
  const unknown = (route: string) => {
    const parts = route.split('/').filter((part) => !/^\(|\.tsx$/.test(part));
    const last = parts.findLastIndex((part) => part.startsWith('['));
    const named = parts.map((part, at) =>
      part.startsWith('[') ? (at === last ? 'nope' : known[part.slice(1, -1)]) : part,
    );
    return `/${named.join('/')}`;
  };
  const pages = Object.keys(addresses).filter((route) => route.endsWith('page.tsx'));

  test.each(pages.map((route) => [unknown(route)]))('%s', async (address) => {
    const answer = await ada.context.request.get(address, { maxRedirects: 0 });
    expect(answer.status()).toBe(404);
  });
});

describe('an address of another’s', () => {
  const own = Object.entries(addresses).flatMap(([route, address]) =>
    address === 'all' ? [] : [[route, address] as const],
  );

  test.each(own.filter(([route]) => route.endsWith('page.tsx')))('%s', async (_, address) => {
    await zoe.goTo(address());
    await zoe.page.getByRole('heading', { name: 'Not found' }).waitFor();
    expect(await zoe.page.getByRole('main').count()).toBe(1);
    expect(await zoe.page.content()).not.toMatch(/Launch plan|health check|A secret of Acme/);
  });

  test.each(own.filter(([route]) => route.endsWith('route.ts')))('%s', async (_, address) => {
    const answer = await zoe.context.request.get(address());
    const body = answer.ok() ? await answer.json() : {};
    // A tree and a count of unread are of what one may see: here, of nothing.
    expect([404, 200]).toContain(answer.status());
    expect(Object.values(body).flat()).toEqual([]);
  });
});

const launch = pageId('product', 'Launch plan');
const general = pageId('product', 'general');
const revision = 0;
const inTask = { taskId: 'seed-ada-task-0' };

/** Reads of Ada's data: she gets it; Zoe gets "not found" or an empty list. */
const reads: Readonly<Record<string, () => unknown>> = {
  'connectors/actions moreRows': () => ({
    connectorConfigId: made.connection,
    table: 0,
    cursor: made.cursor,
  }),
  'knowledge/actions followIngestion': () => ({ id: made.ingestion }),
  'tasks/actions followLog': () => ({ ...inTask, afterSequence: 0 }),
  'workspace/channel/messages readThread': () => ({ pageId: general, messageId: made.message }),
  'workspace/chat/chat readChat': () => ({ pageId: pageId('product', 'Assistant') }),
  'workspace/comments/actions readCommentThread': () => ({ commentId: made.comment }),
  'workspace/comments/actions readComments': () => ({ pageId: launch }),
  'workspace/file/actions readFiles': () => ({ pageId: pageId('product', 'Interview notes') }),
  'workspace/history/actions compareVersions': () => ({ pageId: launch, from: 0, to: 0 }),
  'workspace/history/actions readHistory': () => ({ pageId: launch }),
  'workspace/members/actions readInvitations': () => ({ driveId: driveId('product') }),
  'workspace/pages readPage': () => ({ pageId: launch }),
  'workspace/sharing/actions readGrants': () => ({ pageId: launch, driveId: driveId('product') }),
  'workspace/sharing/link-actions readLinks': () => ({ pageId: launch }),
};

/** Writes to Ada's data. */
const writes: Readonly<Record<string, () => unknown>> = {
  'connectors/actions importNext': () => ({ connectorConfigId: made.connection }),
  'connectors/actions removeConnection': () => ({ connectorConfigId: made.connection }),
  'knowledge/actions moreDocuments': () => ({ organisation: 'acme', after: 'x' }),
  'knowledge/actions removeDocument': () => ({ organisation: 'acme', documentId: userId('ada') }),
  'knowledge/actions startDocument': () => ({ organisation: 'acme', title: 'Mine', text: 'Mine' }),
  'settings/actions endSession': () => ({ sessionId: made.session }),
  'settings/actions revokeToken': () => ({ mcpTokenId: made.token }),
  'tasks/actions bringBackTask': () => inTask,
  'tasks/actions deleteTask': () => inTask,
  'tasks/actions moveTask': () => ({ ...inTask, to: 'stopped' }),
  'tasks/actions sendMessage': () => ({ ...inTask, content: 'Do my work.' }),
  'tasks/actions tagTask': () => ({ ...inTask, tagId: 'seed-ada-tag-bug', isSet: true }),
  'workspace/channel/messages deleteMessage': () => ({ messageId: made.message }),
  'workspace/channel/messages editMessage': () => ({ messageId: made.message, content: 'Mine' }),
  'workspace/channel/messages markRead': () => ({ pageId: general, messageId: made.message }),
  'workspace/channel/messages react': () => ({ messageId: made.message, emoji: '👍', on: true }),
  'workspace/channel/messages sendMessage': () => ({
    key: crypto.randomUUID(),
    pageId: general,
    content: 'Hello',
  }),
  'workspace/chat/chat ask': () => ({ pageId: pageId('product', 'Assistant'), content: 'Hello' }),
  'workspace/chat/chat editQuestion': () => ({ messageId: made.question, content: 'Hello' }),
  'workspace/comments/actions bringBackComment': () => ({ commentId: made.comment }),
  'workspace/comments/actions addComment': () => ({ pageId: launch, content: 'Hello' }),
  'workspace/comments/actions deleteComment': () => ({ commentId: made.comment }),
  'workspace/file/actions removeFile': () => ({
    pageId: pageId('product', 'Interview notes'),
    fileId: made.file,
  }),
  'workspace/history/actions restoreVersion': () => ({ pageId: launch, version: 0, revision }),
  'workspace/members/actions accept': () => ({ token: 'seed-invitation-pending' }),
  'workspace/members/actions invite': () => ({
    driveId: driveId('product'),
    email: 'zoe@example.com',
    role: 'ADMIN',
  }),
  'workspace/members/actions leave': () => ({ driveId: driveId('product') }),
  'workspace/members/actions remove': () => ({
    driveId: driveId('product'),
    userId: userId('ben'),
  }),
  'workspace/members/actions setRole': () => ({
    driveId: driveId('product'),
    userId: userId('chloe'),
    role: 'ADMIN',
  }),
  'workspace/members/actions withdraw': () => ({ invitationId: made.invitation }),
  'workspace/members/role-actions changeRole': () => ({
    roleId: made.role,
    changes: { canDelete: true },
  }),
  'workspace/members/role-actions deleteRole': () => ({ roleId: made.role }),
  'workspace/members/role-actions giveRole': () => ({
    driveId: driveId('product'),
    userId: userId('chloe'),
    roleId: made.role,
  }),
  'workspace/members/role-actions makeRole': () => ({
    driveId: driveId('product'),
    name: 'Mine',
    canView: true,
    canEdit: true,
    canShare: true,
    canDelete: true,
  }),
  'workspace/pages addPage': () => ({
    driveId: driveId('product'),
    parentId: null,
    title: 'Mine',
    type: 'DOCUMENT',
  }),
  'workspace/pages movePageTo': () => ({ pageId: launch, parentId: null, place: 'last' }),
  'workspace/pages movePageToTrash': () => ({ pageId: launch }),
  'workspace/pages renamePage': () => ({ pageId: launch, revision, title: 'Mine' }),
  'workspace/pages restoreFromTrash': () => ({ pageId: pageId('notes', 'Old drafts') }),
  'workspace/pages savePage': () => ({ pageId: launch, revision, content: 'Mine' }),
  'workspace/sharing/link-actions endLink': () => ({ linkId: made.link }),
  'workspace/sharing/link-actions makeLink': () => ({ pageId: launch, maxUses: null, days: 1 }),
  'workspace/sharing/actions revoke': () => ({ pageId: launch, userId: userId('chloe') }),
  'workspace/sharing/actions share': () => ({
    pageId: launch,
    email: 'zoe@example.com',
    canEdit: true,
    canShare: true,
    canDelete: true,
    expiresAt: null,
  }),
};

/** Takes forms: see the tests of each. */
const forms = ['workspace/file/actions upload', 'schema-screen/lab-actions runInLab'];

/** Actions without an id: they read or change the caller's own data. */
const own = [
  'connectors/actions connectRecordings',
  'connectors/actions moreActivity',
  'guide/actions crashServer',
  'guide/actions runStep',
  // Marks those of the ids that are one's own, and none of anybody else's.
  'notifications/actions markAllRead',
  'notifications/actions markRead',
  // Asks for the address of one's own account.
  'settings/actions closeAccount',
  'settings/actions endOtherSessions',
  'settings/actions forgetKey',
  'settings/actions issueToken',
  'settings/actions saveKey',
  'settings/actions setWish',
  'settings/password setPassword',
  'sign-in/actions signIn',
  'sign-in/actions signInHere',
  'sign-in/actions signOut',
  // These concern one's own session: another's id gives one's own last page, or no plan.
  'statements/actions showPlan',
  'statements/actions showStatements',
  'tasks/actions addTask',
  'tasks/actions moreTasks',
  'tasks/actions ownTags',
  'tasks/actions removeKey',
  'tasks/actions saveKey',
  'workspace/pages addDrive',
  // Any holder of a link opens it.
  'workspace/sharing/link-actions openLink',
];

/** Addresses for people without a session. */
const forAnyone = [
  'sign-in/actions signIn',
  'sign-in/actions signInHere',
  'workspace/sharing/link-actions openLink',
];

test('every action is in one of the lists above', () => {
  const listed = [...Object.keys(reads), ...Object.keys(writes), ...forms, ...own];
  expect(listed.sort()).toEqual([...actions.keys()].sort());
});

const nothing = z.union([
  z.array(z.unknown()),
  z.object({ items: z.array(z.unknown()) }).transform(({ items }) => items),
]);

describe('an action with another’s ids', () => {
  test.each(Object.entries(reads))('%s', async (name, input) => {
    expect((await ask(ada, name, [input()])).code).toBe('OK');
    const { code, value } = await ask(zoe, name, [input()]);
    if (code === 'OK') expect(nothing.parse(value)).toHaveLength(0);
    else expect(code).toBe('NOT_FOUND');
  });

  test.each(Object.entries(writes))('%s', async (name, input) => {
    expect(['NOT_FOUND', 'FORBIDDEN']).toContain((await ask(zoe, name, [input()])).code);
  });

  test('an upload: as to a page that does not exist', async () => {
    const upload = (page: string) => {
      const form = { pageId: page, file: new File(['Mine.'], 'mine.txt') };
      return ask(zoe, 'workspace/file/actions upload', ['$K1'], form);
    };
    const answer = await upload(pageId('product', 'Interview.pdf'));
    expect(answer.code).toBe('FORBIDDEN');
    expect(answer).toEqual(await upload(pageId('product', 'No such page')));
  });

  test('a query of the lab', async () => {
    const lab = 'schema-screen/lab-actions runInLab';
    const args = ['tasks', 'getTaskById', null, '$K1'];
    const forAda = await ask(ada, lab, args, inTask);
    expect(String(forAda.value)).toContain('Add a health check');
    const forZoe = await ask(zoe, lab, args, inTask);
    expect(String(forZoe.value)).not.toContain('health check');
    expect(String(forZoe.value)).toContain('no such taskId of yours');
  });

  test('changed nothing', async () => {
    const { value } = await ask(ada, 'workspace/pages readPage', [{ pageId: launch }]);
    expect(value).toMatchObject({ title: 'Launch plan', revision: 0, isTrashed: false });
    const members = await (await ada.context.request.get(`${product}/members`)).text();
    expect(members).toContain('ben@example.com');
    expect(members).not.toContain('zoe@example.com');
    await ada.goTo(task(0));
    await ada.page.getByRole('heading', { level: 1, name: 'Add a health check' }).waitFor();
    expect(await ada.page.getByText('Do my work.').count()).toBe(0);
    await ada.goTo(`/connectors/${made.connection}`);
    await ada.page.getByRole('button', { name: 'Disconnect' }).waitFor();
  });
});

/** A hundred requests at once wait for one another on a busy machine, longer than a request may take. */
async function fewAtOnce<T>(all: readonly T[], ask: (one: T) => Promise<void>): Promise<void> {
  for (let from = 0; from < all.length; from += 8) {
    await Promise.all(all.slice(from, from + 8).map(ask));
  }
}

describe('every action', { timeout: 240_000 }, () => {
  test('refuses nonsense kindly', async () => {
    await fewAtOnce([...Object.keys(reads), ...Object.keys(writes)], async (name) => {
      for (const nonsense of [null, { pageId: 7, taskId: {}, id: [] }]) {
        const { code } = await ask(zoe, name, [nonsense]);
        expect(code, `${name} of ${JSON.stringify(nonsense)}`).toBe('INVALID_INPUT');
      }
    });
  });

  test('sends whoever has no session to the sign-in page', async () => {
    const { context } = await openSeat();
    await fewAtOnce([...actions], async ([name, action]) => {
      if (forAnyone.includes(name)) return;
      const args = forms.includes(name) ? { args: ['$K1'], form: inTask } : { args: [{}] };
      const response = await call(context, action, args);
      expect(response.headers()['x-action-redirect'] ?? '', name).toMatch(/^\/sign-in/);
    });
  });
});
