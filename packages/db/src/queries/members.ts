export * from './members/assign-role.ts';
export * from './members/drive-roles.ts';
export * from './members/invitations.ts';
export * from './members/memberships.ts';
