import { SingleBar } from 'cli-progress';
import pc from 'picocolors';
import { describeBlocker, type Listener, type MigratorEvent } from '../run/events.ts';

export const formatMs = (ms: number): string =>
  ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`;

const lineOf = (event: MigratorEvent): string | undefined => {
  switch (event.type) {
    case 'waiting':
      return `waiting for another migrator (${formatMs(event.waitedMs)})${event.holder ? `: ${describeBlocker(event.holder)}` : ''}`;
    case 'blocked':
      return `${event.name} waits for a lock; ${event.blockers.map(describeBlocker).join('; ')}`;
    case 'retry':
      return `${event.name}: lock not obtained, try ${event.attempt + 1} in ${formatMs(event.delayMs)}${event.blockers[0] ? `; blocked by ${describeBlocker(event.blockers[0])}` : ''}`;
    case 'resume':
      return `${event.name}: resuming at statement ${event.fromStatement}`;
    case 'note':
      return event.message;
    default:
      return undefined;
  }
};

/**
 * Draws a run: a bar on a terminal, plain lines elsewhere. A line that repeats (a blocker seen
 * five times a second) is printed once.
 */
export const drawProgress = (
  out: NodeJS.WriteStream,
): { readonly listen: Listener; stop(): void } => {
  const terminal = out.isTTY === true;
  let bar: SingleBar | undefined;
  let previous = '';
  const print = (line: string) => {
    if (bar) out.write('\r\u001b[K');
    out.write(`${line}\n`);
  };
  const stop = () => {
    bar?.stop();
    bar = undefined;
  };
  const listen: Listener = (event) => {
    if (event.type === 'plan' && event.names.length > 1 && terminal) {
      bar = new SingleBar({
        format: '{bar} {value}/{total} {name}',
        stream: out,
        hideCursor: true,
        clearOnComplete: true,
      });
      bar.start(event.names.length, 0, { name: '' });
    } else if (event.type === 'file-start') {
      bar?.update({ name: event.name });
    } else if (event.type === 'file-done') {
      print(`${pc.green('✓')} ${event.name} ${pc.dim(formatMs(event.durationMs))}`);
      bar?.increment();
    } else {
      const line = lineOf(event);
      const key = `${event.type} ${line?.replace(/[\d.]+ m?s/g, '')}`;
      if (line && key !== previous) print(`${pc.yellow('·')} ${line}`);
      previous = key;
    }
  };
  return { listen, stop };
};
