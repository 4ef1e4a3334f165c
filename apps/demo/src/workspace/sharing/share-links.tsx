'use client';
import { useCallback, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Field, Select } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { Badge } from '@/ui/page.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { ShownOnce } from '@/ui/shown-once.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction } from '@/ui/toast.tsx';
import { endLink, makeLink, readLinks } from './link-actions.ts';

/** The links of a page: made, seen and ended by who may share it. */
export function ShareLinks({ pageId }: { readonly pageId: string }) {
  const run = useAction();
  const [url, setUrl] = useState<string>();
  const read = useRead(useCallback(() => readLinks({ pageId }), [pageId]));
  const { value: links, refresh } = read;
  const send = (form: FormData) => {
    const uses = String(form.get('maxUses') ?? '');
    return makeLink({
      pageId,
      maxUses: uses ? Number(uses) : null,
      days: Number(form.get('days')),
    });
  };
  return (
    <section aria-label="Links" className="flex flex-col gap-3">
      <h3 className="text-sm font-medium">Links for anyone</h3>
      <Form
        draft={`share link ${pageId}`}
        send={send}
        onSent={async (made) => {
          setUrl(made.url);
          await refresh();
        }}
        className="flex flex-wrap items-end gap-3"
      >
        <Select label="For" name="days" defaultValue="7">
          <option value="1">a day</option>
          <option value="7">7 days</option>
          <option value="30">30 days</option>
        </Select>
        <Field label="Uses" name="maxUses" type="number" min={1} placeholder="any number" />
        <SubmitButton>Make a link</SubmitButton>
      </Form>
      {url && <ShownOnce label="The link" value={url} />}
      <ReadState of={read} rows={1} />
      <ul className="divide-y divide-line">
        {links?.map((link) => (
          <li key={link.id} className="flex items-center justify-between gap-3 py-2">
            <p className="text-sm">
              <span className="font-mono">{link.tokenPrefix}…</span>{' '}
              {!link.isOpen && <Badge tone="warn">{link.revokedAt ? 'revoked' : 'ended'}</Badge>}{' '}
              <span className="text-muted">
                opened {link.uses}
                {link.maxUses !== null && ` of ${link.maxUses}`} times, until{' '}
                <Time at={link.expiresAt} />
              </span>
            </p>
            {link.isOpen && (
              <Button
                size="sm"
                look="danger"
                aria-label={`End the link ${link.tokenPrefix}`}
                onPress={async () => {
                  if (await run(endLink({ linkId: link.id }))) await refresh();
                }}
              >
                End
              </Button>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}
