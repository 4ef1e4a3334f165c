import type { NewChannelMessage, NewConversation, NewMessage } from '../schema/index.ts';
import { type BulkSize, bulkPageId, bulkUserId } from './bulk.ts';
import { after, randomNumbers, seedId } from './fixed.ts';
import { makeWords } from './words.ts';

const conversationsPerPerson = 5;
const turnsPerConversation = 10;
/** Two of a drive's CHANNEL pages. */
const channels = [34, 39];
const messagesPerChannel = 10;

const conversationId = (person: number, n: number) => seedId(`bulk conversation ${person} ${n}`);
const turnAt = (n: number, turn: number) => after(320 + n, turn);

export function* bulkConversations({ people }: BulkSize): Generator<NewConversation> {
  for (let person = 0; person < people; person++) {
    for (let n = 0; n < conversationsPerPerson; n++) {
      const last = turnAt(n, turnsPerConversation - 1);
      yield {
        id: conversationId(person, n),
        userId: bulkUserId(person),
        type: 'GLOBAL',
        title: `Talk ${n + 1}`,
        lastMessageAt: last,
        createdAt: turnAt(n, 0),
        updatedAt: last,
      };
    }
  }
}

export function* bulkTurns({ people }: BulkSize): Generator<NewMessage> {
  const random = randomNumbers(3);
  const words = makeWords(random);
  for (let person = 0; person < people; person++) {
    for (let n = 0; n < conversationsPerPerson; n++) {
      for (let turn = 0; turn < turnsPerConversation; turn++) {
        const byPerson = turn % 2 === 0;
        const at = turnAt(n, turn);
        yield {
          id: seedId(`bulk turn ${person} ${n} ${turn}`),
          conversationId: conversationId(person, n),
          userId: byPerson ? bulkUserId(person) : null,
          role: byPerson ? 'user' : 'assistant',
          content: words(8 + Math.floor(random() * 30)),
          createdAt: at,
          updatedAt: at,
        };
      }
    }
  }
}

/** By the drive's owner and its ADMIN in turns; the fifth and tenth reply to the fourth. */
export function* bulkChannelMessages({ people, drives }: BulkSize): Generator<NewChannelMessage> {
  const random = randomNumbers(4);
  const words = makeWords(random);
  for (let drive = 0; drive < drives; drive++) {
    for (const channel of channels) {
      const idOf = (n: number) => seedId(`bulk channel message ${drive} ${channel} ${n}`);
      for (let n = 0; n < messagesPerChannel; n++) {
        const at = after(311, n * 7);
        yield {
          id: idOf(n),
          pageId: bulkPageId(drive, channel),
          userId: bulkUserId((drive + (n % 2) * 7) % people),
          parentId: n % 5 === 4 ? idOf(3) : null,
          content: words(4 + Math.floor(random() * 20)),
          createdAt: at,
          updatedAt: at,
        };
      }
    }
  }
}
