'use client';
import type { CommentThread, ListedComment } from '@pagespace/db';
import { type ReactNode, useCallback, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { Composer } from '@/ui/composer.tsx';
import { Section } from '@/ui/page.tsx';
import { ReadState, useRead } from '@/ui/read.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import {
  addComment,
  bringBackComment,
  deleteComment,
  readComments,
  readCommentThread,
} from './actions.ts';

interface CommentsProps {
  readonly pageId: string;
  readonly userId: string;
}

/** The comments on a page; the replies to one are read when somebody wants to see them. */
export function Comments({ pageId, userId }: CommentsProps) {
  const read = useRead(useCallback(() => readComments({ pageId }), [pageId]));
  const { refresh } = read;
  const comments = read.value?.items;
  const add = async (content: string) => {
    const added = await addComment({ pageId, content, parentId: null });
    if (added.ok) void refresh();
    return added;
  };
  return (
    <Section title="Comments">
      <ReadState of={read} />
      {comments?.length === 0 && <p className="text-sm text-muted">No comments yet.</p>}
      <ul className="flex flex-col gap-4">
        {comments?.map((comment) => (
          <li key={comment.id}>
            <Comment comment={comment} {...{ pageId, userId }} onChange={refresh} />
          </li>
        ))}
      </ul>
      <Composer
        label="Comment"
        placeholder="Say something about this page"
        place={`comment ${pageId}`}
        onSend={add}
      />
    </Section>
  );
}

interface CommentProps extends CommentsProps {
  readonly comment: ListedComment;
  readonly onChange: () => Promise<void>;
}

function Comment({ comment, pageId, userId, onChange }: CommentProps) {
  const run = useAction();
  const { say } = useToast();
  const [thread, setThread] = useState<CommentThread>();
  const { id: commentId, replyCount } = comment;
  const open = async () => {
    const read = await run(readCommentThread({ commentId }));
    if (read) setThread(read.value);
  };
  const reply = async (content: string) => {
    const added = await addComment({ pageId, content, parentId: commentId });
    if (added.ok) void open();
    return added;
  };
  const remove = async () => {
    if (!(await run(deleteComment({ commentId })))) return;
    say('The comment is deleted.', undo);
    await onChange();
  };
  const undo = async () => {
    if (!(await run(bringBackComment({ commentId })))) return false;
    await onChange();
    return true;
  };
  return (
    <div className="flex flex-col gap-2">
      <Said comment={comment}>
        <Button look="quiet" size="sm" onPress={thread ? async () => setThread(undefined) : open}>
          {thread
            ? 'Hide the replies'
            : replyCount === 0
              ? 'Reply'
              : `${replyCount} ${replyCount === 1 ? 'reply' : 'replies'}`}
        </Button>
        {comment.authorId === userId && !comment.isTrashed && (
          <Button look="quiet" size="sm" onPress={remove}>
            Delete
          </Button>
        )}
      </Said>
      {thread && (
        <div className="flex flex-col gap-3 border-l-2 border-line pl-4">
          <Replies replies={thread.replies} />
          <Composer
            label="Reply"
            placeholder="Answer"
            place={`reply ${commentId}`}
            onSend={reply}
          />
        </div>
      )}
    </div>
  );
}

function Replies({ replies }: { readonly replies: readonly CommentThread[] }) {
  return replies.map((reply) => (
    <div key={reply.id} className="flex flex-col gap-2">
      <Said comment={reply} />
      {reply.replies.length > 0 && (
        <div className="border-l-2 border-line pl-4">
          <Replies replies={reply.replies} />
        </div>
      )}
    </div>
  ));
}

interface SaidProps {
  readonly comment: Pick<ListedComment, 'authorName' | 'content' | 'createdAt' | 'editedAt'>;
  readonly children?: ReactNode;
}

function Said({ comment, children }: SaidProps) {
  return (
    <div className="flex flex-col gap-0.5">
      <p className="flex flex-wrap items-center gap-x-2 text-sm">
        <span className="font-semibold">{comment.authorName ?? 'Somebody who left'}</span>
        <span className="text-xs text-muted">
          <Time at={comment.createdAt} />
          {comment.editedAt && ', edited'}
        </span>
        {children}
      </p>
      <p className="break-words whitespace-pre-wrap">
        {comment.content ?? <span className="text-muted italic">This comment was deleted.</span>}
      </p>
    </div>
  );
}
