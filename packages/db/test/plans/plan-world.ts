import type { PlanSample } from '../../src/queries/hot-query.ts';
import type { Workspace } from '../workspace.ts';
import { chatRows } from './chat-rows.ts';
import { coreRows } from './core-world.ts';
import { peopleRows } from './people-rows.ts';
import { type Sizes, sizesOf } from './sizes.ts';

/**
 * Fills a database until its plans are those of a large one: 10,000 drives with 4 members and 2 roles
 * each, one of them with 10,000 pages and the others with 3, 500 people with 60 grants, 10 sessions and
 * 10 tokens each, one with 1,000 grants, 1,000 invitations; see the rows of the other files for the rest.
 *
 * @param pages how many pages; the other tables grow with them
 */
export async function fillPlanWorld(
  { sql }: Pick<Workspace, 'sql'>,
  pages = 40_000,
): Promise<PlanSample> {
  await sql.begin(async (tx) => {
    for (const statement of statementsFor(sizesOf(pages)).split(';')) {
      // The rows fit together by how they are made; checking each foreign key would take a minute. Only an
      // update needs its triggers: they keep the page's former version.
      const role = /^\s*update/.test(statement) ? 'origin' : 'replica';
      await tx.unsafe(`set local session_replication_role = ${role}; ${statement}`);
    }
  });
  const [grant] = await sql`
    select g."userId", p.id, p."driveId" from page_permissions g join pages p on p.id = g."pageId"
    where not p."isTrashed" and p."driveId" = 'drive1' and g."userId" <> 'reader' limit 1`;
  const [talk] = await sql`
    select id from direct_conversations where ${String(grant?.userId)} in ("user1Id", "user2Id") limit 1`;
  return {
    userId: String(grant?.userId),
    email: 'user7@example.com',
    readerId: 'reader',
    ownerId: 'user1',
    driveId: String(grant?.driveId),
    pageId: String(grant?.id),
    channelId: 'channel20',
    conversationId: String(talk?.id),
  };
}

const statementsFor = (sizes: Sizes): string => {
  const { of, users } = sizes;
  return `
    insert into users (id, email) select 'user' || n, 'user' || n || '@example.com'
      from generate_series(1, ${users}) n;
    insert into drives (id, name, slug, "ownerId")
      select 'drive' || n, 'Drive', 'drive' || n, 'user' || ((n - 1) % ${users} + 1)
      from generate_series(1, ${of(10_000)}) n;
    insert into pages (id, "driveId", title, type, position, "isTrashed", "trashedAt")
      select 'page' || n, 'drive' || (case when n % 4 = 0 then 1 else n % ${of(10_000)} + 1 end), 'Page ' || n,
        'DOCUMENT', n, n % 50 = 0, case when n % 50 = 0 then now() end
      from generate_series(1, ${of(40_000)}) n;
    insert into drive_roles (id, "driveId", name, "canView", "canEdit", "canShare", "canDelete")
      select 'role' || d || '-' || r, 'drive' || d, 'Role ' || r, true, r = 2, false, false
      from generate_series(1, ${of(10_000)}) d, generate_series(1, 2) r;
    insert into drive_members (id, "driveId", "userId", role, "customRoleId")
      select 'member' || d || '-' || m, 'drive' || d, 'user' || ((d + m - 2) % ${users} + 1),
        (case m when 1 then 'OWNER' when 2 then 'ADMIN' else 'MEMBER' end)::"MemberRole",
        case m when 4 then 'role' || d || '-1' end
      from generate_series(1, ${of(10_000)}) d, generate_series(1, 4) m;
    insert into page_permissions (id, "pageId", "userId", "canView", "canEdit", "canShare", "canDelete")
      select 'grant' || n, 'page' || n, 'user' || (n * 7 % ${users - 2} + 3), true, n % 2 = 0, false, false
      from generate_series(1, ${of(30_000)}) n;
    insert into users (id, email) values ('reader', 'reader@example.com');
    insert into page_permissions (id, "pageId", "userId", "canView", "canEdit", "canShare", "canDelete")
      select 'reader' || n, 'page' || n, 'reader', true, false, false, false
      from generate_series(4, ${of(40_000)}, ${Math.max(1, Math.floor(of(40_000) / 1_000))}) n;
    insert into drive_invitations (id, "driveId", email, role, "tokenHash", "invitedBy", "expiresAt")
      select 'invitation' || n, 'drive' || (n % 20 + 1), 'guest' || n || '@example.com', 'MEMBER',
        encode(sha256(('inv' || n)::bytea), 'hex'), 'user1', now()
      from generate_series(1, ${of(1_000)}) n;
    insert into sessions (id, "tokenHash", "tokenPrefix", "userId", "tokenVersion", "expiresAt", "createdAt")
      select 'session' || n, encode(sha256(('ses' || n)::bytea), 'hex'), 'ses_', 'user' || (n % ${users} + 1), 0,
        now() + n * interval '1 minute', now() + n * interval '1 second'
      from generate_series(1, ${of(5_000)}) n;
    insert into refresh_tokens (id, "tokenHash", "tokenPrefix", "userId", "tokenVersion", "familyId", "expiresAt")
      select 'refresh' || n, encode(sha256(('ref' || n)::bytea), 'hex'), 'ref_', 'user' || (n % ${users} + 1), 0,
        'family' || n, now() + n * interval '1 minute'
      from generate_series(1, ${of(5_000)}) n;
    insert into verification_tokens (id, "tokenHash", "userId", type, "tokenVersion", "expiresAt")
      select 'link' || n, encode(sha256(('ver' || n)::bytea), 'hex'), 'user' || (n % ${users} + 1), 'EMAIL', 0, now()
      from generate_series(1, ${of(5_000)}) n;
    insert into mcp_tokens (id, "tokenHash", "tokenPrefix", "userId", "tokenVersion", name, scopes, "createdAt")
      select 'mcp' || n, encode(sha256(('mcp' || n)::bytea), 'hex'), 'mcp_', 'user' || (n % ${users} + 1), 0,
        'CLI', '["pages:read"]', now() + n * interval '1 second'
      from generate_series(1, ${of(5_000)}) n${coreRows(sizes)}${chatRows(sizes)}${peopleRows(sizes)}`;
};
