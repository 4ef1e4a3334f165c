/** How often a race is run: RACE_ROUNDS, which `pnpm races` sets to 500, else 50. */
export function raceRounds(): number {
  const given = process.env.RACE_ROUNDS;
  if (given === undefined || given === '') return 50;
  const rounds = Number(given);
  if (!Number.isInteger(rounds) || rounds < 1) {
    throw new Error(`RACE_ROUNDS must be a whole number from 1, not ${given}.`);
  }
  return rounds;
}
