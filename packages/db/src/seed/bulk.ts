import type {
  NewChatMessage,
  NewDrive,
  NewDriveMember,
  NewPage,
  NewPagePermission,
  NewUser,
  PageType,
} from '../schema/index.ts';
import { after, randomNumbers, seedId } from './fixed.ts';
import { makeWords } from './words.ts';

/** How much a size adds to the small workspace. */
export interface BulkSize {
  readonly people: number;
  readonly drives: number;
  readonly grantsPerDrive: number;
  readonly messagesPerChat: number;
}

export const bulkSizes = {
  medium: { people: 50, drives: 50, grantsPerDrive: 40, messagesPerChat: 20 },
  large: { people: 2000, drives: 5000, grantsPerDrive: 40, messagesPerChat: 40 },
} as const satisfies Record<string, BulkSize>;

const pagesPerDrive = 200;
const rootPages = 8;
const childrenPerPage = 6;
const chatsPerDrive = 5;

export const bulkUserId = (n: number) => seedId(`bulk user ${n}`);
export const bulkDriveId = (n: number) => seedId(`bulk drive ${n}`);
export const bulkPageId = (drive: number, n: number) => seedId(`bulk page ${drive} ${n}`);

export function* bulkUsers({ people }: BulkSize): Generator<NewUser> {
  for (let n = 0; n < people; n++) {
    const at = after(0, n);
    const email = `person${n}@bulk.example.com`;
    yield { id: bulkUserId(n), email, displayName: `Person ${n}`, createdAt: at, updatedAt: at };
  }
}

export function* bulkDrives({ people, drives }: BulkSize): Generator<NewDrive> {
  for (let n = 0; n < drives; n++) {
    const at = after(1, n);
    const ownerId = bulkUserId(n % people);
    yield {
      id: bulkDriveId(n),
      name: `Team ${n}`,
      slug: `team-${n}`,
      ownerId,
      createdAt: at,
      updatedAt: at,
    };
  }
}

export function* bulkMembers({ people, drives }: BulkSize): Generator<NewDriveMember> {
  for (let n = 0; n < drives; n++) {
    const roles = ['OWNER', 'ADMIN', 'MEMBER', 'MEMBER'] as const;
    for (const [offset, role] of roles.entries()) {
      const userId = bulkUserId((n + offset * 7) % people);
      yield { id: seedId(`bulk member ${n} ${offset}`), driveId: bulkDriveId(n), userId, role };
    }
  }
}

/** 200 pages a drive: eight at the root, up to six under each, four levels deep. */
export function* bulkPages({ drives }: BulkSize): Generator<NewPage> {
  const random = randomNumbers(1);
  const words = makeWords(random);
  for (let drive = 0; drive < drives; drive++) {
    for (let n = 0; n < pagesPerDrive; n++) {
      const parent = n < rootPages ? null : Math.floor((n - rootPages) / childrenPerPage);
      const at = after(2 + random() * 300);
      yield {
        id: bulkPageId(drive, n),
        driveId: bulkDriveId(drive),
        parentId: parent === null ? null : bulkPageId(drive, parent),
        title: words(2 + Math.floor(random() * 4)),
        type: typeOf(n),
        content: words(20 + Math.floor(random() * 40)),
        position: parent === null ? n + 1 : ((n - rootPages) % childrenPerPage) + 1,
        createdAt: at,
        updatedAt: at,
      };
    }
  }
}

function typeOf(n: number): PageType {
  if (n < (pagesPerDrive - rootPages) / childrenPerPage) return 'FOLDER';
  if (n >= pagesPerDrive - chatsPerDrive) return 'AI_CHAT';
  return (['DOCUMENT', 'DOCUMENT', 'SHEET', 'CANVAS', 'CHANNEL'] as const)[n % 5] ?? 'DOCUMENT';
}

export function* bulkMessages({
  people,
  drives,
  messagesPerChat,
}: BulkSize): Generator<NewChatMessage> {
  const random = randomNumbers(2);
  const words = makeWords(random);
  for (let drive = 0; drive < drives; drive++) {
    for (let chat = pagesPerDrive - chatsPerDrive; chat < pagesPerDrive; chat++) {
      for (let n = 0; n < messagesPerChat; n++) {
        const at = after(303 + n, Math.floor(random() * 60));
        const byPerson = n % 2 === 0;
        yield {
          id: seedId(`bulk message ${drive} ${chat} ${n}`),
          pageId: bulkPageId(drive, chat),
          userId: byPerson ? bulkUserId(drive % people) : null,
          role: byPerson ? 'user' : 'assistant',
          content: words(8 + Math.floor(random() * 30)),
          createdAt: at,
          updatedAt: at,
        };
      }
    }
  }
}

/** Grants to people who neither own nor administer the drive. */
export function* bulkGrants({
  people,
  drives,
  grantsPerDrive,
}: BulkSize): Generator<NewPagePermission> {
  for (let drive = 0; drive < drives; drive++) {
    for (let n = 0; n < grantsPerDrive; n++) {
      yield {
        id: seedId(`bulk grant ${drive} ${n}`),
        pageId: bulkPageId(drive, n * chatsPerDrive),
        userId: bulkUserId((drive + 8 + (n % 5)) % people),
        canView: true,
        canEdit: n % 3 === 0,
        canShare: false,
        canDelete: false,
        grantedBy: bulkUserId(drive % people),
        grantedAt: after(310),
      };
    }
  }
}
