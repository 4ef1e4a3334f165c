import type { PageType } from '@pagespace/db';
import { Bot, File, FileText, Folder, Hash, Shapes, Table2 } from 'lucide-react';

const icons = {
  FOLDER: Folder,
  DOCUMENT: FileText,
  CHANNEL: Hash,
  AI_CHAT: Bot,
  CANVAS: Shapes,
  FILE: File,
  SHEET: Table2,
} as const;

/** The label of each page type. */
export const pageTypeNames = {
  FOLDER: 'Folder',
  DOCUMENT: 'Document',
  CHANNEL: 'Channel',
  AI_CHAT: 'AI chat',
  CANVAS: 'Canvas',
  FILE: 'File',
  SHEET: 'Sheet',
} as const satisfies Record<PageType, string>;

export function PageIcon({ type, className = 'size-4' }: { type: PageType; className?: string }) {
  const Icon = icons[type];
  return <Icon className={`shrink-0 ${className}`} aria-hidden />;
}
