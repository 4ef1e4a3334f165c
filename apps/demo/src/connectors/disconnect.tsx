'use client';

import { Unplug } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState, useTransition } from 'react';
import { Button } from '@/ui/button.tsx';
import { Dialog, DialogButtons } from '@/ui/dialog.tsx';
import { useAction, useToast } from '@/ui/toast.tsx';
import { removeConnection } from './actions.ts';

/** Disconnects, after a second thought: everything that was fetched goes with it. */
export function Disconnect({ connectorConfigId }: { connectorConfigId: string }) {
  const [isOpen, setOpen] = useState(false);
  const [isPending, start] = useTransition();
  const run = useAction();
  const { say } = useToast();
  const router = useRouter();
  return (
    <>
      <Button look="danger" onClick={() => setOpen(true)}>
        <Unplug size={15} aria-hidden />
        Disconnect
      </Button>
      <Dialog
        open={isOpen}
        onOpenChange={setOpen}
        title="Disconnect?"
        description="Its tokens, its place in every sync and all rows that were fetched through it are deleted."
      >
        <DialogButtons>
          <Button onClick={() => setOpen(false)}>Keep it</Button>
          <Button
            look="danger"
            busy={isPending}
            onClick={() =>
              start(async () => {
                if (!(await run(removeConnection({ connectorConfigId })))) return;
                say('Disconnected.');
                router.push('/connectors');
              })
            }
          >
            Disconnect
          </Button>
        </DialogButtons>
      </Dialog>
    </>
  );
}
