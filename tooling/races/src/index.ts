export { type Later, type Overlap, overlap, waitingSessionsQuery } from './overlap.ts';
export { type Outcome, type Race, type RaceReport, race, raceRounds } from './race.ts';
