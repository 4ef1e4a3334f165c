'use client';
import type { McpScope } from '@pagespace/db';
import { useState } from 'react';
import { Checkbox, Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { ShownOnce } from '@/ui/shown-once.tsx';
import { issueToken } from './actions.ts';

export function TokenForm({ scopes }: { readonly scopes: readonly McpScope[] }) {
  const [token, setToken] = useState<string>();
  const send = (form: FormData) =>
    issueToken({
      name: String(form.get('name')),
      scopes: scopes.filter((scope) => form.has(scope)),
      days: Number(form.get('days')),
    });
  return (
    <div className="flex flex-col gap-4">
      <Form
        draft="access token"
        send={send}
        onSent={({ token }) => setToken(token)}
        className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4"
      >
        <div className="grid gap-3 sm:grid-cols-[1fr_10rem]">
          <Field label="Name" name="name" required maxLength={200} autoComplete="off" />
          <Select label="For" name="days" defaultValue="30">
            <option value="7">7 days</option>
            <option value="30">30 days</option>
            <option value="365">a year</option>
          </Select>
        </div>
        <fieldset className="flex flex-wrap gap-x-5 gap-y-2">
          <legend className="pb-1.5 text-sm font-medium">Scopes</legend>
          {scopes.map((scope) => (
            <Checkbox key={scope} label={scope} name={scope} />
          ))}
        </fieldset>
        <SubmitButton className="self-start">Issue a token</SubmitButton>
      </Form>
      {token && <ShownOnce label="The token" value={token} />}
    </div>
  );
}
