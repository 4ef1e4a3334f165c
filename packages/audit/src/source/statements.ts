import {
  bare,
  calleeOf,
  type Node,
  nameOf,
  nodeAt,
  nodesAt,
  type SourceFile,
  walk,
} from './parse.ts';

/** One statement that a module sends, from the handle to the last call of its chain. */
export interface Sent {
  readonly file: SourceFile;
  /** The outermost call of the chain. */
  readonly node: Node;
  /** The object at the start of the chain: `db`, `tx`, `this.db`. */
  readonly handle: string;
  readonly calls: readonly { readonly name: string; readonly call: Node }[];
  /** The name and node of its function. */
  readonly within: { readonly name: string; readonly node: Node } | undefined;
  readonly parents: readonly Node[];
}

const FIRST =
  /^(select|selectDistinct|selectDistinctOn|insert|update|delete|findMany|findFirst|execute|\$count)$/;
const HANDLE =
  /(^|\.)(db|database|tx|trx|transaction|conn|connection|client|drizzle|orm|executor|pg|dbClient|session)$/i;

const textOfHandle = (file: SourceFile, node: Node | undefined): string =>
  node ? file.text.slice(node.start, node.end).replace(/\s+/g, '') : '';

/** The calls of a chain, and the expression at its start. */
const chain = (outer: Node): { calls: { name: string; call: Node }[]; root: Node | undefined } => {
  const calls: { name: string; call: Node }[] = [];
  let current: Node | undefined = outer;
  while (current?.type === 'CallExpression') {
    const callee: Node | undefined = bare(nodeAt(current, 'callee'));
    const name = calleeOf(current);
    if (callee?.type !== 'MemberExpression' || name === undefined) break;
    calls.unshift({ name, call: current });
    current = bare(nodeAt(callee, 'object'));
  }
  return { calls, root: current };
};

const isFunction = ({ type }: Node): boolean =>
  /^(FunctionDeclaration|FunctionExpression|ArrowFunctionExpression)$/.test(type);

/** The name of a function, its own or that of its variable. */
const functionName = (node: Node, parent: Node | undefined): string | undefined =>
  nameOf(nodeAt(node, 'id')) ??
  (parent && /^(VariableDeclarator|Property|MethodDefinition|PropertyDefinition)$/.test(parent.type)
    ? nameOf(nodeAt(parent, 'id') ?? nodeAt(parent, 'key'))
    : undefined);

const enclosing = (parents: readonly Node[]): Sent['within'] => {
  for (let place = parents.length - 1; place >= 0; place -= 1) {
    const node = parents[place];
    if (!node || !isFunction(node)) continue;
    const name = functionName(node, parents[place - 1]);
    if (name !== undefined) return { name, node };
  }
  // A procedure or a handler is an argument of a call: `create: procedure.mutation(async () => …)`.
  const place = parents.findIndex(isFunction);
  const node = parents[place];
  const holder = parents
    .slice(0, Math.max(place, 0))
    .findLast(({ type }) => /^(VariableDeclarator|Property|PropertyDefinition)$/.test(type));
  const name = nameOf(nodeAt(holder, 'id') ?? nodeAt(holder, 'key'));
  return node && name !== undefined ? { name, node } : undefined;
};

const remembered = new WeakMap<SourceFile, Sent[]>();

/** Every statement built with Drizzle in a file, in the order of the source. */
export const statementsOf = (file: SourceFile): Sent[] => {
  const known = remembered.get(file);
  if (known) return known;
  const found: Sent[] = [];
  const inner = new Set<Node>();
  walk(file.program, (node, parents) => {
    if (node.type !== 'CallExpression' || inner.has(node)) return;
    const { calls, root } = chain(node);
    for (const { call } of calls) inner.add(call);
    const start = calls.findIndex(({ name }) => FIRST.test(name));
    if (start === -1) return;
    const before =
      start === 0 ? root : bare(nodeAt(bare(nodeAt(calls[start]?.call, 'callee')), 'object'));
    const text = textOfHandle(file, before);
    // In db.query.users.findMany the handle is three steps further up.
    const handle = text.replace(/\.(query|_query)\.\w+$/, '').replace(/\.with\(.*$/, '');
    if (!HANDLE.test(handle)) return;
    found.push({
      file,
      node,
      handle,
      calls: calls.slice(start),
      within: enclosing(parents),
      parents: [...parents],
    });
  });
  remembered.set(file, found);
  return found;
};

export const callNamed = (sent: Sent, name: string): Node | undefined =>
  sent.calls.find((call) => call.name === name)?.call;

/** `module.function` for a report: the file's name without its folders and endings. */
export const ownerOf = ({ file, within }: Pick<Sent, 'file' | 'within'>): string => {
  const name =
    file.path
      .split('/')
      .at(-1)
      ?.replace(/\.[mc]?[jt]sx?$/, '') ?? file.path;
  return within ? `${name}.${within.name}` : name;
};

/** The table name in a statement's `from`, `insert`, `update` or `delete`. */
export const tableKeyOf = (sent: Sent): string | undefined => {
  const call = callNamed(sent, 'from') ?? sent.calls[0]?.call;
  const [first] = nodesAt(call, 'arguments');
  return nameOf(bare(first));
};
