import { listSessions } from '@pagespace/db';
import type { Metadata } from 'next';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { PasswordForm } from '@/settings/password-form.tsx';
import { EndOtherSessions, SessionTable } from '@/settings/session-table.tsx';
import { PageFrame, Section } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Sessions' };

export default async function SessionsPage() {
  const { userId, sessionId } = await openPage();
  const { items } = await listSessions(pagespace(), { userId, limit: 50 });
  return (
    <PageFrame
      title="Sessions"
      lead="Where you are signed in, and where you were. The database keeps a hash of each session’s token."
      actions={<EndOtherSessions />}
    >
      <SessionTable sessions={items} ownId={sessionId} />
      <Section title="Password" lead="A new one ends every session and voids every token of yours.">
        <PasswordForm />
      </Section>
    </PageFrame>
  );
}
