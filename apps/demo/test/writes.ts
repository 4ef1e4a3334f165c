// Every write of the application: how to come to it, how to ask for it, and what is still there when
// the server did not do it. Forms and composers have more cases in forms.ts; here each has its name.
import { driveId, type Person } from '@pagespace/db/seed';
import type { Locator, Page } from 'playwright-core';
import { expect } from 'vitest';
import { product, productPage } from './addresses.ts';
import type { composers, forms } from './forms.ts';

export interface WriteCase {
  /** Ada, unless it is somebody else; `nobody` has no session. */
  readonly who?: Person | 'nobody';
  readonly path: string;
  /** Makes what the write needs, for real. */
  readonly prepare?: (page: Page) => Promise<void>;
  /** Asks the server. */
  readonly press: (page: Page) => Promise<void>;
  /** Holds when nothing was lost. */
  readonly kept: (page: Page) => Promise<void>;
  /** It is the Undo of a message, which must not be taken away. */
  readonly isUndo?: true;
  /** Does it at last, where what was made would stand in another's way. */
  readonly finish?: (page: Page) => Promise<void>;
}
/** A form or composer that forms.e2e.ts drives in the same ways, while somebody types on. */
interface Written {
  readonly writtenIn: keyof typeof forms | keyof typeof composers;
}

const button = (page: Page, name: string | RegExp) => page.getByRole('button', { name }).first();
const press = (name: string | RegExp) => (page: Page) => button(page, name).click();
const there = (locator: (page: Page) => Locator) => (page: Page) =>
  locator(page).first().waitFor({ timeout: 10_000 });
const heading = (name: string) => there((page) => page.getByRole('heading', { level: 1, name }));
const pressed = (name: string | RegExp) => there((page) => page.getByRole('button', { name }));
const menu = (item: string) => async (page: Page) => {
  await press('More for this page')(page);
  await page.getByRole('menuitem', { name: item }).click();
};
/** Opens a question with a button, unless it stands there already, and answers it. */
const asked = (open: string | RegExp, verb: string) => async (page: Page) => {
  const dialog = page.getByRole('dialog');
  if ((await dialog.count()) === 0) await press(open)(page);
  await dialog.getByRole('button', { name: verb, exact: true }).click();
};
const values = (fields: Readonly<Record<string, string>>) => async (page: Page) => {
  for (const [label, value] of Object.entries(fields)) {
    await expect.poll(() => page.getByLabel(label).first().inputValue()).toBe(value);
  }
};
const fill = (fields: Readonly<Record<string, string>>) => async (page: Page) => {
  for (const [label, value] of Object.entries(fields)) {
    await page.getByLabel(label).first().fill(value);
  }
};

const comment = `Not for long ${crypto.randomUUID()}`;
const commentLine = (page: Page) => page.getByRole('listitem').filter({ hasText: comment });
const writeComment = async (page: Page) => {
  await page.getByLabel('Comment').fill(comment);
  await page.getByLabel('Comment').press('Enter');
  await commentLine(page).getByRole('button', { name: 'Delete' }).waitFor();
};
const message = `Not for long ${crypto.randomUUID()}`;
const messageOf = (page: Page) => page.getByRole('log').getByText(message).first();
const writeMessage = async (page: Page) => {
  if ((await messageOf(page).count()) > 0) return;
  await page.getByRole('textbox', { name: 'Message' }).fill(message);
  await page.getByRole('textbox', { name: 'Message' }).press('Enter');
  await page
    .getByRole('list', { name: 'Not sent yet' })
    .waitFor({ state: 'detached', timeout: 10_000 });
  await messageOf(page).waitFor();
};
const ofMessage = (item: string) => async (page: Page) => {
  await messageOf(page).hover();
  await button(page, 'More for this message').last().click();
  await page.getByRole('menuitem', { name: item }).click();
};
const editor = (page: Page) => page.getByRole('textbox', { name: /^(Text|Lines|HTML)/ });
const saved = (title: string): WriteCase => ({
  path: productPage(title),
  prepare: async (page) => {
    await press('Edit')(page);
    await editor(page).fill('Words that are nowhere else');
  },
  press: press('Save'),
  kept: (page) => expect.poll(() => editor(page).inputValue()).toBe('Words that are nowhere else'),
  finish: press('Cancel'),
});
const newPage = (title: string) => async (page: Page) => {
  await press('New page')(page);
  await page.getByLabel('Title').fill(title);
  await press('Make the page')(page);
  await heading(title)(page);
};
const makeRole = (name: string) => async (page: Page) => {
  await page.getByLabel('Name of the role').fill(name);
  await press('Make the role')(page);
  await button(page, `Delete the role ${name}`).waitFor();
};
const secret = 'made-up-and-long-enough';

