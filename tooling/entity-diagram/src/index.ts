export { type EntitiesPage, entitiesPage } from './entities-page.ts';
