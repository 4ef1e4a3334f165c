import { type Person, people } from '@pagespace/db/seed';

/** The role of each seeded person in the demo. */
const parts = {
  ada: ['Ada', 'Owns everything, administers the whole'],
  ben: ['Ben', 'Administers a drive of Ada’s, owns another'],
  chloe: ['Chloé', 'A member who sees what is shared with her'],
  dmitri: ['Dmitri', 'A member who may read a little'],
  emi: ['Emi', 'Invited, and not in yet'],
  zoe: ['Zoe', 'Sees nothing of anybody’s'],
} as const satisfies Record<Person, readonly [name: string, part: string]>;

export const seededPeople = people.map((person) => {
  const [name, part] = parts[person];
  return { email: `${person}@example.com`, name, part };
});
