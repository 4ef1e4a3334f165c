import { entitiesPage } from '@reference/entity-diagram';
import * as cronJobs from '@reference/kit/tables/cron-jobs';
import * as deadEvents from '@reference/kit/tables/dead-events';
import * as idempotencyKeys from '@reference/kit/tables/idempotency-keys';
import * as inboxMessages from '@reference/kit/tables/inbox-messages';
import * as outboxEvents from '@reference/kit/tables/outbox-events';
import * as rateLimits from '@reference/kit/tables/rate-limits';
import * as ai from '../src/schema/ai.ts';
import * as audit from '../src/schema/audit.ts';
import * as auth from '../src/schema/auth.ts';
import * as chat from '../src/schema/chat.ts';
import * as core from '../src/schema/core.ts';
import * as members from '../src/schema/members.ts';
import * as monitoring from '../src/schema/monitoring.ts';
import * as notifications from '../src/schema/notifications.ts';
import * as permissions from '../src/schema/permissions.ts';
import * as social from '../src/schema/social.ts';
import * as storage from '../src/schema/storage.ts';
import * as subscriptions from '../src/schema/subscriptions.ts';

const groups = {
  auth,
  core,
  chat,
  ai,
  permissions,
  members,
  notifications,
  social,
  storage,
  subscriptions,
  monitoring,
  audit,
  events: { ...outboxEvents, ...deadEvents, ...inboxMessages },
  requests: { ...rateLimits, ...idempotencyKeys, ...cronJobs },
};

/** ENTITIES.md: each domain's tables, and the tables elsewhere that they point to. */
export const entities = (): string =>
  entitiesPage({ title: '@pagespace/db', groups, omit: ['createdAt', 'updatedAt'] });
