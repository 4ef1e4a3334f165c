'use client';
import { Copy } from 'lucide-react';
import { useEffect, useRef } from 'react';
import { Button } from './button.tsx';
import { useToast } from './toast.tsx';

/** A secret that the server keeps only the hash of: it can be copied now, and never again. */
export function ShownOnce({ label, value }: { readonly label: string; readonly value: string }) {
  const { say, warn } = useToast();
  const box = useRef<HTMLDivElement>(null);
  // On a small screen it would come up below the end of a dialog, unseen.
  useEffect(() => {
    box.current?.scrollIntoView({ block: 'nearest' });
  }, [value]);
  const copy = () =>
    navigator.clipboard.writeText(value).then(
      () => say('Copied.'),
      () => warn('The browser does not let this page copy. Select the text and copy it.'),
    );
  return (
    <div
      ref={box}
      role="status"
      className="flex flex-col gap-2 rounded-lg border border-good bg-good-soft p-3"
    >
      <p className="text-sm">
        <span className="font-medium">{label}.</span> It is shown this once; the database holds its
        hash.
      </p>
      <div className="flex items-center gap-2">
        <code className="min-w-0 flex-1 rounded bg-surface px-2 py-1.5 font-mono text-xs break-all">
          {value}
        </code>
        <Button size="sm" onClick={() => void copy()}>
          <Copy className="size-3.5" aria-hidden />
          Copy
        </Button>
      </div>
    </div>
  );
}
