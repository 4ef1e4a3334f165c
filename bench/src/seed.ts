import { chatMessages, createDb, drives, pages, pageViews, users } from '@pagespace/db';
import { seedWorkspace } from '@pagespace/db/seed';
import { vacuumFilled } from '@reference/audit/testing';
import { copyRows } from '@reference/kit';
import { migrate } from '@reference/migrator';

/** How much data a run works on. */
export interface Size {
  readonly workspace: 'medium' | 'large';
  /** Rows of the one drive and the one chat that are paged through to their end. */
  readonly deepRows: number;
}

/** Rows on a page of a list. */
export const pageSize = 20;

export const sizes = {
  small: { workspace: 'medium', deepRows: 100 * pageSize + 10 },
  large: { workspace: 'large', deepRows: 10_000 * pageSize + 10 },
} as const satisfies Record<string, Size>;
export type SizeName = keyof typeof sizes;

/** The drive, chat and owner of the deep lists. */
export const deep = { ownerId: 'bench-owner', driveId: 'bench-drive', chatId: 'bench-chat' };

/** Migrates and fills an empty database; leaves one that is filled as it is. */
export async function seed(url: string, name: SizeName): Promise<void> {
  await migrate(url, { folder: new URL('../../packages/db/drizzle', import.meta.url) });
  const client = createDb({ url, max: 1, statementTimeoutMs: 0, deadlineMs: 0 });
  try {
    const size = sizes[name];
    await withoutIndexes(client.sql, async () => {
      const onTable = (table: string) => console.log(`${table} …`);
      await seedWorkspace(client, { size: size.workspace, onTable });
      await seedDeep(client, size);
      await seedRoles(client);
    });
    await vacuumFilled((statement) => client.sql.unsafe(statement));
    await client.sql.unsafe('checkpoint');
  } finally {
    await client.close();
  }
}

const largeTables = ['pages', 'chat_messages', 'page_permissions'];

/** Makes indexes and checks foreign keys after the rows are in, which takes minutes less. */
async function withoutIndexes(sql: Workspace['sql'], load: () => Promise<void>): Promise<void> {
  const indexes = await sql<{ name: string; definition: string }[]>`
    select c.relname as name, pg_get_indexdef(i.indexrelid) as definition
    from pg_index i join pg_class c on c.oid = i.indexrelid
    where i.indrelid = any(${largeTables}::text[]::regclass[]) and not i.indisunique`;
  const [filled] = await sql`select 1 from users where id = ${deep.ownerId}`;
  if (filled) return;
  const triggers = (state: string) =>
    largeTables.map((table) => `alter table ${table} ${state} trigger all`).join('; ');
  await sql.unsafe(
    [...indexes.map(({ name }) => `drop index "${name}"`), triggers('disable')].join('; '),
  );
  try {
    await load();
  } finally {
    console.log('indexes …');
    await sql.unsafe(triggers('enable'));
    for (const { definition } of indexes) await sql.unsafe(definition);
  }
}

type Workspace = ReturnType<typeof createDb>;

async function seedDeep({ db, sql }: Workspace, { deepRows }: Size): Promise<void> {
  const owner = await db
    .insert(users)
    .values({ id: deep.ownerId, email: 'bench@example.com', displayName: 'Bench' })
    .onConflictDoNothing()
    .returning({ id: users.id });
  if (owner.length === 0) return;
  await db
    .insert(drives)
    .values({ id: deep.driveId, name: 'Bench', slug: 'bench', ownerId: deep.ownerId });
  const at = (n: number) => new Date(Date.UTC(2026, 0, 1) + n * 1000);
  const chat = { id: deep.chatId, driveId: deep.driveId, title: 'Chat', type: 'AI_CHAT' as const };
  await db.insert(pages).values({ ...chat, position: 0, lastViewedAt: at(0), updatedAt: at(0) });
  function* deepPages() {
    for (let n = 1; n < deepRows; n++) {
      yield {
        id: `bench-page-${n}`,
        driveId: deep.driveId,
        title: `Page ${n}`,
        type: 'DOCUMENT' as const,
        content: `Text of page ${n}`,
        position: n,
        lastViewedAt: at(n),
        createdAt: at(n),
        updatedAt: at(n),
      };
    }
  }
  function* deepMessages() {
    for (let n = 0; n < deepRows; n++) {
      const role = n % 2 === 0 ? ('user' as const) : ('assistant' as const);
      const content = `Message ${n}: what it says.`;
      yield {
        id: `bench-message-${n}`,
        pageId: deep.chatId,
        role,
        content,
        createdAt: at(n),
        updatedAt: at(n),
      };
    }
  }
  const pageColumns = [
    'id',
    'driveId',
    'title',
    'type',
    'content',
    'position',
    'lastViewedAt',
    'createdAt',
    'updatedAt',
  ] as const;
  await copyRows(sql, pages, pageColumns, deepPages());
  function* deepViews() {
    for (let n = 0; n < deepRows; n++) {
      yield {
        userId: deep.ownerId,
        pageId: n === 0 ? deep.chatId : `bench-page-${n}`,
        viewedAt: at(n),
        createdAt: at(n),
        updatedAt: at(n),
      };
    }
  }
  const viewColumns = ['userId', 'pageId', 'viewedAt', 'createdAt', 'updatedAt'] as const;
  await copyRows(sql, pageViews, viewColumns, deepViews());
  const messageColumns = ['id', 'pageId', 'role', 'content', 'createdAt', 'updatedAt'] as const;
  await copyRows(sql, chatMessages, messageColumns, deepMessages());
}

/** In 300 drives a role that may view, held by someone without another part in the drive. */
async function seedRoles({ sql }: Workspace): Promise<void> {
  await sql.unsafe(`
    with chosen as (
      select d.id as "driveId", u.id as "userId"
      from (select id, "ownerId" from drives where id <> '${deep.driveId}' and not "isTrashed" order by md5(id) limit 300) d
      cross join lateral (
        select id from users where id <> d."ownerId" and not exists (
          select from drive_members m where m."driveId" = d.id and m."userId" = users.id)
        order by md5(users.id || d.id) limit 1) u
    ), roles as (
      insert into drive_roles (id, "driveId", name, "canView", "canEdit", "canShare", "canDelete")
      select 'bench-role-' || "driveId", "driveId", 'Reader', true, false, false, false from chosen
      returning id, "driveId"
    )
    insert into drive_members (id, "driveId", "userId", role, "customRoleId")
    select 'bench-member-' || "driveId", "driveId", "userId", 'MEMBER', roles.id
    from chosen join roles using ("driveId")`);
}
