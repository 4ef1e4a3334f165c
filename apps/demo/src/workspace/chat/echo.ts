import { randomUUID } from 'node:crypto';
import { appendChatMessage, type Db, searchPages } from '@pagespace/db';

/**
 * Stands where a model would, and says so: it repeats the question and calls one real tool, the
 * search over the pages that the person may see. It needs no network and knows nothing.
 *
 * @throws what `appendChatMessage` and `searchPages` throw
 */
export async function answerByEcho(
  db: Db,
  { userId, pageId, content }: { userId: string; pageId: string; content: string },
): Promise<void> {
  await appendChatMessage(db, { userId, message: { pageId, role: 'user', content } });
  const words = content.match(/\p{L}{4,}/gu)?.join(' or ') ?? content;
  const { items } = await searchPages(db, { userId, words: words.slice(0, 500), limit: 5 });
  const titles = items.map(({ title }) => title);
  const call = { id: randomUUID(), name: 'search_pages', arguments: { words, limit: 5 } };
  const found =
    titles.length > 0
      ? `The search found ${titles.map((title) => `**${title}**`).join(', ')}.`
      : 'The search found no page.';
  await appendChatMessage(db, {
    userId,
    message: {
      pageId,
      role: 'assistant',
      content: `You wrote: “${content.slice(0, 2000)}” ${found}`,
      toolCalls: [call],
      toolResults: [{ callId: call.id, result: { titles } }],
    },
  });
}
