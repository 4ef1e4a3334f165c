import type { Sizes } from './sizes.ts';

/** Rows of the plan world's people outside of their drives. */
export const peopleRows = ({ of, users }: Sizes): string => `;
    insert into notifications (id, "userId", type, title, message, "isRead", "readAt", "createdAt")
      select 'notification' || n, 'user' || (n % ${users} + 1), 'MENTION', 'Title', 'Message', n % 3 <> 0,
        case when n % 3 <> 0 then now() end, now() - n * interval '1 second'
      from generate_series(1, ${of(20_000)}) n;
    insert into connections (id, "user1Id", "user2Id", status, "requestedBy", "acceptedAt", "updatedAt")
      select 'connection' || a || '-' || b, least('user' || a, 'user' || b), greatest('user' || a, 'user' || b),
        'ACCEPTED', 'user' || a, now(), now() - (a + b) * interval '1 second'
      from generate_series(1, ${users}) a, generate_series(a + 1, least(a + 30, ${users})) b;
    insert into direct_conversations (id, "user1Id", "user2Id", "lastMessageAt")
      select 'talk' || id, "user1Id", "user2Id", "updatedAt" from connections;
    insert into direct_messages (id, "conversationId", "senderId", content, "createdAt")
      select 'message' || id || '-' || n, id, "user1Id", 'words', "lastMessageAt" - n * interval '1 second'
      from direct_conversations, generate_series(1, 3) n;
    insert into plans (id, key, name, "monthlyPriceCents", limits) select 'plan' || n, 'plan' || n, 'Plan', 0,
        '{"storageBytes":1,"maxFileBytes":1,"aiRequestsPerDay":1}' from generate_series(1, 3) n;
    insert into subscriptions (id, "userId", "planId", status, "currentPeriodStart", "currentPeriodEnd", "createdAt")
      select 'subscription' || n, 'user' || (n % ${users} + 1), 'plan' || (n % 3 + 1),
        (case when n <= ${users} then 'ACTIVE' else 'CANCELED' end)::"SubscriptionStatus", now(),
        now() + interval '1 month', now() - n * interval '1 hour'
      from generate_series(1, ${of(10_000)}) n;
    insert into audit_pseudonyms (pseudonym, "userId") select 'pseudonym' || n, 'user' || n from generate_series(1, ${users}) n;
    -- Chained by the statement, because the trigger takes a statement or two for each.
    alter table audit_entries disable trigger user;
    alter table audit_heads disable trigger user;
    insert into audit_entries (scope, position, id, action, "actorId", "driveId", salt, "detailsHash", "previousHash", hash, "createdAt")
      select 'drive drive' || (n % ${users} + 1), n, 'activity' || n, 'page.rename', 'pseudonym' || (n % ${users} + 1),
        'drive' || (n % ${users} + 1), 'salt', repeat('0', 64), repeat('0', 64), repeat('0', 64), now() - n * interval '1 second'
      from generate_series(1, ${of(20_000)}) n;
    insert into audit_heads (scope, position, hash)
      select scope, max(position), repeat('0', 64) from audit_entries group by scope;
    alter table audit_entries enable trigger user;
    alter table audit_heads enable trigger user;
    insert into rate_limits ("keyHash", slot, bucket, counts, "expiresAt")
      select encode(sha256(n::text::bytea), 'hex'), 0, 1, array_fill(1, array[13]), now() + interval '1 hour'
      from generate_series(1, ${of(10_000)}) n`;
