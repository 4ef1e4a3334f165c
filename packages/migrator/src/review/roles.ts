import type { Node, RoleSpec } from 'libpg-query';

export const roleNames = (roles: readonly Node[] | undefined): string[] =>
  (roles ?? []).flatMap((node) => ('RoleSpec' in node ? [roleName(node.RoleSpec)] : []));

export const roleName = (role: RoleSpec): string =>
  role.roletype === 'ROLESPEC_PUBLIC' ? 'public' : (role.rolename ?? 'the current role');
