import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { audit } from '../src/audit.ts';
import type { Report } from '../src/finding.ts';

const fixture = (name: string): Promise<Report> =>
  audit({ schema: [fileURLToPath(new URL(`fixtures/${name}.ts`, import.meta.url))] });

/** Errors and warnings, as a reader of the fixture confirms them. */
const graver = ({ findings }: Report): string[] =>
  findings
    .filter(({ severity }) => severity !== 'info')
    .map(({ severity, rule, object }) => `${severity} ${rule} ${object}`)
    .sort();

const placed = ({ findings }: Report): number =>
  findings.filter(({ location }) => location !== undefined && location.line > 1).length;

const NO_RELATIONS: string[] = [
  'error money-float invoice.amount',
  'error primary-key invoice',
  'warning boolean-nullable user.admin',
  'warning enum-fixed-set post.status',
  'warning foreign-key-index post.user_id',
  'warning foreign-key-on-delete post.user_id',
  'warning json-typed post.meta',
  'warning jsonb post.meta',
  'warning no-serial comment.id',
  'warning no-serial post.id',
  'warning no-serial user.id',
  'warning row-times invoice',
  'warning row-times-set comment.created_at',
  'warning row-times-set post.created_at',
  'warning row-times-set user.created_at',
  'warning secret-sealed user.password',
  'warning soft-reference comment.post_id',
  'warning timestamp-zone comment.created_at',
  'warning timestamp-zone post.created_at',
  'warning timestamp-zone user.created_at',
];

const NAMESPACES: string[] = [
  'warning foreign-key-index billing.users.auth_user_id',
  'warning index-duplicate billing.invoices.invoices_user_id_idx',
];

const COMPOSITE: string[] = [
  'error foreign-key-set-null customers.tenant_id,parent_id',
  'error relation-agrees orders.customer',
  'warning foreign-key-index customers.tenant_id,parent_id',
];

const SECOND: string[] = [
  'error relation-agrees scoreBoards.club',
  'warning foreign-key-index club_members.person_id',
  'warning foreign-key-index scoreBoards.clubId',
  'warning foreign-key-on-delete scoreBoards.clubId',
];

const HUNDRED: string[] = [
  'error money-float absences.price',
  'error money-float movements.price',
  'error money-float queues.price',
  'error money-float sessions.price',
  'warning boolean-nullable brands.is_active',
  'warning boolean-nullable contracts.is_active',
  'warning boolean-nullable drafts.is_active',
  'warning boolean-nullable invoice_lines.is_active',
  'warning boolean-nullable tickets.is_active',
  'warning boolean-nullable webhook_calls.is_active',
  'warning foreign-key-index authors.post_id',
  'warning foreign-key-index brands.product_id',
  'warning foreign-key-index counts.warehouse_id',
  'warning foreign-key-index salary_bands.employee_id',
  'warning foreign-key-index uploads.asset_id',
  'warning foreign-key-on-delete certificates.employee_id',
  'warning foreign-key-on-delete galleries.asset_id',
  'warning foreign-key-on-delete jobs.user_id',
  'warning foreign-key-on-delete reactions.post_id',
  'warning index-duplicate leads.leads_name_idx',
  'warning json-typed readings.extra',
  'warning json-typed reviews.extra',
  'warning json-typed tax_rates.extra',
  'warning secret-sealed api_keys.api_key',
  'warning soft-delete-unique escalations.escalations_name_key',
  'warning soft-delete-unique invoice_lines.invoice_lines_name_key',
  'warning soft-delete-unique roles.roles_name_key',
  'warning soft-delete-unique stages.stages_name_key',
  'warning timestamp-zone agents.seen_at',
  'warning timestamp-zone deliveries.seen_at',
  'warning timestamp-zone jobs.seen_at',
  'warning timestamp-zone trainings.seen_at',
];

describe('five schemas of very different manner', () => {
  test('a first project: serial keys, no relations', async () => {
    const report = await fixture('no-relations');
    expect(report.tables).toBe(4);
    expect(graver(report)).toEqual(NO_RELATIONS);
    expect(placed(report)).toBe(report.findings.length);
  });

  test('namespaces, views, one table name in two namespaces', async () => {
    const report = await fixture('namespaces');
    expect(report.tables).toBe(4);
    expect(graver(report)).toEqual(NAMESPACES);
  });

  test('composite keys, partitions, policies, custom types', async () => {
    const report = await fixture('composite-keys');
    expect(report.tables).toBe(4);
    expect(graver(report)).toEqual(COMPOSITE);
  });

  test('Drizzle 1.0 with relations of the second generation', async () => {
    const report = await fixture('generation-two');
    expect(report.tables).toBe(5);
    expect(graver(report)).toEqual(SECOND);
    expect(placed(report)).toBe(report.findings.length);
  });

  test('a hundred tables in one file', async () => {
    const report = await fixture('hundred-tables');
    expect(report.tables).toBe(100);
    expect(graver(report)).toEqual(HUNDRED);
    expect(placed(report)).toBe(report.findings.length);
  });
});
