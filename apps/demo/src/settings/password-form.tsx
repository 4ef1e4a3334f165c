'use client';
import { type FormEvent, useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field } from '@/ui/field.tsx';
import { setPassword } from './password.ts';

export function PasswordForm() {
  const [problem, setProblem] = useState<string>();
  const [busy, start] = useTransition();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    start(async () => {
      const refused = await setPassword({
        present: String(form.get('present')),
        next: String(form.get('next')),
      });
      setProblem(refused.message);
    });
  };
  return (
    <form onSubmit={submit} className="flex flex-col gap-3">
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
      <p role="alert" className="text-sm text-bad empty:hidden">
        {problem}
      </p>
      <Button type="submit" busy={busy} className="self-start">
        Change the password
      </Button>
    </form>
  );
}
