'use server';
// Actions on a page's grants.
import {
  getUserByEmail,
  grantPageAccess,
  insertPagePermissionSchema,
  insertUserSchema,
  listDriveMembers,
  listPageGrants,
  revokePageAccess,
  selectDriveSchema,
  selectPagePermissionSchema,
} from '@pagespace/db';
import { NotFoundError } from '@reference/kit';
import { z } from 'zod';
import { act } from '@/server/action.ts';
import { pagespace } from '@/server/databases.ts';

const { pageId, userId } = selectPagePermissionSchema.shape;

const grants = z.object({ pageId, driveId: selectDriveSchema.shape.id });
export const readGrants = async (input: z.input<typeof grants>) =>
  act(input, {
    schema: grants,
    query: async ({ pageId, driveId }, session) => {
      const [shared, members] = await Promise.all([
        listPageGrants(pagespace(), { userId: session.userId, pageId, limit: 200 }),
        listDriveMembers(pagespace(), { userId: session.userId, driveId, limit: 200 }),
      ]);
      const nameOf = new Map(members.items.map((member) => [member.userId, member.displayName]));
      return shared.items.map((grant) => ({
        ...grant,
        grantedByName: (grant.grantedBy && nameOf.get(grant.grantedBy)) || null,
        isExpired: grant.expiresAt !== null && grant.expiresAt <= new Date(),
      }));
    },
  });

const newGrant = insertPagePermissionSchema
  .pick({ pageId: true, canEdit: true, canShare: true, canDelete: true })
  .extend({ email: insertUserSchema.shape.email, expiresAt: z.iso.datetime().nullable() });
export const share = async (input: z.input<typeof newGrant>) =>
  act(input, {
    schema: newGrant,
    query: async ({ email, expiresAt, ...rights }, session) => {
      const person = await getUserByEmail(pagespace(), { email });
      if (!person) {
        throw new NotFoundError('Nobody here has this address. Check it, or invite them first.');
      }
      return grantPageAccess(pagespace(), {
        actorId: session.userId,
        userId: person.id,
        ...rights,
        expiresAt: expiresAt ? new Date(expiresAt) : null,
      });
    },
  });

const oneGrant = z.object({ pageId, userId });
export const revoke = async (input: z.input<typeof oneGrant>) =>
  act(input, {
    schema: oneGrant,
    query: (of, session) => revokePageAccess(pagespace(), { actorId: session.userId, ...of }),
  });
