'use client';
import { useCallback } from 'react';
import { ReadState, useRead } from '@/ui/read.tsx';
import { readInvitations } from './actions.ts';
import { InvitationTable } from './invitation-table.tsx';
import { InviteForm } from './invite-form.tsx';

/** The drive's invitations, read beside the screen, and again after each change. */
export function Invitations({ driveId }: { readonly driveId: string }) {
  const readAll = useCallback(() => readInvitations({ driveId }), [driveId]);
  const read = useRead(readAll);
  const invitations = read.value?.items ?? [];
  return (
    <>
      <InviteForm driveId={driveId} onInvited={read.refresh} />
      <ReadState of={read} />
      {invitations.length > 0 && (
        <InvitationTable invitations={invitations} onWithdrawn={read.refresh} />
      )}
    </>
  );
}
