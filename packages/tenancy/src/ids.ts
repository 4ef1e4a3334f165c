import { z } from 'zod';

const id = z.guid();

/** Text that an id column can be compared with; anything else would fail in the server as 22P02. */
export const isUuid = (value: string): boolean => id.safeParse(value).success;

/** The page of a list whose owner can't exist. */
export const emptyPage = { items: [], nextCursor: null, previousCursor: null };
