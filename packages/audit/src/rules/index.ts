import { booleanNullable } from './boolean-nullable.ts';
import { cascadeCycle } from './cascade-cycle.ts';
import { constraintValidated } from './constraint-validated.ts';
import { defaultNullable } from './default-nullable.ts';
import { enumByData } from './enum-by-data.ts';
import { enumFixedSet } from './enum-fixed-set.ts';
import { foreignKeyIndex } from './foreign-key-index.ts';
import { foreignKeyOnDelete } from './foreign-key-on-delete.ts';
import { foreignKeySetNull } from './foreign-key-set-null.ts';
import { foreignKeyTarget } from './foreign-key-target.ts';
import { foreignKeyType } from './foreign-key-type.ts';
import { indexDuplicate } from './index-duplicate.ts';
import { indexInvalid } from './index-invalid.ts';
import { indexUnused } from './index-unused.ts';
import { indexWriteHeavy } from './index-write-heavy.ts';
import { jsonFiltered } from './json-filtered.ts';
import { jsonPlain } from './json-plain.ts';
import { jsonTyped } from './json-typed.ts';
import { keyGenerator } from './key-generator.ts';
import { moneyFloat } from './money-float.ts';
import { nameBooleans } from './name-booleans.ts';
import { nameCase } from './name-case.ts';
import { nameConstraints } from './name-constraints.ts';
import { nameForeignKeys } from './name-foreign-keys.ts';
import { nameJunctions } from './name-junctions.ts';
import { nameTables } from './name-tables.ts';
import { nameTimes } from './name-times.ts';
import { noSerial } from './no-serial.ts';
import { planRules } from './plan-rules.ts';
import { policyClauses } from './policy-clauses.ts';
import { policyOnce } from './policy-once.ts';
import { primaryKey } from './primary-key.ts';
import { queryLoop } from './query-loop.ts';
import { queryOffset } from './query-offset.ts';
import { queryRaw } from './query-raw.ts';
import { queryScope } from './query-scope.ts';
import { queryTransaction } from './query-transaction.ts';
import { queryUnbounded } from './query-unbounded.ts';
import { queryWideSelect } from './query-wide-select.ts';
import { relationAgrees } from './relation-agrees.ts';
import { relationBothEnds } from './relation-both-ends.ts';
import { roleBypass } from './role-bypass.ts';
import { rowSecurity } from './row-security.ts';
import { rowTimes } from './row-times.ts';
import { rowTimesSet } from './row-times-set.ts';
import type { Rule } from './rule.ts';
import { secretSampled } from './secret-sampled.ts';
import { secretSealed } from './secret-sealed.ts';
import { sequenceExhaustion } from './sequence-exhaustion.ts';
import { softDeleteTime } from './soft-delete-time.ts';
import { softDeleteUnique } from './soft-delete-unique.ts';
import { softReference } from './soft-reference.ts';
import { statisticsStale } from './statistics-stale.ts';
import { statisticsTarget } from './statistics-target.ts';
import { tableBloat } from './table-bloat.ts';
import { tenantScope } from './tenant-scope.ts';
import { timestampPrecision } from './timestamp-precision.ts';
import { timestampZone } from './timestamp-zone.ts';
import { updatedAt } from './updated-at.ts';
import { varcharBounds } from './varchar-bounds.ts';
import { zodSchemas } from './zod-schemas.ts';

/** Every rule, in the order of a report. */
export const rules: readonly Rule[] = [
  primaryKey,
  keyGenerator,
  noSerial,
  rowTimes,
  rowTimesSet,
  updatedAt,
  timestampZone,
  timestampPrecision,
  foreignKeyOnDelete,
  foreignKeyIndex,
  foreignKeyType,
  foreignKeyTarget,
  foreignKeySetNull,
  cascadeCycle,
  softReference,
  relationAgrees,
  relationBothEnds,
  indexDuplicate,
  enumFixedSet,
  enumByData,
  jsonTyped,
  jsonPlain,
  jsonFiltered,
  varcharBounds,
  booleanNullable,
  defaultNullable,
  moneyFloat,
  softDeleteTime,
  softDeleteUnique,
  tenantScope,
  queryScope,
  rowSecurity,
  policyClauses,
  policyOnce,
  roleBypass,
  secretSealed,
  secretSampled,
  nameTables,
  nameBooleans,
  nameTimes,
  nameForeignKeys,
  nameJunctions,
  nameCase,
  nameConstraints,
  zodSchemas,
  queryWideSelect,
  queryUnbounded,
  queryTransaction,
  queryLoop,
  queryOffset,
  queryRaw,
  indexInvalid,
  indexUnused,
  indexWriteHeavy,
  sequenceExhaustion,
  tableBloat,
  statisticsStale,
  statisticsTarget,
  constraintValidated,
  ...planRules,
];
