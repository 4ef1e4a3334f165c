import type { Command } from 'commander';

export interface ScratchOptions {
  readonly scratchUrl?: string;
}

export const withScratch = (command: Command): Command =>
  command.option(
    '--scratch-url <url>',
    'a server for scratch databases; default: the one of the database, else an embedded one',
  );
