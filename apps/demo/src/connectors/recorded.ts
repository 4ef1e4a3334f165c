import type { Connection } from '@ait/postgres';

/** The name of a connection to GitHub's recordings. */
export const recordedName = 'Recorded payloads';

export const isRecorded = ({ name, providerSlug }: Connection): boolean =>
  providerSlug === 'github' && name === recordedName;
