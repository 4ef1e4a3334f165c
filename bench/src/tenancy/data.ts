import { tenantIdOf } from '@reference/tenancy';

const dimensions = 1536;

/** One tenant of a data set. */
export interface BenchTenant {
  readonly id: string;
  readonly slug: string;
  readonly chunks: number;
}

/** `own`: each tenant writes about topics of its own. `shared`: all write about the same ones. */
export type Topics = 'own' | 'shared';

/** Skewed as tenants are: one has nearly a quarter of all chunks, most a few hundred in 100,000. */
export function tenantsOf(count: number, chunks: number): BenchTenant[] {
  const weights = Array.from({ length: count }, (_, rank) => 1 / (rank + 1.2) ** 1.05);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight, rank) => {
    const slug = `bench-${rank}`;
    return {
      id: tenantIdOf(slug),
      slug,
      chunks: Math.max(20, Math.round((weight / total) * chunks)),
    };
  });
}

/** Vectors in clusters, as texts on topics give them; the same for the same seed. */
export class Vectors {
  readonly #random: () => number;
  readonly #shared: Float64Array[];
  readonly #own = new Map<string, Float64Array[]>();
  readonly #topics: Topics;

  constructor(topics: Topics, seed = 42) {
    this.#topics = topics;
    this.#random = mulberry32(seed);
    this.#shared = Array.from({ length: 200 }, () => this.#gaussian());
  }

  /** A unit vector near one of the tenant's topics. */
  next({ id }: BenchTenant): number[] {
    const centres = this.#centresOf(id);
    const centre = centres[Math.floor(this.#random() * centres.length)] ?? this.#gaussian();
    const noise = this.#gaussian();
    const vector = Array.from(centre, (value, index) => value + 0.8 * (noise[index] ?? 0));
    const length = Math.hypot(...vector);
    return vector.map((value) => value / length);
  }

  #centresOf(id: string): Float64Array[] {
    if (this.#topics === 'shared') return this.#shared;
    const known = this.#own.get(id);
    if (known) return known;
    const made = Array.from({ length: 12 }, () => this.#gaussian());
    this.#own.set(id, made);
    return made;
  }

  #gaussian(): Float64Array {
    const values = new Float64Array(dimensions);
    for (let index = 0; index < dimensions; index += 2) {
      const radius = Math.sqrt(-2 * Math.log(1 - this.#random()));
      const angle = 2 * Math.PI * this.#random();
      values[index] = radius * Math.cos(angle);
      values[index + 1] = radius * Math.sin(angle);
    }
    return values;
  }
}

/** A small generator with a seed. */
function mulberry32(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const literal = (vector: readonly number[]): string =>
  `[${vector.map((value) => value.toPrecision(6)).join(',')}]`;
