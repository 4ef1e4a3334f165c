import type { Report } from '../finding.ts';
import { asHtml } from './html.ts';
import { asEditor, asGithub } from './lines.ts';
import { asSarif } from './sarif.ts';
import { asTable } from './table.ts';

export const FORMATS = ['table', 'json', 'sarif', 'github', 'html', 'editor'] as const;
export type Format = (typeof FORMATS)[number];

export const isFormat = (text: string): text is Format => FORMATS.some((format) => format === text);

/** A report as text. */
export const formatReport = (report: Report, format: Format): string => {
  switch (format) {
    case 'json':
      return JSON.stringify(report, undefined, 2);
    case 'sarif':
      return asSarif([report]);
    case 'html':
      return asHtml([report]);
    case 'github':
      return asGithub(report);
    case 'editor':
      return asEditor(report);
    default:
      return asTable(report);
  }
};
