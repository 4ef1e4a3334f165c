import Module, { createRequire } from 'node:module';
import { isObject } from '../model/entity.ts';
import { aliasedFile } from './path-aliases.ts';

/** The namespace under which tsx is registered, which the files that it loads carry. */
export const NAMESPACE = 'audit';

/** A meaningless object that can be called, read, constructed and spread. */
const nothing: unknown = new Proxy(() => nothing, {
  get: (target, key) => {
    if (key === 'then') return undefined;
    if (key === Symbol.toPrimitive) return () => '';
    if (key === Symbol.iterator) return () => [][Symbol.iterator]();
    return key === 'prototype' ? Reflect.get(target, key) : nothing;
  },
  apply: () => nothing,
  construct: () => Object.create(null),
});

/**
 * The replacement of a missing module. Compilers copy a module's own properties, and this one has
 * none; its prototype gives every name.
 */
const nothingModule = (): object => {
  const names = new Proxy({}, { get: (_, key) => (key === 'then' ? undefined : nothing) });
  return Object.create(names);
};

const isMissing = (error: unknown, request: string): boolean =>
  isObject(error) &&
  (error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' ||
    (error.code === 'MODULE_NOT_FOUND' &&
      String(error.message).includes(`'${request.split('?')[0]}`)));

/** The requiring file. */
const parentOf = (parent: unknown): string =>
  isObject(parent) && typeof parent.filename === 'string'
    ? (parent.filename.split('?')[0] ?? '')
    : '';

/**
 * From now on a `require` of a missing module gives a meaningless one. Projects without `"type":
 * "module"` load their files by it.
 *
 * @param found collects the missing modules
 */
export const tolerateMissingRequires = (found: Set<string>): void => {
  const load: unknown = Reflect.get(Module, '_load');
  // A runtime without it loads everything as modules, or fails with the missing name.
  if (typeof load !== 'function') return;
  const own = createRequire(import.meta.url);
  Reflect.set(Module, '_load', function (this: unknown, request: string, ...rest: unknown[]) {
    try {
      return Reflect.apply(load, this, [request, ...rest]);
    } catch (error) {
      const [bare = ''] = request.split('?');
      if (!isMissing(error, request) || request.includes('drizzle.config')) throw error;
      if (/^drizzle-orm(\/|$)/.test(request)) return own(request);
      const file = aliasedFile(bare, parentOf(rest[0]));
      if (file !== undefined)
        return Reflect.apply(load, this, [`${file}?namespace=${NAMESPACE}`, ...rest]);
      found.add(bare);
      return nothingModule();
    }
  });
};
