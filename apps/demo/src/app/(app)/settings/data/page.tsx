import type { Metadata } from 'next';
import { openPage } from '@/server/session.ts';
import { CloseAccountForm } from '@/settings/close-account-form.tsx';
import { PageFrame, Section } from '@/ui/page.tsx';

export const metadata: Metadata = { title: 'Your data' };

export default async function DataPage() {
  const { email } = await openPage();
  return (
    <PageFrame
      title="Your data"
      lead="Your data in the four databases: download it, or have it erased."
    >
      <Section
        title="Export"
        lead="A file without secrets: one JSON line for each table, or for 500 rows of one."
      >
        <a href="/settings/export" className="text-accent underline" download>
          Download my data
        </a>
      </Section>
      <Section
        title="Erase"
        lead="Ends every session, then erases your pages, talks, tasks and connections in every database. What you used and paid, and what you did to others, stays under a pseudonym. This cannot be undone."
      >
        <CloseAccountForm email={email} />
      </Section>
    </PageFrame>
  );
}
