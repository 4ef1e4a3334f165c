import type { Constraint, Node } from 'libpg-query';
import { keyOfParts, relationKey, strings } from './ast.ts';
import { constraintColumns, constraintName } from './constraint.ts';

/** The objects that a statement creates or replaces, as `kind:name`, except tables. */
export const createdKeys = (node: Node): string[] => {
  if ('CreatePolicyStmt' in node)
    return [
      `policy:${relationKey(node.CreatePolicyStmt.table)}.${node.CreatePolicyStmt.policy_name}`,
      `policies of:${relationKey(node.CreatePolicyStmt.table)}`,
    ];
  if ('CreateTrigStmt' in node)
    return [`trigger:${relationKey(node.CreateTrigStmt.relation)}.${node.CreateTrigStmt.trigname}`];
  if ('CreateFunctionStmt' in node)
    return [`function:${keyOfParts(strings(node.CreateFunctionStmt.funcname))}`];
  if ('ViewStmt' in node) return [`view:${relationKey(node.ViewStmt.view)}`];
  if ('CreateTableAsStmt' in node && node.CreateTableAsStmt.objtype === 'OBJECT_MATVIEW')
    return [`view:${relationKey(node.CreateTableAsStmt.into?.rel)}`];
  if ('CreateEnumStmt' in node)
    return [`type:${keyOfParts(strings(node.CreateEnumStmt.typeName))}`];
  if ('CompositeTypeStmt' in node) return [`type:${relationKey(node.CompositeTypeStmt.typevar)}`];
  if ('CreateDomainStmt' in node)
    return [`type:${keyOfParts(strings(node.CreateDomainStmt.domainname))}`];
  if ('CreateSeqStmt' in node) return [`sequence:${relationKey(node.CreateSeqStmt.sequence)}`];
  if ('CreateSchemaStmt' in node) return [`schema:${node.CreateSchemaStmt.schemaname ?? ''}`];
  if ('CreateStmt' in node) return [`table:${relationKey(node.CreateStmt.relation)}`];
  if ('IndexStmt' in node) return [`index:${node.IndexStmt.idxname ?? ''}`];
  if ('CreateRoleStmt' in node) return [`role:${node.CreateRoleStmt.role ?? ''}`];
  if ('CreateExtensionStmt' in node) return [`extension:${node.CreateExtensionStmt.extname ?? ''}`];
  if ('AlterTableStmt' in node)
    return (node.AlterTableStmt.cmds ?? []).flatMap((command) => {
      if (!('AlterTableCmd' in command)) return [];
      const { subtype, name, def } = command.AlterTableCmd;
      const key = relationKey('AlterTableStmt' in node ? node.AlterTableStmt.relation : undefined);
      if (subtype === 'AT_AddConstraint' && def && 'Constraint' in def)
        return [
          `constraint:${key}.${constraintName(def.Constraint, key.split('.').at(-1) ?? '')}`,
          ...constraintShape(key, def.Constraint),
        ];
      if (subtype === 'AT_ColumnDefault' && def) return [`default:${key}.${name}`];
      if (subtype === 'AT_EnableTrig' || subtype === 'AT_EnableTrigAll')
        return [`enabled:${key}.${name ?? 'ALL'}`];
      if (subtype === 'AT_EnableRowSecurity') return [`row security:${key}`];
      if (subtype === 'AT_ForceRowSecurity') return [`force:${key}`];
      return [];
    });
  return [];
};

const constraintShape = (key: string, constraint: Constraint): string[] =>
  constraint.contype === 'CONSTR_FOREIGN'
    ? [`foreign key:${key}(${constraintColumns(constraint).join(',')})`]
    : [];
