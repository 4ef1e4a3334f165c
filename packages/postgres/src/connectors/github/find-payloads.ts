import { type RepositoryContext, repositoryContext } from './payloads.ts';

/** The kind of a document's part. */
export type PayloadKind =
  | 'repository'
  | 'pull_request'
  | 'issue'
  | 'commit'
  | 'git_commit'
  | 'push_commit';

/** A part of a document with its path: `/0/examples/3/pull_request`. */
export interface FoundPayload {
  readonly kind: PayloadKind;
  readonly path: string;
  readonly value: unknown;
  readonly context: RepositoryContext | undefined;
}

type JsonObject = Readonly<Record<string, unknown>>;

/**
 * Finds every repository, pull request, issue and commit in a document: a REST answer or a list of
 * them, a search result, a webhook delivery, a recording of exchanges. It does not search a found
 * object again, because a pull request's copy of its repository is part of the pull request.
 */
export function* findPayloads(
  value: unknown,
  path = '',
  context?: RepositoryContext,
): Generator<FoundPayload> {
  if (Array.isArray(value)) {
    for (const [index, item] of value.entries())
      yield* findPayloads(item, `${path}/${index}`, context);
    return;
  }
  if (!isObject(value)) return;
  const kind = kindOf(value);
  if (kind) {
    yield { kind, path, value, context };
    return;
  }
  // An event names the repository of its other parts.
  const inner = contextOf(value.repository) ?? context;
  for (const [key, part] of Object.entries(value)) {
    const partPath = `${path}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`;
    const expected = expectedKind(key, value);
    if (expected && isObject(part) && !kindOf(part)) {
      yield { kind: expected, path: partPath, value: part, context: inner };
    } else {
      yield* findPayloads(part, partPath, inner);
    }
  }
}

/** By shape, loosely, so that an object that looks like one and is incomplete gets reported. */
function kindOf(value: JsonObject): PayloadKind | undefined {
  if (isObject(value.head) && isObject(value.base) && 'number' in value) return 'pull_request';
  if ('number' in value && 'comments_url' in value) return 'issue';
  if ('full_name' in value && 'name' in value) return 'repository';
  if ('sha' in value && isObject(value.commit) && 'message' in value.commit) return 'commit';
  if ('sha' in value && 'tree' in value && 'parents' in value) return 'git_commit';
  if ('tree_id' in value && 'timestamp' in value) return 'push_commit';
  return undefined;
}

/** The value of an event's key, of any shape. */
function expectedKind(key: string, container: JsonObject): PayloadKind | undefined {
  // A comment or a link may also be called an issue; an event has an action or a ref beside it.
  if (typeof container.action !== 'string' && typeof container.ref !== 'string') return undefined;
  if (key === 'pull_request' || key === 'issue' || key === 'repository') return key;
  return key === 'head_commit' ? 'push_commit' : undefined;
}

function contextOf(value: unknown): RepositoryContext | undefined {
  const parsed = repositoryContext.safeParse(value);
  return parsed.success ? parsed.data : undefined;
}

const isObject = (value: unknown): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
