import { isNotNull } from 'drizzle-orm';
import fc from 'fast-check';
import * as api from '../../src/index.ts';
import type { PageRight } from '../../src/queries/permissions/access.ts';
import { pagePermissions } from '../../src/schema/index.ts';
import { addUser } from '../people.ts';
import { Model, type ModelDrive, type ModelPage } from './model.ts';

/** A page with one of everything that can hang on it; each text holds the page's token. */
export interface WorldPage {
  readonly id: string;
  readonly driveId: string;
  /** A word that stands in every text of the page, and nowhere else. */
  readonly token: string;
  readonly commentId: string;
  readonly channelMessageId: string;
  readonly chatMessageId: string;
  readonly fileId: string;
  readonly linkId: string;
}
export interface WorldDrive {
  readonly id: string;
  readonly token: string;
  readonly slug: string;
  readonly firstOwnerId: string;
  readonly tagId: string;
  readonly invitationId: string;
  /** A role that nobody holds. */
  readonly roleId: string;
}
export interface World {
  readonly db: api.Db;
  readonly people: readonly string[];
  readonly drives: readonly WorldDrive[];
  readonly pages: readonly WorldPage[];
  readonly model: Model;
  /** Talks with AI, by `person page` and `person drive`. */
  readonly talks: ReadonlyMap<string, { readonly id: string; readonly messageId: string }>;
}

const peopleCount = 4;
const rights = ['canView', 'canEdit', 'canShare', 'canDelete'] as const;

const change = fc.record({
  act: fc.constantFrom(
    ...(['grant', 'grant', 'revoke', 'revoke', 'expire', 'passOn', 'trash', 'trash'] as const),
    ...(['trashAndRestore', 'role', 'remove', 'transfer', 'trashDrive'] as const),
    ...(['ownRole', 'ownRole', 'ownRole', 'ownRoleAlone', 'ownRoleAlone'] as const),
    ...(['changeOwnRole', 'deleteOwnRole', 'takeOwnRole'] as const),
  ),
  person: fc.nat(peopleCount - 1),
  page: fc.nat(4),
  rights: fc.subarray(rights.slice(1)),
});
/** Which parts people have in two drives at first, and what changes once everybody has seen it all. */
export const worldArbitrary = fc.record({
  roles: fc.array(fc.constantFrom('ADMIN' as const, 'MEMBER' as const, null), {
    minLength: 2 * peopleCount,
    maxLength: 2 * peopleCount,
  }),
  changes: fc.array(change, { minLength: 4, maxLength: 14 }),
});
export type WorldPlan = typeof worldArbitrary extends fc.Arbitrary<infer T> ? T : never;

/** Nothing waits for it: once all changes are made, the clock of these grants is set forward. */
const anHourMs = 3_600_000;

let counter = 0;
const newToken = () => `zq${(++counter).toString(36)}x`;

/** Builds a world through public functions alone, and the model that goes with it. */
export async function buildWorld(db: api.Db, plan: WorldPlan): Promise<World> {
  const emails = Array.from({ length: peopleCount }, () => `${newToken()}@example.com`);
  const people: string[] = [];
  for (const email of emails) people.push(await addUser(db, email));
  const model = new Model();
  const world = { db, people, model, drives: [], pages: [], talks: new Map() } as World & {
    drives: WorldDrive[];
    pages: WorldPage[];
    talks: Map<string, { id: string; messageId: string }>;
  };
  for (const index of [0, 1]) {
    const ownerId = people[index] ?? '';
    const token = newToken();
    const drive = await api.createDrive(db, { ownerId, name: `Drive ${token}`, slug: token });
    const fresh = { roles: new Map(), ownRoles: new Map(), held: new Map(), isTrashed: false };
    model.drives.set(drive.id, { ownerId, ...fresh });
    const joining = people.flatMap((userId, person) => {
      const role = plan.roles[index * peopleCount + person];
      return role && userId !== ownerId ? [{ userId, role, email: emails[person] ?? '' }] : [];
    });
    for (const { userId, role, email } of joining) {
      const asked = { actorId: ownerId, driveId: drive.id, role };
      const { token: key } = await api.inviteMember(db, { ...asked, email });
      await api.acceptInvitation(db, { token: key, userId });
      model.drives.get(drive.id)?.roles.set(userId, role);
    }
    const asked = { actorId: ownerId, driveId: drive.id, role: 'MEMBER' as const };
    const invitation = await api.inviteMember(db, { ...asked, email: `${newToken()}@example.com` });
    const name = `Tag ${token}`;
    const tag = await api.createTag(db, { userId: ownerId, driveId: drive.id, name });
    const role = { actorId: ownerId, driveId: drive.id, name: `Role ${token}` };
    const { id: roleId } = await api.createDriveRole(db, role);
    world.drives.push({
      id: drive.id,
      token,
      slug: drive.slug,
      firstOwnerId: ownerId,
      tagId: tag.id,
      invitationId: invitation.id,
      roleId,
    });
    const parents = index === 0 ? [null, 0, null] : [null, 3];
    for (const parent of parents) {
      const parentId = parent === null ? null : (world.pages[parent]?.id ?? null);
      world.pages.push(await addFurnishedPage(world, drive.id, ownerId, tag.id, parentId));
    }
  }
  const everything = world.pages.map(({ id }) => id);
  for (const { id: pageId, driveId } of world.pages) {
    const userId = model.drives.get(driveId)?.ownerId ?? '';
    const pageIds = model.visible(userId).filter((id) => everything.includes(id) && id !== pageId);
    await api.setPageMentions(db, { userId, pageId, pageIds, userIds: [...people] });
  }
  for (const userId of people) await leaveTraces(world, userId);
  const expires = { some: false };
  for (const change of plan.changes) await applyChange(world, change, expires);
  // The model has them as expired already.
  if (expires.some) {
    const expiresAt = new Date(Date.now() - anHourMs);
    await world.db
      .update(pagePermissions)
      .set({ expiresAt })
      .where(isNotNull(pagePermissions.expiresAt));
  }
  return world;
}

