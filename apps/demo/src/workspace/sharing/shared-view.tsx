'use client';
import { useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { answered } from '@/ui/form.tsx';
import { ErrorState } from '@/ui/states.tsx';
import { Time } from '@/ui/time.tsx';
import { isWritten, written } from '../document/written.tsx';
import { openLink } from './link-actions.ts';

type Opened = Awaited<ReturnType<typeof openLink>>;

/** A page that somebody shared by a link: its text alone, shown as in the workspace. */
export function SharedView({ token }: { readonly token: string }) {
  const [opened, setOpened] = useState<Opened>();
  const open = async () => {
    setOpened(await answered(openLink({ token })));
  };
  if (opened?.ok) {
    const { title, type, content, updatedAt } = opened.value;
    return (
      <article className="flex flex-col gap-3">
        <h1 className="text-2xl font-semibold tracking-tight">{title}</h1>
        <p className="text-sm text-muted">
          Changed <Time at={updatedAt} />
        </p>
        {isWritten(type) && content ? (
          written[type].shown(content)
        ) : (
          <p className="text-muted">This page has no text.</p>
        )}
      </article>
    );
  }
  return (
    <>
      <h1 className="text-2xl font-semibold tracking-tight">Somebody shared a page with you</h1>
      {opened && <ErrorState title="It cannot be opened">{opened.problem.message}</ErrorState>}
      <div>
        <Button look="primary" onPress={open}>
          Open the page
        </Button>
      </div>
    </>
  );
}
