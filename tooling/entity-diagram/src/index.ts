export { type DiagramOptions, entityDiagram } from './entity-diagram.ts';
export { replaceSection } from './replace-section.ts';
