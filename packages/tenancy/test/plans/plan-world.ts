import type { Sql } from 'postgres';
import type { PlanSample } from '../../src/queries/hot-query.ts';
import { embeddingDimensions } from '../../src/schema/index.ts';
import { tenantIdOf } from '../../src/tenant-id.ts';

const tenants = Array.from({ length: 20 }, (_, n) => ({
  slug: `tenant-${n}`,
  id: tenantIdOf(`tenant-${n}`),
}));
const model = 'plans';

/**
 * Fills a database with twenty tenants, the third of which holds half of all rows.
 *
 * @param sql as a superuser, whom no policy holds back
 * @param messages how many messages; a tenth as many conversations and documents, a twentieth as many
 *   chunks and 5,000 at most, since building the index of a vector takes milliseconds
 */
export async function fillPlanWorld(sql: Sql, messages: number): Promise<PlanSample> {
  await sql.begin(async (tx) => {
    // The rows fit together by how they are made; checking each foreign key would take a minute.
    await tx.unsafe('set local session_replication_role = replica');
    await tx`insert into tenants ${tx(
      tenants.map(({ id, slug }) => ({ id, slug, name: slug, embedding_model: model })),
    )}`;
    for (const statement of statementsFor(messages)) await tx.unsafe(statement);
  });
  const [sample] = await sql.unsafe(
    `select ${idOf('user', '2')} as user_id, ${idOf('conversation', '2')} as conversation_id, ${idOf('document', '2')} as document_id`,
  );
  return {
    tenantId: tenantIdOf('tenant-2'),
    userId: String(sample?.user_id),
    conversationId: String(sample?.conversation_id),
    documentId: String(sample?.document_id),
    embedding: { model, vector: Array.from({ length: embeddingDimensions }, (_, n) => n % 7) },
  };
}

/** The UUID, of version 4 by its form, of the n-th row of a kind. */
const idOf = (kind: string, n: string): string =>
  `overlay(overlay(md5('${kind}' || ${n}) placing '4' from 13) placing '8' from 17)::uuid`;

const statementsFor = (messages: number): string[] => {
  const users = Math.ceil(messages / 20);
  const conversations = Math.ceil(messages / 10);
  const tenant = `(select id from tenants where slug = 'tenant-' || case when n % 2 = 0 then 2 else n % 20 end)`;
  return [
    `insert into users (tenant_id, id, email, created_at)
      select ${tenant}, ${idOf('user', 'n')}, 'user' || n || '@example.com', now() - n * interval '1 second'
      from generate_series(1, ${users}) n`,
    `insert into conversations (tenant_id, id, user_id, updated_at)
      select u.tenant_id, ${idOf('conversation', 'n')}, u.id, now() - n * interval '1 second'
      from generate_series(1, ${conversations}) n
      join users u on u.id = ${idOf('user', `case when n % 4 = 2 then 2 else n % ${users} + 1 end`)}`,
    `insert into messages (tenant_id, id, conversation_id, position, role, content)
      select c.tenant_id, ${idOf('message', 'n')}, c.id, n, 'user', 'words'
      from generate_series(1, ${messages}) n join conversations c
        on c.id = ${idOf('conversation', `case when n % 10 = 0 then 2 else n % ${conversations} + 1 end`)}`,
    `update conversations set message_count = ${messages}`,
    `insert into documents (tenant_id, id, title, source, content_hash, status, created_at)
      select ${tenant}, ${idOf('document', 'n')}, 'Document', 'upload', encode(sha256(n::text::bytea), 'hex'),
        (case when n % 50 = 2 then 'pending' else 'ready' end)::document_status, now() - n * interval '1 second'
      from generate_series(1, ${conversations}) n`,
    `insert into document_chunks (tenant_id, document_id, id, chunk_index, content, token_count, embedding, embedding_model)
      select d.tenant_id, d.id, ${idOf('chunk', 'n')}, n, 'Some words ' || case when n % 20 = 0 then 'rareword' else '' end,
        2, (select array_agg(random() + 0 * n * e) from generate_series(1, ${embeddingDimensions}) e)::vector, '${model}'
      from generate_series(1, ${Math.min(5_000, Math.ceil(messages / 20))}) n
      join documents d on d.id = ${idOf('document', `case when n % 4 = 0 then 2 else n % ${conversations} + 1 end`)}`,
  ];
};
