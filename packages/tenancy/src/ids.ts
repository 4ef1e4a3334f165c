import { z } from 'zod';

const id = z.guid();

/** True for text that an id column can be compared with; the server fails any other with 22P02. */
export const isUuid = (value: string): boolean => id.safeParse(value).success;

/** The empty page of a list whose owner can't exist. */
export const emptyPage = { items: [], nextCursor: null, previousCursor: null };
