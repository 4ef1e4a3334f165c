export * from './members/invitations.ts';
export * from './members/memberships.ts';
