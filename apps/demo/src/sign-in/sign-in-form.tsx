'use client';
import { useActionState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field } from '@/ui/field.tsx';
import { signIn } from './actions.ts';

export function SignInForm() {
  const [state, action, pending] = useActionState(signIn, { email: '' });
  return (
    <form action={action} className="flex flex-col gap-4">
      <Field
        label="E-mail address"
        name="email"
        type="email"
        autoComplete="username"
        defaultValue={state.email}
        required
      />
      <Field
        label="Password"
        name="password"
        type="password"
        autoComplete="current-password"
        required
      />
      <p role="alert" className="min-h-5 text-sm text-bad">
        {state.problem}
      </p>
      <Button type="submit" look="primary" busy={pending} className="justify-center">
        Sign in
      </Button>
    </form>
  );
}
