'use client';
import { Button } from '@/ui/button.tsx';
import { ErrorState } from '@/ui/states.tsx';

export default function ScreenError({ reset }: { readonly reset: () => void }) {
  return (
    <div className="page-width py-6">
      <title>Not readable · Postgres reference</title>
      <ErrorState
        title="This screen could not be read"
        action={<Button onClick={reset}>Try again</Button>}
      >
        The database may be starting. What was wrong stands in the server’s log.
      </ErrorState>
    </div>
  );
}
