import { listMcpTokens, mcpScopeSchema } from '@pagespace/db';
import type { Metadata } from 'next';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { TokenForm } from '@/settings/token-form.tsx';
import { TokenTable } from '@/settings/token-table.tsx';
import { PageFrame } from '@/ui/page.tsx';
import { EmptyState } from '@/ui/states.tsx';

export const metadata: Metadata = { title: 'Access tokens' };

export default async function TokensPage() {
  const { userId } = await openPage();
  const { items } = await listMcpTokens(pagespace(), { userId, limit: 50 });
  return (
    <PageFrame title="Access tokens" lead="With a token a program acts for you, within its scopes.">
      <TokenForm scopes={mcpScopeSchema.options} />
      {items.length === 0 ? <EmptyState title="No tokens yet" /> : <TokenTable tokens={items} />}
    </PageFrame>
  );
}
