import { listPageFiles } from '@pagespace/db';
import { pagespace } from '@/server/databases.ts';
import { codeOf } from '@/server/error-code.ts';
import { readUpload } from '@/server/file-store.ts';
import { getSession } from '@/server/session.ts';

/** The content of a file of a page, to save: it is never shown as a page of this application. */
export async function GET(
  request: Request,
  { params }: { params: Promise<{ pageId: string }> },
): Promise<Response> {
  const session = await getSession();
  if (!session) return new Response(null, { status: 401 });
  const { pageId } = await params;
  const id = new URL(request.url).searchParams.get('id');
  try {
    const { userId } = session;
    const { items } = await listPageFiles(pagespace(), { userId, pageId, limit: 200 });
    const file = items.find((one) => one.id === id);
    if (!file) return new Response(null, { status: 404 });
    const bytes = await readUpload(file.contentHash);
    return new Response(bytes, {
      headers: {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="${file.contentHash.slice(0, 12)}"`,
        'cache-control': 'private, no-store',
      },
    });
  } catch (error) {
    return new Response(null, { status: codeOf(error) === 'UNKNOWN' ? 500 : 404 });
  }
}
