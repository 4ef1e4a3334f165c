export type { PageRight } from './permissions/access.ts';
export {
  type GrantChange,
  type GrantSummary,
  grantPageAccess,
  listPageGrants,
  revokePageAccess,
  updatePageGrant,
} from './permissions/grants.ts';
export {
  getAccessToPages,
  getPageAccess,
  listAccessiblePageIds,
  type PageAccess,
} from './permissions/page-access.ts';
