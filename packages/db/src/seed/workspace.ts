import type {
  NewChatMessage,
  NewFavorite,
  NewMention,
  NewPage,
  NewPageComment,
  NewPagePermission,
  NewPageTag,
  NewTag,
} from '../schema/index.ts';
import { after, seedId } from './fixed.ts';
import { type DriveName, driveId, type Person, userId } from './people.ts';

export const pageId = (drive: DriveName, title: string) => seedId(`page ${drive} ${title}`);

interface Leaf extends Partial<NewPage> {
  title: string;
  type: NewPage['type'];
  under?: Leaf[];
}

const plan = `# Launch plan

We ship the search rewrite in March. The old index stays readable for two weeks.

- Ben owns the migration of the index and its rehearsal on a copy.
- Chloé writes the announcement; Dmitri measures latency before and after.
- A rollback takes one command and loses no message.`;

const sketch = `<svg viewBox="0 0 560 150" width="560" font-family="sans-serif" font-size="15" text-anchor="middle">
  <g fill="#eef4fc" stroke="#1d5fb4">
    <rect x="10" y="45" width="130" height="60" rx="8"/>
    <rect x="215" y="45" width="130" height="60" rx="8"/>
    <rect x="420" y="45" width="130" height="60" rx="8"/>
  </g>
  <path d="M140 75h67m-8-6 8 6-8 6M345 75h67m-8-6 8 6-8 6" fill="none" stroke="#1d5fb4" stroke-width="2"/>
  <text x="75" y="80">client</text><text x="280" y="80">pool</text><text x="485" y="80">Postgres</text>
  <text x="280" y="130" fill="#5d5f63" font-size="13">ten connections, each used in turn</text>
</svg>`;

const product: Leaf[] = [
  {
    title: 'Roadmap',
    type: 'FOLDER',
    under: [
      { title: 'Launch plan', type: 'DOCUMENT', content: plan },
      {
        title: 'Risks',
        type: 'SHEET',
        content:
          'risk,likelihood,owner\nindex grows too large,low,ben\nlate translations,high,chloe',
      },
      {
        title: 'Architecture sketch',
        type: 'CANVAS',
        content: sketch,
      },
    ],
  },
  {
    title: 'Research',
    type: 'FOLDER',
    under: [
      {
        title: 'Interview notes',
        type: 'DOCUMENT',
        content:
          'Six customers asked for search that forgives typing errors. Two export every page each night.',
      },
      {
        title: 'Interview.pdf',
        type: 'FILE',
        mimeType: 'application/pdf',
        originalFileName: 'Interview.pdf',
        fileSize: 182_044,
        contentHash: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08',
        processingStatus: 'completed',
        extractionMethod: 'text',
        extractionMetadata: { pages: 12 },
      },
    ],
  },
  {
    title: 'Assistant',
    type: 'AI_CHAT',
    aiProvider: 'anthropic',
    aiModel: 'claude-sonnet',
    systemPrompt: 'You help the product team. Cite the pages you used.',
    enabledTools: ['search_pages', 'create_page'],
  },
  { title: 'general', type: 'CHANNEL' },
];

const handbook: Leaf[] = [
  {
    title: 'Welcome',
    type: 'DOCUMENT',
    content: 'How we work, write and decide. Start here on your first day.',
  },
  {
    title: 'Policies',
    type: 'FOLDER',
    under: [
      {
        title: 'Holidays',
        type: 'DOCUMENT',
        content: 'Thirty days a year. Tell the team two weeks ahead.',
      },
      { title: 'Salaries', type: 'SHEET', content: 'role,band\nengineer,3\nlead,4' },
    ],
  },
];

const notes: Leaf[] = [
  { title: 'Diary', type: 'DOCUMENT', content: 'The analytical engine weaves algebraic patterns.' },
  {
    title: 'Old drafts',
    type: 'FOLDER',
    under: [{ title: 'Abandoned idea', type: 'DOCUMENT', content: 'A clock that runs backwards.' }],
  },
];

function plant(
  drive: DriveName,
  leaves: readonly Leaf[],
  parentId: string | null = null,
): NewPage[] {
  return leaves.flatMap(({ under, ...leaf }, index) => {
    const id = pageId(drive, leaf.title);
    const at = after(8 + index, leaf.title.length);
    const page = { ...leaf, id, driveId: driveId(drive), parentId, position: index + 1 };
    return [{ ...page, createdAt: at, updatedAt: at }, ...plant(drive, under ?? [], id)];
  });
}

