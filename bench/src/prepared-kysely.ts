import type { Compilable, Kysely } from 'kysely';
import pg from 'pg';

/** A client of `pg` that sends each text as a named statement, which the server prepares once. */
export class NamingClient extends pg.Client {
  readonly #names = new Map<string, string>();

  // Typed as the parent's overloads; Kysely's dialect calls it with a text and values.
  override query: pg.Client['query'] = (...args: unknown[]) => {
    const [text, values] = args;
    const call =
      typeof text === 'string' && Array.isArray(values)
        ? [{ name: this.#nameOf(text), text, values }]
        : args;
    return Reflect.apply(super.query, this, call);
  };

  #nameOf(text: string): string {
    const name = this.#names.get(text) ?? `kysely_${this.#names.size}`;
    this.#names.set(text, name);
    return name;
  }
}

/**
 * Compiles a Kysely query once; a call only fills in its parameters. Kysely has no placeholders, so the
 * query is built with marks, which are found again among its parameters.
 */
export function compiledOnce<N extends string, R, T>(
  kysely: Kysely<T>,
  names: readonly N[],
  build: (params: Record<N, string>) => Compilable<R>,
): (params: Record<N, string>) => Promise<R[]> {
  const markOf = (name: string) => `mark of ${name}`;
  const marks = Object.fromEntries(names.map((name) => [name, markOf(name)]));
  const query = build(marks as Record<N, string>).compile();
  const slots = query.parameters.map((value) => names.find((name) => markOf(name) === value));
  return async (params) => {
    const parameters = query.parameters.map((value, index) => {
      const name = slots[index];
      return name === undefined ? value : params[name];
    });
    return (await kysely.executeQuery<R>({ ...query, parameters })).rows;
  };
}