async function addFurnishedPage(
  { db, people, model }: World,
  driveId: string,
  userId: string,
  tagId: string,
  parentId: string | null,
): Promise<WorldPage> {
  const token = newToken();
  const content = `quince ${token}`;
  const { id: pageId } = await api.createPage(db, {
    userId,
    page: { driveId, parentId, title: `Title ${token}`, type: 'CHANNEL', content },
  });
  const grants: ModelPage['grants'] = new Map();
  model.pages.set(pageId, { driveId, parentId, isTrashed: false, grants });
  for (const other of people) {
    if (other === userId) continue;
    const all = { canEdit: true, canShare: true, canDelete: true };
    await api.grantPageAccess(db, { actorId: userId, pageId, userId: other, ...all });
    grants.set(other, { rights: new Set(rights), expired: false });
  }
  const comment = await api.createPageComment(db, { userId, pageId, content });
  await api.createPageComment(db, { userId, pageId, content, parentId: comment.id });
  const said = await api.appendChannelMessage(db, { userId, message: { pageId, content } });
  const reply = { pageId, content, parentId: said.id };
  await api.appendChannelMessage(db, { userId, message: reply });
  const message = { pageId, content, role: 'user' as const };
  const chat = await api.appendChatMessage(db, { userId, message });
  const upload = {
    contentHash: counter.toString(16).padStart(64, '0'),
    sizeBytes: 1,
    mimeType: 'image/png',
    storagePath: `store/${token}`,
  };
  const file = await api.recordUpload(db, { userId, pageId, upload });
  await api.tagPage(db, { userId, pageId, tagId });
  const edited = `${content} edited`;
  await api.updatePage(db, { userId, pageId, revision: 0, changes: { content: edited } });
  const link = await api.createShareLink(db, { userId, pageId });
  return {
    id: pageId,
    driveId,
    token,
    commentId: comment.id,
    channelMessageId: said.id,
    chatMessageId: chat.id,
    fileId: file.id,
    linkId: link.id,
  };
}

/** Traces that a person leaves while they see everything: favourites, views, talks with AI. */
async function leaveTraces(world: World & { talks: Map<string, unknown> }, userId: string) {
  const { db, pages, drives } = world;
  for (const { id: pageId, token } of pages) {
    await api.addFavorite(db, { userId, target: { pageId } });
    await api.markPageViewed(db, { userId, pageId });
    const conversation = { type: 'PAGE' as const, pageId, title: `Talk ${token}` };
    await openTalk(world, userId, conversation, pageId, token);
  }
  for (const { id: driveId, token } of drives) {
    await api.addFavorite(db, { userId, target: { driveId } });
    const conversation = { type: 'DRIVE' as const, driveId, title: `Talk ${token}` };
    await openTalk(world, userId, conversation, driveId, token);
  }
}

async function openTalk(
  { db, talks }: World & { talks: Map<string, unknown> },
  userId: string,
  conversation: Parameters<typeof api.createConversation>[1]['conversation'],
  about: string,
  token: string,
) {
  const { id } = await api.createConversation(db, { userId, conversation });
  const message = { conversationId: id, role: 'user' as const, content: `said ${token}` };
  const { id: messageId } = await api.appendMessage(db, { userId, message });
  talks.set(`${userId} ${about}`, { id, messageId });
}

type Change = WorldPlan['changes'][number];

