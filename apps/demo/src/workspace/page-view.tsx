import type { PageAccess, PageDetail } from '@pagespace/db';
import { ChannelView } from './channel/channel-view.tsx';
import { ChatView } from './chat/chat-view.tsx';
import { Comments } from './comments/comments.tsx';
import { DocumentView } from './document/document-view.tsx';
import { isWritten } from './document/written.tsx';
import { FileView } from './file/file-view.tsx';
import { FolderView } from './folder-view.tsx';

interface PageViewProps {
  readonly page: PageDetail;
  readonly access: PageAccess;
  readonly userId: string;
  /** Whether channels ask for news, because the database can't tell them. */
  readonly polls: boolean;
}

/** A page by its type. */
export function PageView({ page, access, userId, polls }: PageViewProps) {
  const { id: pageId, type } = page;
  const canEdit = access.canEdit && !page.isTrashed;
  if (type === 'CHANNEL')
    return <ChannelView key={pageId} {...{ pageId, userId, canEdit, polls }} />;
  if (type === 'AI_CHAT') return <ChatView key={pageId} {...{ pageId, userId, canEdit }} />;
  return (
    <div className="page-width flex flex-1 flex-col gap-8 py-6">
      {type === 'FOLDER' && <FolderView pageId={pageId} />}
      {isWritten(type) && <DocumentView key={pageId} page={page} type={type} canEdit={canEdit} />}
      {type === 'FILE' && <FileView page={page} canEdit={canEdit} />}
      <Comments key={`comments ${pageId}`} pageId={pageId} userId={userId} />
    </div>
  );
}
