import { pathToFileURL } from 'node:url';
import { register as registerCommonJs } from 'tsx/cjs/api';
import { register } from 'tsx/esm/api';
import { isObject } from '../model/entity.ts';
import { tolerateMissingModules } from './missing-modules.ts';
import { NAMESPACE } from './missing-requires.ts';

interface Loader {
  import(path: string): Promise<Record<string, unknown>>;
  /** Imports that were not found, and read as an object without meaning. */
  readonly missing: ReadonlySet<string>;
}

/** Milliseconds that a module of a project may take: one that waits for a server is left out after that. */
const PATIENCE_MS = 30_000;

/** A result within a time. @throws when it is not there by then; it may still come, unseen */
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

/** One cache of modules for the process: a table that two files export is then one object. */
export const moduleLoader = (): Loader => {
  if (loader) return loader;
  const namespace = NAMESPACE;
  registerCommonJs({ namespace });
  const typescript = register({ namespace });
  const missing = tolerateMissingModules();
  // The convention by which projects skip the check of their environment in tools.
  process.env.SKIP_ENV_VALIDATION ??= '1';
  loader = {
    missing,
    import: async (path) => {
      const loading = typescript.import(pathToFileURL(path).href, import.meta.url);
      const loaded: unknown = await within(loading, PATIENCE_MS);
      if (!isObject(loaded)) return {};
      // A CommonJS file's exports stand in its default as well, and some of them only there.
      const inner = loaded.default;
      return isObject(inner) && inner.__esModule === true ? { ...loaded, ...inner } : { ...loaded };
    },
  };
  return loader;
};

/** A module's default export, also where an interop layer wrapped it once more. */
export const defaultOf = (module: Record<string, unknown>): Record<string, unknown> => {
  const first = module.default;
  if (!isObject(first)) return module;
  return isObject(first.default) ? { ...first.default } : { ...first };
};
