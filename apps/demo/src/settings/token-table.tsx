'use client';
import type { McpTokenSummary } from '@pagespace/db';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Badge } from '@/ui/page.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction } from '@/ui/toast.tsx';
import { revokeToken } from './actions.ts';

export function TokenTable({ tokens }: { readonly tokens: readonly McpTokenSummary[] }) {
  const run = useAction();
  return (
    <Table
      label="Access tokens"
      head={
        <>
          <Th>Name</Th>
          <Th>Scopes</Th>
          <Th>Until</Th>
          <Th>State</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {tokens.map(({ id, name, tokenPrefix, scopes, expiresAt, revokedAt }) => (
        <tr key={id}>
          <Td>
            <span className="font-medium">{name}</span>
            <div className="font-mono text-xs text-muted">{tokenPrefix}…</div>
          </Td>
          <Td label="Scopes" className="text-muted">
            {scopes.join(', ')}
          </Td>
          <Td label="Until" className="text-muted">
            {expiresAt ? <Time at={expiresAt} /> : 'revoked'}
          </Td>
          <Td label="State">
            {revokedAt ? (
              <Badge>revoked</Badge>
            ) : expiresAt && expiresAt <= new Date() ? (
              <Badge tone="warn">expired</Badge>
            ) : (
              <Badge tone="good">active</Badge>
            )}
          </Td>
          <Td className="text-right">
            {!revokedAt && (
              <ConfirmButton
                size="sm"
                look="danger"
                aria-label={`Revoke ${name}`}
                question={`Revoke the token “${name}”?`}
                consequence="Programs that use it are refused at once. It can’t be made valid again."
                verb="Revoke"
                onConfirm={() => run(revokeToken({ mcpTokenId: id }))}
              >
                Revoke
              </ConfirmButton>
            )}
          </Td>
        </tr>
      ))}
    </Table>
  );
}
