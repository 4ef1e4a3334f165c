'use server';

import { InvalidInputError } from '@reference/kit';
import { z } from 'zod';
import { catalogSql } from '@/catalog/catalog-client.ts';
import { act } from '@/server/action.ts';
import { observed } from './observed.ts';
import { seeRename } from './see-rename.ts';
import { seeConflict, seeFinding, seeIsolation, seeMigration } from './steps.ts';

/** Does what a step of the guide says, and gives what it saw. */
export async function runStep(input: unknown) {
  return act(input, {
    schema: z.object({ step: z.enum(['isolation', 'conflict', 'migration', 'rename', 'finding']) }),
    query: ({ step }, { userId }) =>
      observed(() => {
        if (step === 'isolation') return seeIsolation();
        if (step === 'conflict') return seeConflict(userId);
        if (step === 'migration') return seeMigration();
        return step === 'rename' ? seeRename() : seeFinding();
      }),
  });
}

/**
 * Kills one of the server's processes as `kill -9` does: PostgreSQL then ends every connection, recovers
 * and starts anew. Only the demo's own server.
 */
export async function crashServer() {
  return act(
    {},
    {
      schema: z.object({}),
      query: async () => {
        if (process.env.DEMO_OWN_SERVER !== '1') {
          throw new InvalidInputError('This server is not the demo’s own, so it is left alone.');
        }
        const [backend] = await catalogSql('pagespace').unsafe<{ pid: number }[]>(
          'select pg_backend_pid() as pid',
        );
        if (!backend) throw new InvalidInputError('The server has no process to kill.');
        process.kill(backend.pid, 'SIGKILL');
        return { pid: backend.pid };
      },
    },
  );
}
