'use client';
import type { InvitationSummary } from '@pagespace/db';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Badge } from '@/ui/page.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { withdraw } from './actions.ts';

function stateOf({ acceptedAt, revokedAt, expiresAt }: InvitationSummary) {
  if (acceptedAt) return <Badge tone="good">accepted</Badge>;
  if (revokedAt) return <Badge>withdrawn</Badge>;
  if (expiresAt <= new Date()) return <Badge tone="warn">expired</Badge>;
  return <Badge tone="accent">pending</Badge>;
}

interface InvitationTableProps {
  readonly invitations: readonly InvitationSummary[];
  readonly onWithdrawn: () => Promise<void>;
}

export function InvitationTable({ invitations, onWithdrawn }: InvitationTableProps) {
  const run = useAction();
  const { say } = useToast();
  return (
    <Table
      label="Invitations"
      head={
        <>
          <Th>Address</Th>
          <Th>As</Th>
          <Th>State</Th>
          <Th>Until</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {invitations.map((invitation) => (
        <tr key={invitation.id}>
          <Td className="font-medium">{invitation.email}</Td>
          <Td label="As">{invitation.role.toLowerCase()}</Td>
          <Td label="State">{stateOf(invitation)}</Td>
          <Td label="Until" className="text-muted">
            <Time at={invitation.expiresAt} />
          </Td>
          <Td className="text-right">
            {!invitation.acceptedAt && !invitation.revokedAt && (
              <ConfirmButton
                size="sm"
                look="danger"
                aria-label={`Withdraw the invitation of ${invitation.email}`}
                question={`Withdraw the invitation of ${invitation.email}?`}
                consequence="Its link opens nothing any more. You can invite the address again."
                verb="Withdraw"
                onConfirm={async () => {
                  if (!(await run(withdraw({ invitationId: invitation.id })))) return;
                  say('Withdrawn.');
                  await onWithdrawn();
                }}
              >
                Withdraw
              </ConfirmButton>
            )}
          </Td>
        </tr>
      ))}
    </Table>
  );
}
