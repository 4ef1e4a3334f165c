import type { Finding } from '../finding.ts';

/** `file:line:column`, or empty for a finding without a place in the source. */
export const placeText = ({ location }: Pick<Finding, 'location'>): string =>
  location ? `${location.file}:${location.line}:${location.column}` : '';

export const sentence = ({ object, message }: Pick<Finding, 'object' | 'message'>): string =>
  `${object}: ${message}`;
