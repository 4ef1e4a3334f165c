'use client';

import { Zap } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';
import { Button } from '@/ui/button.tsx';
import { useAction } from '@/ui/toast.tsx';
import { crashServer } from './actions.ts';
import { FactList } from './fact-list.tsx';
import { fact, type Observed } from './observed.ts';

/** One question to the database, and whether it was answered. */
interface Pulse {
  readonly at: number;
  readonly ms: number;
  readonly answered: boolean;
  /** The process id of the application that answered. */
  readonly pid: number | undefined;
}

const gapMs = 80;
const calmBefore = 8;
const calmAfter = 20;
const longestMs = 30_000;

async function pulse(): Promise<Pulse> {
  const at = performance.now();
  const answer = await fetch('/guide/pulse', { cache: 'no-store' }).catch(() => undefined);
  const said = answer?.ok
    ? z.object({ pid: z.number() }).safeParse(await answer.json())
    : undefined;
  return { at, ms: performance.now() - at, answered: answer?.ok ?? false, pid: said?.data?.pid };
}

const wait = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Kills the database server while this page asks it something ten times a second. */
export function CrashStep({ isOwnServer }: { isOwnServer: boolean }) {
  const [pulses, setPulses] = useState<readonly Pulse[]>([]);
  const [seen, setSeen] = useState<Observed>();
  const [isRunning, setRunning] = useState(false);
  const run = useAction();
  const isGone = useRef(false);
  useEffect(() => {
    isGone.current = false;
    return () => {
      isGone.current = true;
    };
  }, []);

  const crash = async () => {
    setRunning(true);
    setSeen(undefined);
    const begun = performance.now();
    const all: Pulse[] = [];
    const ask = async () => {
      all.push(await pulse());
      setPulses([...all]);
      await wait(gapMs);
    };
    while (all.length < calmBefore) await ask();
    const before = all.length;
    const killing = run(crashServer());
    // Until it has answered long enough after it did not, or after it should not have.
    while (performance.now() - begun < longestMs && !isGone.current) {
      await ask();
      if (all.length > before + calmAfter && all.slice(-calmAfter).every(isAnswered)) break;
    }
    const killed = await killing;
    if (killed) setSeen(observe(all, before, killed.value.pid, performance.now() - begun));
    setRunning(false);
  };

  if (!isOwnServer) {
    return (
      <p className="text-muted text-sm">
        The data is on a server that the demo did not start, or on PGlite, so there is nothing to
        kill.
      </p>
    );
  }
  return (
    <div className="flex flex-col gap-3" aria-live="polite" aria-busy={isRunning}>
      <Button look="danger" onClick={() => void crash()} busy={isRunning} className="self-start">
        <Zap className="size-4" aria-hidden />
        {isRunning ? 'Watching …' : 'Kill the server'}
      </Button>
      {pulses.length > 0 && (
        <ul
          aria-label="Questions to the database"
          className="flex h-12 flex-wrap items-end gap-0.5 overflow-hidden"
        >
          {pulses.map(({ at, ms, answered }) => (
            <li
              key={at}
              title={answered ? `answered in ${Math.round(ms)} ms` : 'no answer'}
              style={{ height: answered ? `${Math.min(48, 6 + ms / 10)}px` : '48px' }}
              className={`w-1.5 rounded-sm ${answered ? 'bg-good' : 'bg-bad'}`}
            >
              <span className="sr-only">{answered ? 'answered' : 'no answer'}</span>
            </li>
          ))}
        </ul>
      )}
      {seen && <FactList {...seen} />}
    </div>
  );
}

const isAnswered = ({ answered }: Pulse) => answered;

function observe(all: readonly Pulse[], before: number, pid: number, ms: number): Observed {
  const after = all.slice(before);
  const lost = after.filter(({ answered }) => !answered);
  const firstLost = lost[0];
  const back = firstLost && after.find(({ at, answered }) => answered && at > firstLost.at);
  const processes = new Set(all.flatMap((one) => one.pid ?? []));
  const slowest = Math.max(...after.map((one) => one.ms));
  return {
    ms: Math.round(ms),
    facts: [
      fact(
        'Before',
        `${before} of ${before} questions answered`,
        all.slice(0, before).every(isAnswered),
      ),
      fact('Killed', `process ${pid} of the server`, true),
      fact(
        'While it recovered',
        firstLost
          ? `${lost.length} of ${after.length} questions refused`
          : `none refused, the slowest took ${Math.round(slowest)} ms`,
        true,
      ),
      fact(
        'Back',
        firstLost
          ? back
            ? `after ${Math.round(back.at + back.ms - firstLost.at)} ms`
            : 'not yet'
          : 'before the next question',
        !firstLost || back !== undefined,
      ),
      fact(
        'The application',
        processes.size === 1
          ? `process ${[...processes].join()} throughout`
          : `${processes.size} processes answered`,
        processes.size === 1,
      ),
    ],
  };
}
