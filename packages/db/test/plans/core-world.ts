import type { Sizes } from './sizes.ts';

/** Children of the plan world's pages: messages, comments, mentions, tags, favourites. */
export const coreRows = ({ of, users }: Sizes): string => `;
    update pages set "lastViewedAt" = now() - position::int * interval '1 minute',
      content = 'some words about apples and ' || case when position::int % 500 = 0 then 'quince' else 'pears' end
      where position::int % 10 = 0;
    insert into pages (id, "driveId", "parentId", title, type, position)
      select 'child' || n, 'drive1', 'page' || (n % ${of(600)} * 4 + 4), 'Child ' || n, 'DOCUMENT', n
      from generate_series(1, ${of(3_000)}) n;
    insert into chat_messages (id, "pageId", role, content, "isActive", "createdAt")
      select 'message' || n, 'page' || (n % 100 + 1), 'user', 'words', n % 9 <> 0, now() + n * interval '1 second'
      from generate_series(1, ${of(10_000)}) n;
    insert into page_comments (id, "pageId", "authorId", content, "parentId", "createdAt")
      select 'comment' || n, 'page' || (n % 400 + 1), 'user1', 'words',
        case when n > 400 then 'comment' || ((n - 1) % 400 + 1) end, now() + n * interval '1 second'
      from generate_series(1, ${of(8_000)}) n;
    insert into mentions (id, "sourceDriveId", "sourcePageId", "targetPageId", "createdAt")
      select 'mention' || n, p."driveId", p.id, 'page' || case when n <= ${of(1_000) + 10} then 8 else n % 5 + 1 end, now() + n * interval '1 second'
      from generate_series(${of(1_000) + 1}, ${of(9_000)}) n join pages p on p.id = 'page' || n;
    insert into mentions (id, "sourceDriveId", "sourcePageId", "targetUserId", "createdAt")
      select 'named' || n, p."driveId", p.id, 'user' || (n % 5 + 1), now() + n * interval '1 second'
      from generate_series(1, ${of(8_000)}) n join pages p on p.id = 'page' || n;
    insert into tags (id, "driveId", name)
      select 'tag' || n, 'drive' || (n % 100 + 1), 'Tag ' || n from generate_series(1, ${Math.max(500, of(5_000))}) n;
    insert into page_tags ("driveId", "pageId", "tagId", "createdAt")
      select p."driveId", p.id, 'tag' || (1 + p.position::int / 4 % 5) * 100, now() + p.position * interval '1 second'
      from pages p where p."driveId" = 'drive1' and p.id like 'page%';
    insert into share_links (id, "pageId", "createdBy", "tokenHash", "tokenPrefix", "expiresAt", "createdAt")
      select 'link' || n, 'page' || (n % 400 + 1), 'user1', encode(sha256(('link' || n)::bytea), 'hex'), 'share_', now() + interval '1 day',
        now() + n * interval '1 second' from generate_series(1, ${of(8_000)}) n;
    insert into page_versions ("pageId", revision, title, content, "contentHash", "createdAt")
      select 'page' || (n % 400 + 1), n / 400 + 1, 'Page', 'draft', encode(sha256('draft'), 'hex'), now() - interval '1 year' + n * interval '1 second'
      from generate_series(0, ${of(20_000)} - 1) n;
    insert into page_views ("userId", "pageId", "viewedAt")
      select u.id, p.id, now() - n * interval '1 second' from generate_series(1, 20000) n
      join users u on u.id = 'user' || (n % 500 + 1)
      join pages p on p.id = 'page' || (n / 500 * 7 + n % 7 + 1) on conflict do nothing;
    insert into favorites (id, "userId", "pageId", position)
      select 'favourite' || n, 'user' || (n % ${users} + 1), 'page' || n, n from generate_series(1, ${of(10_000)}) n;
    insert into files (id, "contentHash", "sizeBytes", "mimeType", "storagePath")
      select 'file' || n, encode(sha256(('file' || n)::bytea), 'hex'), n, 'image/png', 'store/' || n
      from generate_series(1, ${of(2_000)}) n;
    insert into file_pages ("fileId", "pageId", "createdAt")
      select 'file' || n, 'page' || (n % 200 + 1), now() + n * interval '1 second' from generate_series(1, ${of(2_000)}) n;
    insert into storage_events (id, "userId", "pageId", type, "sizeDelta", "totalAfter", "createdAt")
      select 'event' || n, 'user' || (n % ${users} + 1), 'page' || n, 'UPLOAD', n, n, now() + n * interval '1 second'
      from generate_series(1, ${of(10_000)}) n`;
