import { parseInput, parseLimit } from '@reference/kit';
import { z } from 'zod';

export { parseInput, parseLimit };

/** Text that an id column can be compared with; anything else would fail in the server as 22P02. */
export const isUuid = (value: string): boolean => z.guid().safeParse(value).success;

/** The page of a list whose owner can't exist. */
export const emptyPage = { items: [], nextCursor: null, previousCursor: null };
