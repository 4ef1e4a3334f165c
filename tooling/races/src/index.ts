export { countWaiting, type Later, type Overlap, overlap } from './overlap.ts';
export { type Outcome, type Race, type RaceReport, race, raceRounds } from './race.ts';
