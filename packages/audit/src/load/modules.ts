import { pathToFileURL } from 'node:url';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';
import { isObject } from '../model/entity.ts';
import { tolerateMissingModules } from './missing-modules.ts';
import { NAMESPACE } from './missing-requires.ts';

interface Loader {
  import(path: string): Promise<Record<string, unknown>>;
  /** Missing imports, read as meaningless objects. */
  readonly missing: ReadonlySet<string>;
}

/** The most milliseconds of a module; one that waits for a server is then left out. */
const PATIENCE_MS = 30_000;

/**
 * A result within a time.
 * @throws if it is late; a later result is ignored
 */
export const within = async <T>(loading: Promise<T>, milliseconds: number): Promise<T> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(
      () => reject(new Error(`it was still loading after ${milliseconds / 1000} s`)),
      milliseconds,
    );
  });
  try {
    return await Promise.race([loading, late]);
  } finally {
    clearTimeout(timer);
  }
};

let loader: Loader | undefined;

/** One cache of modules for the process, so that a table that two files export is one object. */
export const moduleLoader = (): Loader => {
  if (loader) return loader;
  const namespace = NAMESPACE;
  registerCommonJs({ namespace });
  const typescript = register({ namespace });
  const missing = tolerateMissingModules();
  // The conventional variable by which projects skip the check of their environment in tools.
  process.env.SKIP_ENV_VALIDATION ??= '1';
  loader = {
    missing,
    import: async (path) => {
      const loading = typescript.import(pathToFileURL(path).href, import.meta.url);
      const loaded: unknown = await within(loading, PATIENCE_MS);
      if (!isObject(loaded)) return {};
      // A CommonJS file's exports are in its default too, some only there.
      const inner = loaded.default;
      return isObject(inner) && inner.__esModule === true ? { ...loaded, ...inner } : { ...loaded };
    },
  };
  return loader;
};

/** A module's default export, also if an interop layer wrapped it again. */
export const defaultOf = (module: Record<string, unknown>): Record<string, unknown> => {
  const first = module.default;
  if (!isObject(first)) return module;
  return isObject(first.default) ? { ...first.default } : { ...first };
};
