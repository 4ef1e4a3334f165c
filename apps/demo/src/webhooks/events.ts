import { selectChannelMessageSchema } from '@pagespace/db';
import type { EventInput } from '@reference/kit/outbox';
import { z } from 'zod';

/** The topic of the event that a channel message makes. */
export const messageTopic = 'message.written';

const { id, pageId } = selectChannelMessageSchema.shape;
/** The webhook's body: ids, for the receiver to read with its own rights. */
export const messageWebhook = z.object({
  topic: z.literal(messageTopic),
  messageId: id,
  pageId,
});

/** The event of a message; those of one channel are delivered in order. */
export const messageWritten = (message: { messageId: string; pageId: string }): EventInput => ({
  key: `channel ${message.pageId}`,
  topic: messageTopic,
  payload: { messageId: message.messageId, pageId: message.pageId },
});
