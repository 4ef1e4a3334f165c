'use client';
import { useState } from 'react';
import { Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { ShownOnce } from '@/ui/shown-once.tsx';
import { invite } from './actions.ts';

interface InviteFormProps {
  readonly driveId: string;
  readonly onInvited: () => Promise<void>;
}

export function InviteForm({ driveId, onInvited }: InviteFormProps) {
  const [link, setLink] = useState<string>();
  const send = (form: FormData) =>
    invite({
      driveId,
      email: String(form.get('email')),
      role: form.get('role') === 'ADMIN' ? 'ADMIN' : 'MEMBER',
    });
  return (
    <div className="flex flex-col gap-3">
      <Form
        draft={`invitation ${driveId}`}
        send={send}
        onSent={({ token }) => {
          setLink(`${location.origin}/invitation?token=${token}`);
          void onInvited();
        }}
        className="flex flex-wrap items-end gap-3"
      >
        <div className="min-w-60 flex-1">
          <Field label="E-mail address" name="email" type="email" required autoComplete="off" />
        </div>
        <div className="w-32">
          <Select label="As" name="role" defaultValue="MEMBER">
            <option value="MEMBER">Member</option>
            <option value="ADMIN">Admin</option>
          </Select>
        </div>
        <SubmitButton>Invite</SubmitButton>
      </Form>
      {link && <ShownOnce label="The invitation’s link" value={link} />}
    </div>
  );
}
