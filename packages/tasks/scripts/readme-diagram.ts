import { entityDiagram, replaceSection } from '@reference/entity-diagram';
import * as schema from '../src/schema/index.ts';

/** The README with its entity diagram as the schema is now. */
export const withDiagram = (readme: string): string =>
  replaceSection(
    readme,
    'entity diagram',
    `\`\`\`mermaid\n${entityDiagram(schema, { omit: ['created_at', 'updated_at'] })}\n\`\`\``,
  );
