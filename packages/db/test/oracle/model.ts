import type { PageRight } from '../../src/queries/permissions/access.ts';

export interface ModelDrive {
  ownerId: string;
  readonly roles: Map<string, 'ADMIN' | 'MEMBER'>;
  /** What the drive's own roles give, by id, and which of them a person holds. */
  readonly ownRoles: Map<string, ReadonlySet<PageRight>>;
  readonly held: Map<string, string>;
  isTrashed: boolean;
}
export interface ModelPage {
  readonly driveId: string;
  readonly parentId: string | null;
  isTrashed: boolean;
  readonly grants: Map<string, { readonly rights: ReadonlySet<PageRight>; expired: boolean }>;
}

/** The rights model, in thirty-five lines: every query has to agree with it. */
export class Model {
  readonly drives = new Map<string, ModelDrive>();
  readonly pages = new Map<string, ModelPage>();

  manages(userId: string, driveId: string): boolean {
    const drive = this.drives.get(driveId);
    return drive?.ownerId === userId || drive?.roles.get(userId) === 'ADMIN';
  }
  may(userId: string, pageId: string, right: PageRight): boolean {
    const page = this.pages.get(pageId);
    if (!page) return false;
    if (this.manages(userId, page.driveId)) return true;
    const drive = this.drives.get(page.driveId);
    if (page.isTrashed || drive?.isTrashed) return false;
    if (drive?.ownRoles.get(drive.held.get(userId) ?? '')?.has(right)) return true;
    const grant = page.grants.get(userId);
    return grant !== undefined && !grant.expired && grant.rights.has(right);
  }
  sees(userId: string, driveId: string): boolean {
    const drive = this.drives.get(driveId);
    if (!drive) return false;
    if (this.manages(userId, driveId)) return true;
    if (drive.isTrashed) return false;
    return drive.roles.has(userId) || this.visible(userId, driveId).length > 0;
  }
  /** The pages that a user may view, of one drive or of all. */
  visible(userId: string, driveId?: string): string[] {
    return [...this.pages].flatMap(([id, page]) =>
      (driveId === undefined || page.driveId === driveId) && this.may(userId, id, 'canView')
        ? [id]
        : [],
    );
  }
  live(pageIds: readonly string[]): string[] {
    return pageIds.filter((id) => this.pages.get(id)?.isTrashed === false);
  }
}
