import { listChannelMessages, requirePage } from '@pagespace/db';
import { pagespace } from '@/server/databases.ts';
import { answer } from '@/server/route.ts';

/** A page of a channel's messages, latest first; `?after=` continues with older ones. */
export const GET = (request: Request, { params }: { params: Promise<{ pageId: string }> }) =>
  answer(async ({ userId }) => {
    const { pageId } = await params;
    const after = new URL(request.url).searchParams.get('after');
    await requirePage(pagespace(), { userId, pageId });
    return listChannelMessages(pagespace(), { userId, pageId, after });
  });
