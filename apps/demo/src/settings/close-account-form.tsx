'use client';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { closeAccount } from './actions.ts';

/** Asks for the address, so that nobody erases themselves by a slip. */
export function CloseAccountForm({ email }: { readonly email: string }) {
  return (
    <Form
      send={(form) => closeAccount({ email: String(form.get('email')) })}
      // Every session is over, this one too.
      onSent={() => location.assign('/sign-in')}
      className="flex flex-col gap-3"
    >
      <Field
        label="Your e-mail address, to confirm"
        name="email"
        type="email"
        autoComplete="off"
        hint={email}
        required
      />
      <SubmitButton look="danger" className="self-start">
        Erase my account
      </SubmitButton>
    </Form>
  );
}
