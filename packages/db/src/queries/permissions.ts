export type { PageAccess, PageRight } from './permissions/access.ts';
export {
  type GrantChange,
  grantPageAccess,
  revokePageAccess,
  updatePageGrant,
} from './permissions/grants.ts';
export {
  getAccessToPages,
  getPageAccess,
  listAccessiblePageIds,
} from './permissions/page-access.ts';
export { type GrantSummary, listPageGrants } from './permissions/page-grants.ts';
export {
  createShareLink,
  listShareLinks,
  openShareLink,
  revokeShareLink,
  type SharedPage,
  type ShareLinkSummary,
} from './permissions/share-links.ts';