/** Trees of every type of page; one of them, with what hangs on it, in the trash. */
export const pages: NewPage[] = [
  ...plant('product', product),
  ...plant('handbook', handbook),
  ...plant('notes', notes).map((page) =>
    page.title === 'Old drafts' || page.title === 'Abandoned idea'
      ? { ...page, isTrashed: true, trashedAt: after(30) }
      : page,
  ),
];

const grant = (
  drive: DriveName,
  title: string,
  person: Person,
  rights: Partial<NewPagePermission>,
): NewPagePermission => ({
  id: seedId(`grant ${title} ${person}`),
  pageId: pageId(drive, title),
  userId: userId(person),
  canView: true,
  canEdit: false,
  canShare: false,
  canDelete: false,
  grantedBy: userId(drive === 'handbook' ? 'ben' : 'ada'),
  grantedAt: after(12),
  ...rights,
});

/** The grants of members and guests, one of it expired. */
export const permissions: NewPagePermission[] = [
  grant('product', 'Roadmap', 'chloe', { canEdit: true, canShare: true }),
  grant('product', 'Launch plan', 'chloe', { canEdit: true }),
  grant('product', 'Launch plan', 'dmitri', {}),
  grant('product', 'Interview notes', 'dmitri', { expiresAt: after(20), note: 'until the review' }),
  grant('product', 'Launch plan', 'emi', { expiresAt: new Date(Date.UTC(2100, 0, 1)) }),
  grant('product', 'general', 'chloe', { canEdit: true }),
  grant('handbook', 'Welcome', 'ada', {}),
];

const message = (
  n: number,
  values: Partial<NewChatMessage> & { content: string },
): NewChatMessage => ({
  id: seedId(`message ${n}`),
  pageId: pageId('product', 'Assistant'),
  userId: values.role ? null : userId('ada'),
  role: 'user',
  createdAt: after(14, n),
  updatedAt: after(14, n),
  ...values,
});

/** A chat in which the assistant used its tools, and one message was edited. */
export const chatMessages: NewChatMessage[] = [
  message(1, { content: 'What are the risks of the lunch?', isActive: false }),
  message(2, { content: 'What are the risks of the launch?', editedAt: after(14, 3) }),
  message(3, {
    role: 'assistant',
    content:
      'Two are written down: the index could grow too large, and translations could be late.',
    toolCalls: [
      { id: 'call_1', name: 'search_pages', arguments: { words: 'launch risks', limit: 5 } },
    ],
    toolResults: [{ callId: 'call_1', result: { titles: ['Risks', 'Launch plan'] } }],
  }),
  message(4, { content: 'Make a list of what to do about them.' }),
  message(5, {
    role: 'assistant',
    agentRole: 'PLANNER',
    messageType: 'todo_list',
    content: '- [ ] rehearse on a copy\n- [ ] book the translator',
  }),
];

const comment = (n: number, author: Person, content: string, answers?: number): NewPageComment => ({
  id: seedId(`comment ${n}`),
  pageId: pageId('product', 'Launch plan'),
  authorId: userId(author),
  parentId: answers === undefined ? null : seedId(`comment ${answers}`),
  content,
  createdAt: after(15, n),
  updatedAt: after(15, n),
});
export const pageComments: NewPageComment[] = [
  comment(1, 'chloe', 'Is two weeks enough for the old index?'),
  comment(2, 'ben', 'Yes, the rehearsal took four days.', 1),
  comment(3, 'chloe', 'Good, then I announce it.', 2),
  comment(4, 'dmitri', 'Baseline latency is in the sheet.'),
];

const tag = (name: string, color: string): NewTag => ({
  id: seedId(`tag ${name}`),
  driveId: driveId('product'),
  name,
  color,
});
export const tags: NewTag[] = [tag('Urgent', '#d64545'), tag('Search', '#1f9d55')];
export const pageTags: NewPageTag[] = [
  ['Launch plan', 'Urgent'],
  ['Launch plan', 'Search'],
  ['Interview notes', 'Search'],
].map(([title = '', name = '']) => ({
  driveId: driveId('product'),
  pageId: pageId('product', title),
  tagId: seedId(`tag ${name}`),
}));

export const favorites: NewFavorite[] = [
  { pageId: pageId('product', 'Launch plan') },
  { driveId: driveId('handbook') },
].map((target, n) => ({
  id: seedId(`favourite ${n}`),
  userId: userId('ada'),
  position: n + 1,
  ...target,
}));

export const mentions: NewMention[] = [
  { targetPageId: pageId('product', 'Risks') },
  { targetUserId: userId('ben') },
].map((target, n) => ({
  id: seedId(`mention ${n}`),
  sourceDriveId: driveId('product'),
  sourcePageId: pageId('product', 'Launch plan'),
  ...target,
}));
