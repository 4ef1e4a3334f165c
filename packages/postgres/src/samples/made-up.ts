/**
 * Words and times for sample rows, the same for the same number, so that a second seeding changes
 * nothing.
 */

const people = ['ada', 'grace', 'edsger', 'barbara', 'donald', 'margaret', 'ken', 'radia'];
const topics = ['search', 'billing', 'import', 'sign-in', 'export', 'charts', 'backup', 'mail'];
const verbs = ['Fix', 'Speed up', 'Document', 'Test', 'Rewrite', 'Review', 'Plan', 'Ship'];

const pick = (list: readonly string[], index: number) => list[index % list.length] ?? '';

export const person = (index: number) => pick(people, index * 7 + (index >> 3));
export const topic = (index: number) => pick(topics, index * 5 + (index >> 2));
export const phrase = (index: number) => `${pick(verbs, index)} ${topic(index)}`;

const start = Date.UTC(2026, 0, 1);
const hour = 3_600_000;

/** The time of the index-th event: every five hours from the beginning of 2026. */
export const at = (index: number) => new Date(start + index * 5 * hour);
/** An hour after it. */
export const hourAfter = (index: number) => new Date(at(index).getTime() + hour);
/** Forty hexadecimal digits. */
export const sha = (index: number) => (index + 1).toString(16).padStart(8, '0').repeat(5);
