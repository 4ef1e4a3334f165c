'use client';
import type { AiProvider, ProviderSummary } from '@pagespace/db';
import { type FormEvent, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field } from '@/ui/field.tsx';
import { Badge } from '@/ui/page.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { forgetKey, saveKey } from './actions.ts';

interface ProviderListProps {
  readonly providers: readonly AiProvider[];
  readonly settings: readonly ProviderSummary[];
}

const names: Partial<Record<AiProvider, string>> = {
  openrouter: 'OpenRouter',
  google: 'Google',
  openai: 'OpenAI',
  anthropic: 'Anthropic',
  xai: 'xAI',
};

export function ProviderList({ providers, settings }: ProviderListProps) {
  return (
    <ul className="divide-y divide-line rounded-lg border border-line bg-surface">
      {providers.map((provider) => (
        <ProviderLine
          key={provider}
          provider={provider}
          setting={settings.find((one) => one.provider === provider)}
        />
      ))}
    </ul>
  );
}

function ProviderLine({
  provider,
  setting,
}: {
  readonly provider: AiProvider;
  readonly setting: ProviderSummary | undefined;
}) {
  const run = useAction();
  const { say } = useToast();
  const [busy, setBusy] = useState(false);
  const name = names[provider] ?? provider;
  const save = async (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = event.currentTarget;
    const apiKey = String(new FormData(form).get('apiKey'));
    setBusy(true);
    const done = await run(saveKey({ provider, apiKey }));
    setBusy(false);
    if (!done) return;
    form.reset();
    say(`The key for ${name} is sealed and stored.`);
  };
  return (
    <li className="flex flex-wrap items-end justify-between gap-4 p-4">
      <div className="flex min-w-44 flex-col gap-1">
        <p className="flex items-center gap-2 font-medium">
          {name}
          {setting?.hasApiKey ? <Badge tone="good">key stored</Badge> : <Badge>no key</Badge>}
        </p>
        <p className="text-sm text-muted">
          {setting?.hasApiKey ? (
            <>
              <span className="font-mono">••••••••</span> since <Time at={setting.updatedAt} />
            </>
          ) : setting ? (
            'Set up, without a key.'
          ) : (
            'Nothing set up.'
          )}
        </p>
      </div>
      <form
        onSubmit={save}
        className="flex basis-full flex-wrap items-end gap-2 sm:flex-1 sm:basis-auto sm:justify-end"
      >
        <div className="w-full sm:w-64">
          <Field
            label={`New key for ${name}`}
            name="apiKey"
            type="password"
            autoComplete="off"
            required
          />
        </div>
        <Button type="submit" busy={busy}>
          Store
        </Button>
        <Button
          look="danger"
          className={setting ? '' : 'invisible'}
          onClick={() => void run(forgetKey({ provider }))}
        >
          Forget
        </Button>
      </form>
    </li>
  );
}