/** Does one change by who may do it, and to the model; what the rules refuse is left out. */
async function applyChange(
  world: World,
  change: Change,
  expires: { some: boolean },
): Promise<void> {
  const { db, people, model } = world;
  const target = world.pages[change.page];
  const userId = people[change.person] ?? '';
  const page = target && model.pages.get(target.id);
  const drive = target && model.drives.get(target.driveId);
  if (!target || !page || !drive) return;
  const { ownerId: actorId } = drive;
  const { id: pageId, driveId } = target;
  const live = !page.isTrashed && !drive.isTrashed;
  const role = drive.roles.get(userId);
  if (change.act === 'trashDrive') {
    if (drive.isTrashed) await api.restoreDrive(db, { userId: actorId, driveId });
    else await api.trashDrive(db, { userId: actorId, driveId });
    drive.isTrashed = !drive.isTrashed;
  }
  if (!live) return;
  const given = { canView: true, ...Object.fromEntries(change.rights.map((one) => [one, true])) };
  const rightsGiven = new Set<PageRight>(['canView', ...change.rights]);
  if (change.act === 'grant' && userId !== actorId) {
    await api.grantPageAccess(db, { actorId, pageId, userId, ...given });
    page.grants.set(userId, { rights: rightsGiven, expired: false });
  }
  if (change.act === 'revoke' && page.grants.has(userId) && userId !== actorId) {
    await api.revokePageAccess(db, { actorId, pageId, userId });
    page.grants.delete(userId);
  }
  if ((change.act === 'expire' || change.act === 'passOn') && userId !== actorId) {
    const expiresAt = new Date(Date.now() + anHourMs);
    await api.grantPageAccess(db, { actorId, pageId, userId, canEdit: true, expiresAt });
    const grant = { rights: new Set<PageRight>(['canView', 'canEdit']), expired: true };
    page.grants.set(userId, grant);
    expires.some = true;
    if (change.act === 'passOn' && !model.manages(userId, driveId)) {
      const made = { driveId, parentId: pageId, title: 'passed on', type: 'CHANNEL' as const };
      const child = await api.createPage(db, { userId, page: made });
      const grants = new Map([[userId, { ...grant }]]);
      model.pages.set(child.id, { driveId, parentId: pageId, isTrashed: false, grants });
    }
  }
  if (change.act === 'trash' || change.act === 'trashAndRestore') {
    await api.trashPage(db, { userId: actorId, pageId });
    if (change.act === 'trash') trashInModel(model, pageId);
    else await api.restorePage(db, { userId: actorId, pageId });
  }
  if (change.act === 'role' && role) {
    const next = role === 'ADMIN' ? 'MEMBER' : 'ADMIN';
    await api.changeMemberRole(db, { actorId, driveId, userId, role: next });
    drive.roles.set(userId, next);
    drive.held.delete(userId);
  }
  if (change.act === 'remove' && role) {
    await api.removeMember(db, { actorId, driveId, userId });
    drive.roles.delete(userId);
    drive.held.delete(userId);
    for (const one of model.pages.values()) if (one.driveId === driveId) one.grants.delete(userId);
  }
  if (change.act === 'transfer' && role) {
    await api.transferOwnership(db, { actorId, driveId, userId });
    drive.roles.delete(userId);
    drive.held.delete(userId);
    drive.roles.set(actorId, 'ADMIN');
    drive.ownerId = userId;
  }
  await changeOwnRoles(world, change, drive, { actorId, driveId, userId });
}

/** The part of the changes that is about the drive's own roles. */
async function changeOwnRoles(
  { db, model }: World,
  change: Change,
  drive: ModelDrive,
  who: { actorId: string; driveId: string; userId: string },
): Promise<void> {
  const { actorId, driveId, userId } = who;
  const rightsOf = Object.fromEntries(rights.map((right) => [right, false]));
  const given = { ...rightsOf, ...Object.fromEntries(change.rights.map((one) => [one, true])) };
  // Of no other right at times: such a role is a name alone.
  const canView = change.rights.length > 0 || change.person % 2 === 0;
  const set = new Set<PageRight>([...(canView ? (['canView'] as const) : []), ...change.rights]);
  const roleId = drive.held.get(userId);
  if (/^ownRole/.test(change.act) && drive.roles.get(userId) === 'MEMBER') {
    const role = { actorId, driveId, name: newToken(), ...given, canView };
    const made = await api.createDriveRole(db, role);
    await api.assignDriveRole(db, { actorId, driveId, userId, roleId: made.id });
    drive.ownRoles.set(made.id, set);
    drive.held.set(userId, made.id);
    if (change.act === 'ownRoleAlone') {
      for (const [pageId, page] of model.pages) {
        if (page.driveId !== driveId || !page.grants.delete(userId)) continue;
        await api.revokePageAccess(db, { actorId, pageId, userId });
      }
    }
  }
  if (roleId === undefined) return;
  if (change.act === 'changeOwnRole') {
    await api.updateDriveRole(db, { actorId, roleId, changes: { ...given, canView } });
    drive.ownRoles.set(roleId, set);
  }
  if (change.act === 'deleteOwnRole') {
    await api.deleteDriveRole(db, { actorId, roleId });
    drive.ownRoles.delete(roleId);
  }
  if (change.act === 'takeOwnRole') {
    await api.assignDriveRole(db, { actorId, driveId, userId, roleId: null });
  }
  if (change.act === 'deleteOwnRole' || change.act === 'takeOwnRole') drive.held.delete(userId);
}

function trashInModel(model: Model, pageId: string): void {
  const page = model.pages.get(pageId);
  if (!page || page.isTrashed) return;
  page.isTrashed = true;
  for (const [id, child] of model.pages) if (child.parentId === pageId) trashInModel(model, id);
}
