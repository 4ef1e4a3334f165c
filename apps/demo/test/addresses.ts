import { driveId, pageId } from '@pagespace/db/seed';

/** Addresses of what the sample data has. */
export const product = `/drives/${driveId('product')}`;
export const productPageId = (title: string) => pageId('product', title);
export const productPage = (title: string) => `${product}/pages/${productPageId(title)}`;
export const task = (number: number) => `/tasks/seed-ada-task-${number}`;

/** A screen of each kind, as Ada sees it. */
export const screens = {
  guide: '/guide',
  drives: '/drives',
  drive: product,
  document: productPage('Launch plan'),
  folder: productPage('Roadmap'),
  sheet: productPage('Risks'),
  canvas: productPage('Architecture sketch'),
  channel: productPage('general'),
  'AI chat': productPage('Assistant'),
  file: productPage('Interview.pdf'),
  search: '/search?q=launch',
  members: `${product}/members`,
  trash: `${product}/trash`,
  notifications: '/notifications',
  invitation: '/invitation?token=x',
  sessions: '/settings/sessions',
  'notification settings': '/settings/notifications',
  tokens: '/settings/tokens',
  'your data': '/settings/data',
  providers: '/settings/providers',
  connectors: '/connectors',
  activity: '/connectors/activity',
  tasks: '/tasks',
  task: task(0),
  'task settings': '/tasks/settings',
  knowledge: '/knowledge/acme',
  'knowledge search': '/knowledge/acme?q=index+that+serves+a+foreign+key',
  schema: '/schema',
  'schema table': '/schema/db/tables/pages',
  migrations: '/schema/tenancy/migrations',
  migration: '/schema/tenancy/migrations/0003_force_and_grants',
  audit: '/schema/db/audit',
  'query lab': '/schema/tasks/queries/getUserTasks',
} as const;
