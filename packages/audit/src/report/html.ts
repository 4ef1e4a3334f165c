import { type Finding, openFindings, type Report } from '../finding.ts';
import { rules } from '../rules/index.ts';
import { placeText } from './place.ts';
import { summaryOf } from './table.ts';

const escapeHtml = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');

const STYLE = `
  :root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
  body { max-width: 68rem; margin: 2rem auto; padding: 0 1rem; }
  table { border-collapse: collapse; width: 100%; margin: 1rem 0; }
  th, td { text-align: left; padding: .3rem .6rem; border-bottom: 1px solid #8884; vertical-align: top; }
  td.number { text-align: right; font-variant-numeric: tabular-nums; }
  code, pre { font: 13px/1.45 ui-monospace, monospace; }
  pre { margin: .3rem 0; padding: .5rem; background: #8881; overflow-x: auto; white-space: pre-wrap; }
  .error, .fail-error { color: #c0392b; } .warning, .fail-warning { color: #b9770e; } .info, .fail-info { color: #2471a3; } .pass { color: #1e8449; }
  .why { opacity: .8; } .place { opacity: .75; }
`;

const findingRow = (finding: Finding): string => `<tr>
<td><code>${escapeHtml(finding.object)}</code><br><span class="place"><code>${escapeHtml(placeText(finding))}</code></span></td>
<td>${escapeHtml(finding.message)}${finding.fix ? `<pre>${escapeHtml(finding.fix.code)}</pre>` : ''}${finding.waived === undefined ? '' : `<br><em>Waived: ${escapeHtml(finding.waived)}</em>`}</td></tr>`;

const section = (rule: string, findings: readonly Finding[]): string => {
  const said = rules.find(({ id }) => id === rule);
  return `<h3 id="${escapeHtml(rule)}"><span class="${findings[0]?.severity ?? 'info'}">${escapeHtml(findings[0]?.severity ?? '')}</span> ${escapeHtml(rule)}</h3>
<p><strong>${escapeHtml(said?.title ?? '')}.</strong> <span class="why">${escapeHtml(said?.why ?? '')}</span></p>
<table>${findings.map(findingRow).join('\n')}</table>`;
};

const grouped = (findings: readonly Finding[]): string => {
  const byRule = new Map<string, Finding[]>();
  for (const finding of findings)
    byRule.set(finding.rule, [...(byRule.get(finding.rule) ?? []), finding]);
  return [...byRule].map(([rule, own]) => section(rule, own)).join('\n');
};

const reportBody = (report: Report): string => {
  const open = openFindings(report);
  const waived = report.findings.filter((finding) => finding.waived !== undefined);
  const number = (value: number) => `<td class="number">${value || ''}</td>`;
  return `<h1>${escapeHtml(report.project)}</h1>
<p>${escapeHtml(summaryOf(report))}</p>
<table><thead><tr><th>rule</th><th>what should be so</th><th>result</th><th>open</th><th>waived</th><th>known</th></tr></thead><tbody>
${report.rules
  .map(
    (rule) =>
      `<tr><td><code>${rule.open + rule.waived > 0 ? `<a href="#${escapeHtml(rule.id)}">${escapeHtml(rule.id)}</a>` : escapeHtml(rule.id)}</code></td><td>${escapeHtml(rule.title)}</td><td class="${rule.state === 'fail' ? `fail-${rule.severity}` : rule.state}">${rule.state === 'not run' ? `needs ${rule.needs}` : rule.state}</td>${number(rule.open)}${number(rule.waived)}${number(rule.known)}</tr>`,
  )
  .join('\n')}
</tbody></table>
${open.length > 0 ? `<h2>Open</h2>${grouped(open)}` : ''}
${waived.length > 0 ? `<h2>Waived</h2>${grouped(waived)}` : ''}
${report.notes.length > 0 ? `<h2>Notes</h2><ul>${report.notes.map((note) => `<li>${escapeHtml(note)}</li>`).join('')}</ul>` : ''}`;
};

/** One self-contained page. */
export const asHtml = (reports: readonly Report[]): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Schema audit</title><style>${STYLE}</style></head><body>
${reports.map(reportBody).join('\n<hr>\n')}
</body></html>`;
