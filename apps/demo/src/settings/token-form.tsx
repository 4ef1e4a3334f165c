'use client';
import type { McpScope } from '@pagespace/db';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Checkbox, Field, Select } from '@/ui/field.tsx';
import { ShownOnce } from '@/ui/shown-once.tsx';
import { useAction } from '@/ui/toast.tsx';
import { issueToken } from './actions.ts';

export function TokenForm({ scopes }: { readonly scopes: readonly McpScope[] }) {
  const run = useAction();
  const [busy, setBusy] = useState(false);
  const [token, setToken] = useState<string>();
  const submit = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const target = event.currentTarget;
    const form = new FormData(target);
    setBusy(true);
    const issued = await run(
      issueToken({
        name: String(form.get('name')),
        scopes: scopes.filter((scope) => form.has(scope)),
        days: Number(form.get('days')),
      }),
    );
    setBusy(false);
    if (!issued) return;
    target.reset();
    setToken(issued.value.token);
  };
  return (
    <div className="flex flex-col gap-4">
      <form
        onSubmit={submit}
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
        <Button type="submit" look="primary" busy={busy} className="self-start">
          Issue a token
        </Button>
      </form>
      {token && <ShownOnce label="The token" value={token} />}
    </div>
  );
}
