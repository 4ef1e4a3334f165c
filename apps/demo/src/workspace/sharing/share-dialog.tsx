'use client';
import type { PageAccess } from '@pagespace/db';
import { useCallback } from 'react';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Dialog } from '@/ui/dialog.tsx';
import { Checkbox, Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { Badge } from '@/ui/page.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { readGrants, revoke, share } from './actions.ts';
import { ShareLinks } from './share-links.tsx';

interface ShareDialogProps {
  readonly open: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly pageId: string;
  readonly driveId: string;
  /** The sharer's own rights; nobody can grant more. */
  readonly access: PageAccess;
}
type Grants = Extract<Awaited<ReturnType<typeof readGrants>>, { ok: true }>['value'];

export function ShareDialog({ open, onOpenChange, pageId, driveId, access }: ShareDialogProps) {
  const run = useAction();
  const { say } = useToast();
  const readAll = useCallback(() => readGrants({ pageId, driveId }), [pageId, driveId]);
  const read = useRead(open ? readAll : undefined);
  const { value: grants, refresh } = read;

  const send = (form: FormData) => {
    const until = String(form.get('until') ?? '');
    return share({
      pageId,
      email: String(form.get('email')),
      canEdit: form.has('canEdit'),
      canShare: form.has('canShare'),
      canDelete: form.has('canDelete'),
      expiresAt: until ? new Date(until).toISOString() : null,
    });
  };

  return (
    <Dialog
      wide
      open={open}
      onOpenChange={onOpenChange}
      title="Share the page"
      description="The owner and the administrators of the drive see every page; anyone else what was shared with them."
    >
      <Form
        draft={`share ${pageId}`}
        send={send}
        onSent={async () => {
          say('Shared.');
          await refresh();
        }}
        fieldNames={{ expiresAt: 'until' }}
        className="flex flex-col gap-3"
      >
        <div className="grid gap-3 sm:grid-cols-2">
          <Field label="E-mail address" name="email" type="email" required autoComplete="off" />
          <Field
            label="Until"
            name="until"
            type="datetime-local"
            hint="Empty: until it is revoked"
          />
        </div>
        <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <legend className="sr-only">Rights</legend>
          <span className="text-sm text-muted">May view, and</span>
          {access.canEdit && <Checkbox label="edit" name="canEdit" />}
          <Checkbox label="share" name="canShare" />
          {access.canDelete && <Checkbox label="delete" name="canDelete" />}
          <SubmitButton className="ml-auto">Share</SubmitButton>
        </fieldset>
      </Form>
      <h3 className="text-sm font-medium">Shared with</h3>
      <ReadState of={read} />
      {grants?.length === 0 && <p className="text-sm text-muted">Nobody yet.</p>}
      <ul className="divide-y divide-line">
        {grants?.map((grant) => (
          <GrantLine
            key={grant.userId}
            grant={grant}
            onRevoke={async () => {
              if (await run(revoke({ pageId, userId: grant.userId }))) await refresh();
            }}
          />
        ))}
      </ul>
      <ShareLinks pageId={pageId} />
    </Dialog>
  );
}

function GrantLine({
  grant,
  onRevoke,
}: {
  readonly grant: Grants[number];
  readonly onRevoke: () => Promise<void>;
}) {
  const rights = [
    'view',
    grant.canEdit && 'edit',
    grant.canShare && 'share',
    grant.canDelete && 'delete',
  ].filter(Boolean);
  const name = grant.displayName ?? grant.email;
  return (
    <li className="flex items-center justify-between gap-3 py-2.5">
      <div className="min-w-0">
        <p className="flex flex-wrap items-center gap-2">
          <span className="font-medium">{name}</span>
          <Badge tone="accent">{rights.join(', ')}</Badge>
          {grant.isExpired && <Badge tone="warn">expired</Badge>}
        </p>
        <p className="text-sm text-muted">
          Granted {grant.grantedByName && `by ${grant.grantedByName} `}
          <Time at={grant.grantedAt} />
          {grant.expiresAt && (
            <>
              , until <Time at={grant.expiresAt} />
            </>
          )}
          {grant.note && `: ${grant.note}`}
        </p>
      </div>
      <ConfirmButton
        size="sm"
        look="danger"
        aria-label={`Revoke ${name}`}
        question={`Revoke the access of ${name}?`}
        consequence="At once the page is not there for them, unless they may see it for another reason."
        verb="Revoke"
        onConfirm={onRevoke}
      >
        Revoke
      </ConfirmButton>
    </li>
  );
}
