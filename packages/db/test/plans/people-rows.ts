/** What the people of the plan world get and do outside of their drives. */
export const peopleRows = `;
    insert into notifications (id, "userId", type, title, message, "isRead", "readAt", "createdAt")
      select 'notification' || n, 'user' || (n % 500 + 1), 'MENTION', 'Title', 'Message', n % 3 <> 0,
        case when n % 3 <> 0 then now() end, now() - n * interval '1 second'
      from generate_series(1, 20000) n;
    insert into connections (id, "user1Id", "user2Id", status, "requestedBy", "acceptedAt", "updatedAt")
      select 'connection' || a || '-' || b, least('user' || a, 'user' || b), greatest('user' || a, 'user' || b),
        'ACCEPTED', 'user' || a, now(), now() - (a + b) * interval '1 second'
      from generate_series(1, 500) a, generate_series(a + 1, least(a + 30, 500)) b;
    insert into direct_conversations (id, "user1Id", "user2Id", "lastMessageAt")
      select 'talk' || id, "user1Id", "user2Id", "updatedAt" from connections;
    insert into direct_messages (id, "conversationId", "senderId", content, "createdAt")
      select 'message' || id || '-' || n, id, "user1Id", 'words', "lastMessageAt" - n * interval '1 second'
      from direct_conversations, generate_series(1, 3) n;
    insert into plans (id, key, name, "monthlyPriceCents", limits) select 'plan' || n, 'plan' || n, 'Plan', 0,
        '{"storageBytes":1,"maxFileBytes":1,"aiRequestsPerDay":1}' from generate_series(1, 3) n;
    insert into subscriptions (id, "userId", "planId", status, "currentPeriodStart", "currentPeriodEnd", "createdAt")
      select 'subscription' || n, 'user' || (n % 500 + 1), 'plan' || (n % 3 + 1),
        (case when n <= 500 then 'ACTIVE' else 'CANCELED' end)::"SubscriptionStatus", now(),
        now() + interval '1 month', now() - n * interval '1 hour'
      from generate_series(1, 10000) n;
    insert into activity_logs (id, action, "driveId", "createdAt")
      select 'activity' || n, 'page.rename', 'drive' || (n % 500 + 1), now() - n * interval '1 second'
      from generate_series(1, 20000) n`;
