import { type Logger, pino } from 'pino';
import { z } from 'zod';

/** A statement as the client sent it, without its parameters. */
export interface SentStatement {
  readonly text: string;
  /** From sending to the last row, rounded. */
  readonly ms: number;
}

export interface Recorder {
  /** For a client's config: with a threshold of 0 ms every statement is logged as slow. */
  readonly config: { readonly logger: Logger; readonly slowQueryMs: 0; readonly max: 1 };
  /** The statements sent since the last call. */
  take(): SentStatement[];
}

const line = z.object({ query: z.string(), ms: z.number() });

/** Learns what a client sends from the client's own log. */
export function createRecorder(): Recorder {
  let sent: SentStatement[] = [];
  const write = (text: string) => {
    const { query, ms } = line.parse(JSON.parse(text));
    sent.push({ text: query.trim(), ms });
  };
  return {
    config: { logger: pino({ level: 'warn' }, { write }), slowQueryMs: 0, max: 1 },
    take() {
      const taken = sent;
      sent = [];
      return taken;
    },
  };
}
