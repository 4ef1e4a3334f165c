import Link from 'next/link';
import { Button } from './button.tsx';

/** The page for an address that does not exist or that the reader may not see. */
export function NothingHere() {
  return (
    <div className="mx-auto flex min-h-[60dvh] max-w-md flex-col items-start justify-center gap-3 px-6">
      <title>Not found · Postgres reference</title>
      <h1 className="text-2xl font-semibold">Not found</h1>
      <p className="text-muted">There is nothing at this address, or nothing that you may see.</p>
      <Button asChild>
        <Link href="/drives">Go to the workspace</Link>
      </Button>
    </div>
  );
}