export const writes: Readonly<Record<string, WriteCase | Written>> = {
  'connectors/actions connectRecordings': {
    who: 'ben',
    path: '/connectors',
    press: press('Connect GitHub’s recordings'),
    kept: heading('Connectors'),
  },
  'connectors/actions importNext': {
    who: 'ben',
    path: '/connectors',
    prepare: async (page) => {
      await press('Connect GitHub’s recordings')(page);
      await button(page, 'Import').waitFor();
    },
    press: press('Import'),
    kept: pressed('Import'),
    finish: asked('Disconnect', 'Disconnect'),
  },
  'connectors/actions removeConnection': {
    path: '/connectors',
    prepare: (page) =>
      page
        .getByRole('link', { name: /^Spotify/ })
        .first()
        .click(),
    press: asked('Disconnect', 'Disconnect'),
    kept: there((page) => page.getByRole('dialog').getByText('Disconnect?')),
  },
  'guide/actions runStep': {
    path: '/guide',
    press: press('Save twice'),
    kept: pressed('Save twice'),
  },
  'guide/actions crashServer': {
    path: '/guide',
    press: press('Kill the server'),
    kept: pressed('Kill the server'),
  },
  'knowledge/actions removeDocument': {
    path: '/knowledge/acme',
    press: asked(/^Delete /, 'Delete'),
    kept: there((page) => page.getByRole('row').nth(3)),
  },
  'knowledge/actions startDocument': { writtenIn: 'a document of an organisation' },
  'notifications/actions markAllRead': {
    who: 'dmitri',
    path: '/notifications',
    press: press('Mark all as read'),
    kept: pressed('Mark all as read'),
  },
  'notifications/actions markRead': {
    who: 'dmitri',
    path: '/notifications',
    press: press('Mark as read'),
    kept: pressed('Mark as read'),
  },
  'settings/actions closeAccount': {
    path: '/settings/data',
    prepare: fill({ 'Your e-mail address, to confirm': 'ada@example.com' }),
    press: press('Erase my account'),
    kept: values({ 'Your e-mail address, to confirm': 'ada@example.com' }),
  },
  'settings/actions endOtherSessions': {
    path: '/settings/sessions',
    press: asked('End all others', 'End them'),
    kept: heading('Sessions'),
  },
  'settings/actions endSession': {
    path: '/settings/sessions',
    press: asked(/^End the session/, 'End it'),
    kept: pressed(/^End the session/),
  },
  'settings/actions forgetKey': {
    path: '/settings/providers',
    press: asked('Forget the key for OpenRouter', 'Forget'),
    kept: pressed('Forget the key for OpenRouter'),
  },
  'settings/actions issueToken': { writtenIn: 'access token' },
  'settings/actions revokeToken': {
    path: '/settings/tokens',
    prepare: async (page) => {
      await page.getByLabel('Name').fill('For one test');
      await page.getByRole('checkbox').first().check();
      await press('Issue a token')(page);
      await button(page, 'Revoke For one test').waitFor();
    },
    press: asked('Revoke For one test', 'Revoke'),
    kept: pressed('Revoke For one test'),
  },
  'settings/actions saveKey': { writtenIn: 'key of an AI provider' },
  'settings/actions setWish': {
    path: '/settings/notifications',
    press: (page) => page.getByRole('checkbox', { name: 'Mention: Push' }).click(),
    kept: (page) =>
      expect
        .poll(() => page.getByRole('checkbox', { name: 'Mention: Push' }).isChecked())
        .toBe(true),
  },
  'settings/password setPassword': {
    path: '/settings/sessions',
    prepare: fill({ 'Present password': secret, 'New password': secret }),
    press: press('Change the password'),
    kept: values({ 'Present password': secret, 'New password': secret }),
  },
  'sign-in/actions signInHere': {
    who: 'nobody',
    path: '/sign-in',
    prepare: fill({ 'E-mail address': 'ada@example.com', Password: secret }),
    press: press(/^Sign in$/),
    kept: values({ 'E-mail address': 'ada@example.com', Password: secret }),
  },
  'sign-in/actions signOut': {
    path: '/drives',
    press: async (page) => {
      await press('Account of Ada Lovelace')(page);
      await page.getByRole('menuitem', { name: 'Sign out' }).click();
    },
    kept: heading('Drives'),
  },
  'tasks/actions addTask': { writtenIn: 'new task' },
  'tasks/actions bringBackTask': {
    path: '/tasks',
    prepare: async (page) => {
      await page.getByRole('link', { name: 'Explain the cache' }).last().click();
      await press('Delete')(page);
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
    finish: async (page) => {
      await press('Undo')(page);
      await heading('Explain the cache')(page);
    },
  },
  'tasks/actions deleteTask': {
    path: '/tasks?status=completed',
    prepare: (page) => page.getByRole('link', { name: 'Dark mode' }).first().click(),
    press: press('Delete'),
    kept: heading('Dark mode'),
  },
  'tasks/actions moveTask': {
    path: '/tasks?status=stopped',
    prepare: async (page) => {
      await page.getByRole('main').getByRole('link').last().click();
      await button(page, 'Try again').waitFor();
    },
    press: press('Try again'),
    kept: there((page) => page.getByRole('main').getByText('stopped', { exact: true })),
  },
  'tasks/actions removeKey': {
    path: '/tasks/settings',
    press: asked('Delete the key at anthropic', 'Delete'),
    kept: pressed('Delete the key at anthropic'),
  },
  'tasks/actions saveKey': { writtenIn: 'key of a worker' },
  'tasks/actions sendMessage': { writtenIn: 'message of a task' },
  'tasks/actions tagTask': {
    path: '/tasks?status=completed',
    prepare: (page) => page.getByRole('link', { name: 'Dark mode' }).first().click(),
    press: async (page) => {
      await press('Tags')(page);
      await page.getByRole('menuitem', { name: 'docs' }).click();
    },
    kept: heading('Dark mode'),
  },
  'schema-screen/lab-actions runInLab': {
    path: '/schema/tasks/queries/getUserTasks',
    prepare: fill({ limit: '7' }),
    press: press('Run'),
    kept: values({ limit: '7' }),
  },
  'workspace/channel/messages deleteMessage': {
    path: productPage('general'),
    prepare: writeMessage,
    press: async (page) => {
      await ofMessage('Delete')(page);
      await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    },
    kept: there(messageOf),
  },
  'workspace/channel/messages editMessage': {
    path: productPage('general'),
    prepare: async (page) => {
      await writeMessage(page);
      await ofMessage('Edit')(page);
      await page.getByLabel('The message’s new text').fill('Other words');
    },
    press: press('Save'),
    kept: values({ 'The message’s new text': 'Other words' }),
  },
  'workspace/channel/messages react': {
    path: productPage('general'),
    prepare: writeMessage,
    press: async (page) => {
      await messageOf(page).hover();
      await button(page, /^React to Ada/)
        .last()
        .click();
      await page.getByRole('menuitem', { name: '🎉' }).click();
    },
    kept: there(messageOf),
  },
  'workspace/channel/messages sendMessage': { writtenIn: 'channel' },
  'workspace/chat/chat ask': { writtenIn: 'AI chat' },
  'workspace/chat/chat editQuestion': {
    path: productPage('Assistant'),
    prepare: async (page) => {
      await press('Edit')(page);
      await page.getByLabel('The question’s new text').fill('Other words');
    },
    press: press('Save'),
    kept: values({ 'The question’s new text': 'Other words' }),
  },
  'workspace/comments/actions addComment': { writtenIn: 'comment' },
  'workspace/comments/actions deleteComment': {
    path: productPage('Risks'),
    prepare: writeComment,
    press: (page) => commentLine(page).getByRole('button', { name: 'Delete' }).click(),
    kept: there(commentLine),
  },
  'workspace/comments/actions bringBackComment': {
    path: productPage('Architecture sketch'),
    prepare: async (page) => {
      await writeComment(page);
      await commentLine(page).getByRole('button', { name: 'Delete' }).click();
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
  },
  'workspace/file/actions upload': {
    path: productPage('Interview.pdf'),
    press: (page) =>
      page
        .getByLabel('File to upload')
        .setInputFiles({ name: 'a.txt', mimeType: 'text/plain', buffer: Buffer.from('A note.') }),
    kept: pressed('Upload'),
  },
  'workspace/file/actions removeFile': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await press('New page')(page);
      await page.getByLabel('Title').fill('With a file');
      await page.getByLabel('Type').selectOption({ label: 'File' });
      await press('Make the page')(page);
      await page.getByLabel('File to upload').setInputFiles({
        name: 'b.txt',
        mimeType: 'text/plain',
        buffer: Buffer.from('For a test.'),
      });
      await button(page, 'Remove').waitFor();
    },
    press: asked('Remove', 'Remove'),
    kept: pressed('Remove'),
    finish: asked('Remove', 'Remove'),
  },
  'workspace/history/actions restoreVersion': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await newPage('As it was')(page);
      await press('Edit')(page);
      await editor(page).fill('As it is');
      await press('Save')(page);
      await page.getByRole('paragraph').filter({ hasText: 'As it is' }).first().waitFor();
      await menu('History')(page);
      await button(page, 'Restore').waitFor();
    },
    press: press('Restore'),
    kept: pressed('Restore'),
  },
  'workspace/members/actions accept': {
    path: '/invitation?token=x',
    press: press('Accept the invitation'),
    kept: pressed('Accept the invitation'),
  },
  'workspace/members/actions invite': { writtenIn: 'invitation' },
  'workspace/members/actions leave': {
    who: 'ben',
    path: `${product}/members`,
    press: asked('Leave the drive', 'Leave'),
    kept: pressed('Leave the drive'),
  },
  'workspace/members/actions remove': {
    path: `${product}/members`,
    press: asked(/^Remove Ben/, 'Remove'),
    kept: pressed(/^Remove Ben/),
  },
  'workspace/members/actions setRole': {
    path: `${product}/members`,
    press: async (page) => {
      await page.getByLabel(/^Role of Dmitri/).selectOption('ADMIN');
    },
    kept: (page) =>
      expect.poll(() => page.getByLabel(/^Role of Dmitri/).inputValue()).toBe('MEMBER'),
  },
  'workspace/members/actions withdraw': {
    path: `${product}/members`,
    press: asked(/^Withdraw the invitation of emi/, 'Withdraw'),
    kept: pressed(/^Withdraw the invitation of emi/),
  },
  'workspace/members/role-actions makeRole': { writtenIn: 'role of a drive' },
  'workspace/members/role-actions changeRole': {
    path: `${product}/members`,
    prepare: makeRole('Editors for a test'),
    press: (page) => page.getByLabel('Editors for a test may edit').click(),
    kept: (page) =>
      expect.poll(() => page.getByLabel('Editors for a test may edit').isChecked()).toBe(false),
    finish: asked('Delete the role Editors for a test', 'Delete'),
  },
  'workspace/members/role-actions deleteRole': {
    path: `${product}/members`,
    prepare: makeRole('Deleted in a test'),
    press: asked('Delete the role Deleted in a test', 'Delete'),
    kept: pressed('Delete the role Deleted in a test'),
    finish: asked('Delete the role Deleted in a test', 'Delete'),
  },
  'workspace/members/role-actions giveRole': {
    path: `${product}/members`,
    prepare: makeRole('Given in a test'),
    press: async (page) => {
      await page.getByLabel(/^Own role of Dmitri/).selectOption({ label: 'Given in a test' });
    },
    kept: (page) => expect.poll(() => page.getByLabel(/^Own role of Dmitri/).inputValue()).toBe(''),
    finish: asked('Delete the role Given in a test', 'Delete'),
  },
  'workspace/pages addDrive': { writtenIn: 'new drive' },
  'workspace/pages addPage': { writtenIn: 'new page' },
  'workspace/pages movePageTo': {
    path: productPage('Launch plan'),
    press: async (page) => {
      await page.getByRole('tree').focus();
      await page.keyboard.press('Alt+ArrowDown');
    },
    kept: async (page) => {
      const line = page.getByRole('treeitem', { name: 'Launch plan' });
      expect(await line.getAttribute('aria-posinset')).toBe('1');
    },
  },
  'workspace/pages movePageTo: dialog': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await menu('Move')(page);
      await page.getByLabel('Under').selectOption({ label: 'Research' });
    },
    press: (page) => page.getByRole('dialog').getByRole('button', { name: 'Move' }).click(),
    kept: there((page) => page.getByRole('dialog').getByLabel('Under')),
  },
  'workspace/pages movePageToTrash': {
    path: productPage('Risks'),
    press: menu('To the trash'),
    kept: heading('Risks'),
  },
  'workspace/pages restoreFromTrash': {
    path: `/drives/${driveId('notes')}/trash`,
    press: press('Restore Old drafts'),
    kept: pressed('Restore Old drafts'),
  },
  'workspace/pages restoreFromTrash: Undo': {
    path: `/drives/${driveId('notes')}`,
    prepare: async (page) => {
      await newPage('Thrown away by a slip')(page);
      await menu('To the trash')(page);
      await button(page, 'Undo').waitFor();
    },
    isUndo: true,
    press: press('Undo'),
    kept: pressed('Undo'),
  },
  'workspace/pages renamePage': { writtenIn: 'rename' },
  'workspace/pages savePage: document': saved('Launch plan'),
  'workspace/pages savePage: sheet': saved('Risks'),
  'workspace/pages savePage: canvas': saved('Architecture sketch'),
  'workspace/sharing/actions share': { writtenIn: 'share' },
  'workspace/sharing/actions revoke': {
    path: productPage('Launch plan'),
    prepare: press('Share'),
    press: async (page) => {
      await press(/^Revoke Chlo/)(page);
      await page.getByRole('button', { name: 'Revoke', exact: true }).last().click();
    },
    kept: pressed(/^Revoke Chlo/),
  },
  'workspace/sharing/link-actions makeLink': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await press('Share')(page);
      await page.getByLabel('Uses').fill('3');
    },
    press: press('Make a link'),
    kept: values({ Uses: '3' }),
  },
  'workspace/sharing/link-actions endLink': {
    path: productPage('Risks'),
    prepare: async (page) => {
      await press('Share')(page);
      await press('Make a link')(page);
      await button(page, /^End the link/).waitFor();
    },
    press: press(/^End the link/),
    kept: pressed(/^End the link/),
    finish: press(/^End the link/),
  },
  'workspace/sharing/link-actions openLink': {
    who: 'nobody',
    path: '/shared/any',
    press: press('Open the page'),
    kept: pressed('Open the page'),
  },
};

/** Actions that change nothing that anybody made: lists, answers, and notes of a screen itself. */
export const reads = [
  'connectors/actions moreActivity',
  'connectors/actions moreRows',
  'knowledge/actions followIngestion',
  'knowledge/actions moreDocuments',
  'statements/actions showPlan',
  'statements/actions showStatements',
  'tasks/actions followLog',
  'tasks/actions moreTasks',
  'tasks/actions ownTags',
  // Noted again with the next message.
  'workspace/channel/messages markRead',
  'workspace/channel/messages readThread',
  'workspace/chat/chat readChat',
  'workspace/comments/actions readCommentThread',
  'workspace/comments/actions readComments',
  'workspace/file/actions readFiles',
  'workspace/history/actions compareVersions',
  'workspace/history/actions readHistory',
  'workspace/members/actions readInvitations',
  'workspace/pages readPage',
  'workspace/sharing/actions readGrants',
  'workspace/sharing/link-actions readLinks',
  // The browser itself sends it, before or without the scripts.
  'sign-in/actions signIn',
] as const;
