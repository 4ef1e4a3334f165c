export { knownProviders } from './providers.ts';
export { seedSamples } from './samples/seed-samples.ts';
