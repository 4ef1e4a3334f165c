'use client';
import { useEffect, useState } from 'react';

/** A request that is answered sooner is not worth a sign. */
const shownAfterMs = 200;

/** A line at the top of the window while the server is at work; said to screen readers. */
export function Working({ isAtWork }: { readonly isAtWork: boolean }) {
  const [isLong, setLong] = useState(false);
  useEffect(() => {
    if (!isAtWork) return setLong(false);
    const timer = setTimeout(() => setLong(true), shownAfterMs);
    return () => clearTimeout(timer);
  }, [isAtWork]);
  return (
    <div role="status" className="pointer-events-none fixed inset-x-0 top-0 z-60">
      {isLong && (
        <>
          <div className="h-0.75 bg-accent motion-safe:animate-pulse" />
          <span className="sr-only">The server is at work.</span>
        </>
      )}
    </div>
  );
}
