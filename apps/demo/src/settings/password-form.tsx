'use client';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { setPassword } from './password.ts';

export function PasswordForm() {
  const send = (form: FormData) =>
    setPassword({ present: String(form.get('present')), next: String(form.get('next')) });
  return (
    <Form
      send={send}
      // Every session is over, this one too.
      onSent={() => location.assign('/sign-in')}
      fieldNames={{ password: 'next' }}
      className="flex flex-col gap-3"
    >
      <div className="grid gap-3 sm:grid-cols-2">
        <Field
          label="Present password"
          name="present"
          type="password"
          autoComplete="current-password"
          required
        />
        <Field
          label="New password"
          name="next"
          type="password"
          autoComplete="new-password"
          hint="8 characters or more, 72 bytes at most"
          required
        />
      </div>
      <SubmitButton look="plain" className="self-start">
        Change the password
      </SubmitButton>
    </Form>
  );
}
