import { listDriveMembers, listDriveRoles } from '@pagespace/db';
import type { Metadata } from 'next';
import { notFound } from 'next/navigation';
import { pagespace } from '@/server/databases.ts';
import { openPage } from '@/server/session.ts';
import { PageFrame, Section } from '@/ui/page.tsx';
import { Invitations } from '@/workspace/members/invitations.tsx';
import { MemberTable } from '@/workspace/members/member-table.tsx';
import { Roles } from '@/workspace/members/roles.tsx';

export const metadata: Metadata = { title: 'Members' };

export default async function MembersPage({ params }: { params: Promise<{ driveId: string }> }) {
  const { driveId } = await params;
  const { userId } = await openPage();
  const of = { userId, driveId, limit: 100 };
  const [members, roles] = await Promise.all([
    listDriveMembers(pagespace(), of),
    listDriveRoles(pagespace(), of),
  ]);
  const own = members.items.find((member) => member.userId === userId);
  if (!own) notFound();
  const manages = own.role !== 'MEMBER';
  return (
    <PageFrame
      title="Members"
      lead="Who has a part in this drive, in the order in which they joined."
    >
      <MemberTable members={members.items} roles={roles.items} {...{ driveId, userId, manages }} />
      {manages && (
        <Section
          title="Roles"
          lead="A role gives its rights on every page of this drive. Give it to a member in the list above."
        >
          <Roles driveId={driveId} roles={roles.items} />
        </Section>
      )}
      {manages && (
        <Section
          title="Invitations"
          lead="An invitation is for one address and works once. No mail is sent from here: pass the link on yourself."
        >
          <Invitations driveId={driveId} />
        </Section>
      )}
    </PageFrame>
  );
}
