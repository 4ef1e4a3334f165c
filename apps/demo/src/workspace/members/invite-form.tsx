'use client';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { ShownOnce } from '@/ui/shown-once.tsx';
import { useAction } from '@/ui/toast.tsx';
import { invite } from './actions.ts';

export function InviteForm({ driveId }: { readonly driveId: string }) {
  const run = useAction();
  const [busy, setBusy] = useState(false);
  const [link, setLink] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    const role = form.get('role') === 'ADMIN' ? 'ADMIN' : 'MEMBER';
    setBusy(true);
    const sent = await run(invite({ driveId, email: String(form.get('email')), role }));
    setBusy(false);
    if (!sent) return;
    target.reset();
    setLink(`${location.origin}/invitation?token=${sent.value.token}`);
  };
  return (
    <div className="flex flex-col gap-3">
      <form onSubmit={submit} className="flex flex-wrap items-end gap-3">
        <div className="min-w-60 flex-1">
          <Field label="E-mail address" name="email" type="email" required autoComplete="off" />
        </div>
        <div className="w-32">
          <Select label="As" name="role" defaultValue="MEMBER">
            <option value="MEMBER">Member</option>
            <option value="ADMIN">Admin</option>
          </Select>
        </div>
        <Button type="submit" look="primary" busy={busy}>
          Invite
        </Button>
      </form>
      {link && <ShownOnce label="The invitation’s link" value={link} />}
    </div>
  );
}
