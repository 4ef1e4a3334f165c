'use client';

import type { KeyProvider, KeySummary } from '@reference/tasks';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { EmptyState } from '@/ui/states.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { removeKey, saveKey } from './actions.ts';

const providers: readonly KeyProvider[] = ['anthropic', 'openai', 'cursor', 'gemini', 'aigateway'];

/** The keys as hints, and a form that writes one and never shows it again. */
export function KeyList({ keys }: { keys: readonly KeySummary[] }) {
  const run = useAction();
  const { say } = useToast();
  const send = (form: FormData) =>
    saveKey({ provider: form.get('provider'), value: form.get('value') });
  const remove = async (provider: KeyProvider) => {
    if (await run(removeKey({ provider }))) say('The key is deleted.');
  };
  return (
    <div className="flex flex-col gap-4">
      {keys.length === 0 ? (
        <EmptyState title="You have stored no key">Workers run without one.</EmptyState>
      ) : (
        <Table
          label="API keys"
          head={
            <>
              <Th>Provider</Th>
              <Th>Key</Th>
              <Th>Stored</Th>
              <Th>
                <span className="sr-only">Delete</span>
              </Th>
            </>
          }
        >
          {keys.map(({ id, provider, valueHint, updatedAt }) => (
            <tr key={id}>
              <Td className="font-medium">{provider}</Td>
              <Td label="Key" className="font-mono">
                {valueHint}
              </Td>
              <Td label="Stored" className="text-muted">
                <Time at={updatedAt} />
              </Td>
              <Td className="text-right">
                <ConfirmButton
                  size="sm"
                  look="danger"
                  aria-label={`Delete the key at ${provider}`}
                  question={`Delete the key at ${provider}?`}
                  consequence="No screen can show it again, so have it at hand if you need it."
                  verb="Delete"
                  onConfirm={() => remove(provider)}
                >
                  Delete
                </ConfirmButton>
              </Td>
            </tr>
          ))}
        </Table>
      )}
      <Form
        send={send}
        onSent={() => say('The key is stored, sealed.')}
        className="flex flex-wrap items-end gap-3"
      >
        <Select label="Provider" name="provider">
          {providers.map((provider) => (
            <option key={provider}>{provider}</option>
          ))}
        </Select>
        <div className="min-w-56 flex-1">
          <Field label="Key" name="value" type="password" autoComplete="off" required />
        </div>
        <SubmitButton>Store</SubmitButton>
      </Form>
    </div>
  );
}
