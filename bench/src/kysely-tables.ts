import type { chatMessages, driveMembers, drives, pagePermissions, pages } from '@pagespace/db';
import type { Kyselify } from 'drizzle-orm/kysely';

/** The tables as Kysely wants them described, from the same schema. */
export interface KyselyTables {
  pages: Kyselify<typeof pages>;
  drives: Kyselify<typeof drives>;
  drive_members: Kyselify<typeof driveMembers>;
  page_permissions: Kyselify<typeof pagePermissions>;
  chat_messages: Kyselify<typeof chatMessages>;
}
