import { countUnreadInChannels } from '@pagespace/db';
import { pagespace } from '@/server/databases.ts';
import { answer } from '@/server/route.ts';

/** How many messages of others are new to the reader, by channel. */
export const GET = (_: Request, { params }: { params: Promise<{ driveId: string }> }) =>
  answer(async ({ userId }) => {
    const { driveId } = await params;
    return countUnreadInChannels(pagespace(), { userId, driveId });
  });
