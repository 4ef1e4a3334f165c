'use client';
import type { DriveRoleSummary } from '@pagespace/db';
import { ConfirmButton } from '@/ui/confirm-button.tsx';
import { Checkbox, Field } from '@/ui/field.tsx';
import { Form, SubmitButton } from '@/ui/form.tsx';
import { Table, Td, Th } from '@/ui/table.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { changeRole, deleteRole, makeRole } from './role-actions.ts';

const rights = [
  ['canEdit', 'edit'],
  ['canShare', 'share'],
  ['canDelete', 'delete'],
] as const;

interface RolesProps {
  readonly driveId: string;
  readonly roles: readonly DriveRoleSummary[];
}

/** The drive's own roles: made, changed and deleted by whoever administers it. */
export function Roles({ driveId, roles }: RolesProps) {
  const send = (form: FormData) =>
    makeRole({
      driveId,
      name: String(form.get('name')),
      description: String(form.get('description')) || null,
      canView: true,
      canEdit: form.has('canEdit'),
      canShare: form.has('canShare'),
      canDelete: form.has('canDelete'),
    });
  return (
    <div className="flex flex-col gap-3">
      <Form
        draft={`role ${driveId}`}
        send={send}
        aria-label="New role"
        className="flex flex-wrap items-end gap-3"
      >
        <Field label="Name of the role" name="name" required maxLength={100} autoComplete="off" />
        <div className="min-w-60 flex-1">
          <Field label="What it is for" name="description" maxLength={1000} autoComplete="off" />
        </div>
        <fieldset className="flex flex-wrap items-center gap-x-5 gap-y-2">
          <legend className="sr-only">Rights</legend>
          <span className="text-sm text-muted">May view every page, and</span>
          {rights.map(([right, verb]) => (
            <Checkbox key={right} label={verb} name={right} />
          ))}
        </fieldset>
        <SubmitButton>Make the role</SubmitButton>
      </Form>
      {roles.length > 0 && <RoleTable roles={roles} />}
    </div>
  );
}

function RoleTable({ roles }: Pick<RolesProps, 'roles'>) {
  const run = useAction();
  const { say } = useToast();
  return (
    <Table
      label="Roles"
      head={
        <>
          <Th>Name</Th>
          <Th>May</Th>
          <Th>Held by</Th>
          <Th>
            <span className="sr-only">Actions</span>
          </Th>
        </>
      }
    >
      {roles.map((role) => (
        <tr key={role.id}>
          <Td>
            <span className="font-medium">{role.name}</span>
            {role.description && <div className="text-muted">{role.description}</div>}
          </Td>
          <Td label="May">
            <div className="flex flex-wrap gap-x-5 gap-y-2">
              {rights.map(([right, verb]) => (
                <Checkbox
                  key={right}
                  label={verb}
                  aria-label={`${role.name} may ${verb}`}
                  checked={role[right]}
                  onChange={async ({ target: { checked } }) => {
                    const changes = { [right]: checked };
                    if (await run(changeRole({ roleId: role.id, changes })))
                      say(`${role.name} is changed.`);
                  }}
                />
              ))}
            </div>
          </Td>
          <Td label="Held by">{role.holders}</Td>
          <Td className="text-right">
            <ConfirmButton
              size="sm"
              look="danger"
              aria-label={`Delete the role ${role.name}`}
              question={`Delete the role ${role.name}?`}
              consequence="Its holders stay members and keep what was shared with them page by page."
              verb="Delete"
              onConfirm={async () => {
                if (await run(deleteRole({ roleId: role.id }))) say('The role is deleted.');
              }}
            >
              Delete
            </ConfirmButton>
          </Td>
        </tr>
      ))}
    </Table>
  );
}
