import type { TaskStatus } from '@reference/tasks';
import { Badge } from '@/ui/page.tsx';

const tones = {
  pending: 'neutral',
  processing: 'accent',
  completed: 'good',
  error: 'bad',
  stopped: 'warn',
} as const satisfies Record<TaskStatus, string>;

export const StatusBadge = ({ status }: { status: TaskStatus }) => (
  <Badge tone={tones[status]}>{status}</Badge>
);
