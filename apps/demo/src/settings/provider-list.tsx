'use client';
import type { AiProvider, ProviderSummary } from '@pagespace/db';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
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
  const name = names[provider] ?? provider;
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
      <Form
        send={(form) => saveKey({ provider, apiKey: String(form.get('apiKey')) })}
        onSent={() => say(`The key for ${name} is sealed and stored.`)}
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
        <SubmitButton look="plain">Store</SubmitButton>
        <ConfirmButton
          look="danger"
          className={setting ? '' : 'invisible'}
          aria-label={`Forget the key for ${name}`}
          question={`Forget the key for ${name}?`}
          consequence="It is deleted. No screen can show it again, so have it at hand if you need it."
          verb="Forget"
          onConfirm={() => run(forgetKey({ provider }))}
        >
          Forget
        </ConfirmButton>
      </Form>
    </li>
  );
}
