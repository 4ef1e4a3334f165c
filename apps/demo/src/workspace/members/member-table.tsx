'use client';
import type { DriveRoleSummary, MemberSummary } from '@pagespace/db';
import { useRouter } from 'next/navigation';
import { useOptimistic, useTransition } from 'react';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Select } from '@/ui/field.tsx';
import { Badge } from '@/ui/page.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { leave, remove, setRole } from './actions.ts';
import { giveRole } from './role-actions.ts';

interface MemberTableProps {
  readonly members: readonly MemberSummary[];
  /** The drive's own roles, for who administers it. */
  readonly roles: readonly DriveRoleSummary[];
  readonly driveId: string;
  readonly userId: string;
  /** Whether the reader administers the drive. */
  readonly manages: boolean;
}

export function MemberTable({ members, roles, driveId, userId, manages }: MemberTableProps) {
  const run = useAction();
  const { say } = useToast();
  const router = useRouter();
  const changeOwnRole = async (member: MemberSummary, roleId: string) => {
    const assignment = { driveId, userId: member.userId, roleId: roleId || null };
    if (await run(giveRole(assignment))) say('The role is changed.');
  };
  const takeOut = async (member: MemberSummary) => {
    if (member.userId === userId) {
      if (await run(leave({ driveId }))) router.push('/drives');
    } else if (await run(remove({ driveId, userId: member.userId }))) {
      say(`${member.displayName ?? member.email} has no part in the drive any more.`);
    }
  };
  return (
    <Table
      label="Members"
      head={
        <>
          <Th>Name</Th>
          <Th>Role</Th>
          <Th>Joined</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {members.map((member) => {
        const name = member.displayName ?? member.email;
        const own = member.userId === userId;
        return (
          <tr key={member.userId}>
            <Td>
              <span className="font-medium">{name}</span>
              {own && <span className="text-muted"> (you)</span>}
              <div className="text-muted">{member.email}</div>
            </Td>
            <Td label="Role">
              {manages && member.role !== 'OWNER' ? (
                <RoleSelect driveId={driveId} member={member} name={name} />
              ) : (
                <Badge tone={member.role === 'OWNER' ? 'accent' : 'neutral'}>
                  {member.role.toLowerCase()}
                </Badge>
              )}
              {manages && member.role === 'MEMBER' && roles.length > 0 ? (
                <Select
                  label={`Own role of ${name}`}
                  hideLabel
                  value={member.customRoleId ?? ''}
                  onChange={({ target: { value } }) => void changeOwnRole(member, value)}
                  className="min-w-28"
                >
                  <option value="">Only what is shared</option>
                  {roles.map((role) => (
                    <option key={role.id} value={role.id}>
                      {role.name}
                    </option>
                  ))}
                </Select>
              ) : (
                member.customRole && <Badge>{member.customRole}</Badge>
              )}
            </Td>
            <Td label="Joined" className="text-muted">
              <Time at={member.joinedAt} />
            </Td>
            <Td className="text-right">
              {member.role !== 'OWNER' && (manages || own) && (
                <ConfirmButton
                  size="sm"
                  look="danger"
                  aria-label={own ? 'Leave the drive' : `Remove ${name}`}
                  question={own ? 'Leave the drive?' : `Remove ${name} from the drive?`}
                  consequence={
                    own
                      ? 'You see none of its pages any more, unless somebody invites you again.'
                      : 'They see none of its pages any more, but for those shared with them by themselves.'
                  }
                  verb={own ? 'Leave' : 'Remove'}
                  onConfirm={() => takeOut(member)}
                >
                  {own ? 'Leave' : 'Remove'}
                </ConfirmButton>
              )}
            </Td>
          </tr>
        );
      })}
    </Table>
  );
}

/** Shows the chosen role at once, and the old one again if the server refuses it. */
function RoleSelect({
  driveId,
  member: { userId, role },
  name,
}: {
  readonly driveId: string;
  readonly member: MemberSummary;
  readonly name: string;
}) {
  const run = useAction();
  const { say } = useToast();
  const [, start] = useTransition();
  const [shown, show] = useOptimistic(role);
  const change = (chosen: 'ADMIN' | 'MEMBER') =>
    start(async () => {
      show(chosen);
      if (await run(setRole({ driveId, userId, role: chosen }))) say('The role is changed.');
    });
  return (
    <Select
      label={`Role of ${name}`}
      hideLabel
      value={shown}
      onChange={({ target: { value } }) => change(value === 'ADMIN' ? 'ADMIN' : 'MEMBER')}
      className="min-w-28"
    >
      <option value="ADMIN">Admin</option>
      <option value="MEMBER">Member</option>
    </Select>
  );
}
