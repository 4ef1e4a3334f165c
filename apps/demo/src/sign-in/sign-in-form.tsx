'use client';
import { useActionState, useRef } from 'react';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { signIn, signInHere } from './actions.ts';

/** The people of the seed, and their roles in the demo. */
interface SeededPerson {
  readonly email: string;
  readonly name: string;
  readonly part: string;
}

/** By person where the seed is known, else by address. */
export function SignInForm({
  people,
  password,
}: {
  readonly people: readonly SeededPerson[];
  /** The seed's, printed by the terminal too. */
  readonly password: string;
}) {
  const [state, action] = useActionState(signIn, { email: '' });
  const place = useRef<HTMLDivElement>(null);
  const signInAs = (email: string) => {
    const form = place.current?.querySelector('form');
    if (!form) return;
    const write = (name: string, value: string) => {
      const field = form.elements.namedItem(name);
      if (field instanceof HTMLInputElement) field.value = value;
    };
    write('email', email);
    write('password', password);
    form.requestSubmit();
  };
  return (
    <div className="flex flex-col gap-6" ref={place}>
      {people.length > 0 && (
        <ul aria-label="Seeded people" className="grid gap-2 sm:grid-cols-2">
          {people.map(({ email, name, part }) => (
            <li key={email}>
              <button
                type="button"
                onClick={() => signInAs(email)}
                className="flex h-full w-full flex-col items-start gap-0.5 rounded-lg border border-line bg-surface px-3.5 py-2.5 text-left hover:border-accent hover:bg-accent-soft"
              >
                <span className="font-medium">{name}</span>
                <span className="text-muted text-sm">{part}</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Form
        action={action}
        keepsValues
        send={signInHere}
        onSent={(path, typedSince) => {
          // A whole new page: nothing of whoever was here before stays in memory.
          if (!typedSince) location.assign(path);
        }}
        className="flex flex-col gap-4 rounded-xl border border-line bg-surface p-5"
      >
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
        {state.problem && (
          <p role="alert" className="text-bad text-sm">
            {state.problem}
          </p>
        )}
        <SubmitButton className="justify-center">Sign in</SubmitButton>
      </Form>
    </div>
  );
}
