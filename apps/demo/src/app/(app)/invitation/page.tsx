import type { Metadata } from 'next';
import { oneValue } from '@/server/one-value.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame } from '@/ui/page.tsx';
import { AcceptButton } from '@/workspace/members/accept-button.tsx';

export const metadata: Metadata = { title: 'Invitation' };

interface Props {
  readonly searchParams: Promise<{ token?: string | string[] }>;
}

/** Opening the link changes nothing, because mail programs open links too: accepting is a button. */
export default async function InvitationPage({ searchParams }: Props) {
  const { email } = await openPage();
  const token = oneValue((await searchParams).token) ?? '';
  return (
    <PageFrame
      title="You are invited"
      lead={`Accept it as ${email}, or sign in with the address that it was sent to.`}
    >
      <AcceptButton token={token} />
    </PageFrame>
  );
}
