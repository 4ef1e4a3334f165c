export { type Outcome, type Race, type RaceReport, race, raceRounds } from './race.ts';
