import type {
  chatMessages,
  driveMembers,
  driveRoles,
  drives,
  pagePermissions,
  pages,
} from '@pagespace/db';
import type { Kyselify } from 'drizzle-orm/kysely';

/** The tables as Kysely wants them described, from the same schema. */
export interface KyselyTables {
  pages: Kyselify<typeof pages>;
  drives: Kyselify<typeof drives>;
  drive_members: Kyselify<typeof driveMembers>;
  drive_roles: Kyselify<typeof driveRoles>;
  page_permissions: Kyselify<typeof pagePermissions>;
  chat_messages: Kyselify<typeof chatMessages>;
}
