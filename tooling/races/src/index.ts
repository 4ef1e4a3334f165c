export type { Outcome } from './outcome.ts';
export { type Race, type RaceReport, race } from './race.ts';
export { raceRounds } from './rounds.ts';
