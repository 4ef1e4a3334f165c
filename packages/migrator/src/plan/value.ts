import { usage } from '../errors.ts';
import { isNode, walk } from '../review/ast.ts';
import { parseNodes } from '../review/statements.ts';

/** The one expression of a text, or undefined if it is anything else. */
const expressionOf = (text: string) => {
  // In brackets, a comment at its end or a second statement is an error.
  if (typeof parseNodes(`select (${text})`) === 'string') return undefined;
  const nodes = parseNodes(`select ${text}`);
  if (typeof nodes === 'string' || nodes.length !== 1) return undefined;
  const [node] = nodes;
  if (!node || !('SelectStmt' in node)) return undefined;
  const { targetList = [], ...rest } = node.SelectStmt;
  const [target] = targetList;
  const isPlain = Object.keys(rest).every((key) => ['limitOption', 'op'].includes(key));
  return isPlain && targetList.length === 1 && target && 'ResTarget' in target
    ? target.ResTarget.val
    : undefined;
};

/**
 * Reads the value of a new column. Needs `loadParser`.
 *
 * @returns true if it can be a DEFAULT, which allows neither a subquery nor another column
 * @throws MigratorError `usage` if it is no single SQL expression, or null
 */
export const isDefaultValue = (value: string): boolean => {
  const expression = expressionOf(value);
  if (!expression)
    throw usage(
      `--value ${value}: write one SQL expression, text in quotes and a subquery in brackets: "'free'", "now()", "(select …)"`,
    );
  if ('A_Const' in expression && expression.A_Const.isnull)
    throw usage('--value null: the column would be NOT NULL without a value to hold');
  let isDefault = true;
  walk(expression, ({ tag }) => {
    if (tag === 'SubLink' || tag === 'ColumnRef') isDefault = false;
    return true;
  });
  return isDefault;
};

/**
 * Needs `loadParser`.
 *
 * @throws MigratorError `usage` if a text is anything but a type with an optional collation
 */
export const requireType = (type: string): void => {
  const nodes = parseNodes(`create table t (c ${type}\n)`);
  const [node] = nodes;
  const parts =
    typeof node === 'object' && nodes.length === 1 && 'CreateStmt' in node
      ? (node.CreateStmt.tableElts ?? [])
      : [];
  const [column] = parts;
  const definition = column && 'ColumnDef' in column ? column.ColumnDef : undefined;
  if (parts.length !== 1 || !definition?.typeName || (definition.constraints ?? []).some(isNode))
    throw usage(
      `${type}: write the type alone; the steps make the column NOT NULL and give it its default`,
    );
  if (/^\s*(small|big)?serial/i.test(type))
    throw usage(
      `${type} is an integer with a sequence of its own: write the integer type, and make the sequence in a migration before`,
    );
};

const LONGEST_NAME = 63;

/** @throws MigratorError `usage` for an empty name, or one that the server would cut */
export const requireName = (name: string): void => {
  if (name === '' || Buffer.byteLength(name) > LONGEST_NAME)
    throw usage(`"${name}": a name has 1 to ${LONGEST_NAME} bytes`);
};
