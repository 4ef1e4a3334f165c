'use client';
import { clsx } from 'clsx';
import { Ellipsis, MessageSquare, Pencil, SmilePlus, Trash2 } from 'lucide-react';
import { useRef, useState } from 'react';
import { Button } from '@/ui/button.tsx';
import { ConfirmDialog } from '@/ui/confirm-button.tsx';
import { EditForm } from '@/ui/edit-form.tsx';
import { Menu, MenuItem } from '@/ui/menu.tsx';
import { Time } from '@/ui/time.tsx';
import { useAction } from '@/ui/toast.tsx';
import { deleteMessage, editMessage, react } from './messages.ts';
import type { Message } from './use-channel.ts';

const emojis = ['👍', '🎉', '👀', '❤️', '✅'];

interface MessageLineProps {
  readonly message: Message;
  readonly userId: string;
  readonly canEdit: boolean;
  /** Called after something was changed. */
  readonly onChange: () => Promise<void>;
  /** Opens its thread; without it the message is part of one. */
  readonly onThread?: () => void;
}

export function MessageLine({ message, userId, canEdit, onChange, onThread }: MessageLineProps) {
  const run = useAction();
  const [editing, setEditing] = useState(false);
  const more = useRef<HTMLButtonElement>(null);
  const stopEditing = () => {
    setEditing(false);
    more.current?.focus();
  };
  const [isDeleting, setDeleting] = useState(false);
  const { id: messageId, content, reactions, replyCount } = message;
  const own = message.userId === userId;
  const author = message.authorName ?? 'Somebody who left';

  const change = async (action: Promise<{ value: unknown } | undefined>) => {
    if (await action) await onChange();
  };
  const toggle = (emoji: string) => {
    const mine = reactions.some((one) => one.emoji === emoji && one.mine);
    void change(run(react({ messageId, emoji, on: !mine })));
  };

  return (
    <div className="group -mx-2 flex gap-3 rounded-md px-2 py-1.5 hover:bg-sunken">
      <div
        aria-hidden
        className="mt-0.5 grid size-8 shrink-0 place-items-center rounded-full bg-accent-soft text-sm font-semibold text-accent"
      >
        {author.slice(0, 1)}
      </div>
      <div className="min-w-0 flex-1">
        <div className="flex items-center justify-between gap-2">
          <p className="flex flex-wrap items-baseline gap-x-2">
            <span className="font-semibold">{author}</span>
            <span className="text-xs text-muted">
              <Time at={message.createdAt} />
              {message.editedAt && ', edited'}
            </span>
          </p>
          <div className="flex opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 pointer-coarse:opacity-100">
            <Menu
              trigger={
                <Button look="quiet" size="sm" aria-label={`React to ${author}`}>
                  <SmilePlus className="size-3.5" aria-hidden />
                </Button>
              }
            >
              {emojis.map((emoji) => (
                <MenuItem key={emoji} onSelect={() => toggle(emoji)}>
                  {emoji}
                </MenuItem>
              ))}
            </Menu>
            {onThread && (
              <Button look="quiet" size="sm" aria-label={`Answer ${author}`} onClick={onThread}>
                <MessageSquare className="size-3.5" aria-hidden />
              </Button>
            )}
            {own && canEdit && (
              <Menu
                trigger={
                  <Button ref={more} look="quiet" size="sm" aria-label="More for this message">
                    <Ellipsis className="size-3.5" aria-hidden />
                  </Button>
                }
              >
                <MenuItem icon={<Pencil className="size-4" />} onSelect={() => setEditing(true)}>
                  Edit
                </MenuItem>
                <MenuItem
                  danger
                  icon={<Trash2 className="size-4" />}
                  onSelect={() => setDeleting(true)}
                >
                  Delete
                </MenuItem>
              </Menu>
            )}
          </div>
        </div>
        {editing ? (
          <EditForm
            draft={`message ${messageId}`}
            label="The message’s new text"
            text={content}
            rows={2}
            send={(changed) => editMessage({ messageId, content: changed })}
            onSaved={onChange}
            onClose={stopEditing}
          />
        ) : (
          <p className="break-words whitespace-pre-wrap">{content}</p>
        )}
        <div className="flex flex-wrap gap-1.5 empty:hidden">
          {reactions.map(({ emoji, count, mine }) => (
            <button
              key={emoji}
              type="button"
              aria-pressed={mine}
              aria-label={`${emoji}, ${count}`}
              onClick={() => toggle(emoji)}
              className={clsx(
                'mt-1 inline-flex h-6 items-center gap-1 rounded-full border px-2 text-xs tabular-nums',
                mine ? 'border-accent bg-accent-soft text-accent' : 'border-line bg-surface',
              )}
            >
              {emoji} {count}
            </button>
          ))}
          {onThread && replyCount > 0 && (
            <button
              type="button"
              onClick={onThread}
              className="mt-1 h-6 text-xs font-medium text-accent hover:underline"
            >
              {replyCount} {replyCount === 1 ? 'reply' : 'replies'}
            </button>
          )}
        </div>
      </div>
      <ConfirmDialog
        open={isDeleting}
        onOpenChange={setDeleting}
        question="Delete the message?"
        consequence="It is gone for everyone in the channel, and so are the reactions to it."
        verb="Delete"
        onConfirm={() => change(run(deleteMessage({ messageId })))}
      />
    </div>
  );
}
