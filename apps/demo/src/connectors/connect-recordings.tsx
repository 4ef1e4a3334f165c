'use client';

import { Plus } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { useAction } from '@/ui/toast.tsx';
import { connectRecordings } from './actions.ts';

/** Connects to GitHub's recordings, and opens the connection. */
export function ConnectRecordings() {
  const [isPending, start] = useTransition();
  const run = useAction();
  const router = useRouter();
  return (
    <Button
      look="primary"
      busy={isPending}
      onClick={() =>
        start(async () => {
          const made = await run(connectRecordings());
          if (made) router.push(`/connectors/${made.value}`);
        })
      }
    >
      <Plus size={16} aria-hidden />
      Connect GitHub’s recordings
    </Button>
  );
}
