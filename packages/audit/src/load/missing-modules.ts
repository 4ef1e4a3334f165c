import { register } from 'node:module';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { MessageChannel } from 'node:worker_threads';
import { isObject } from '../model/entity.ts';
import { tolerateMissingRequires } from './missing-requires.ts';
import { aliasedFile } from './path-aliases.ts';

// A text, because it runs in Node's thread for module hooks, which has no TypeScript. An import
// that is not installed becomes a meaningless object that can be called, read and spread, because
// an id generator, an environment check or a framework's type must not prevent the reading of a
// schema.
const HOOKS = `
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
let port, fallback, asked = 0;
const waiting = new Map();
export const initialize = (data) => {
  port = data.port; fallback = data.fallback;
  port.on('message', ({ answer, url }) => { waiting.get(answer)(url); waiting.delete(answer); });
  port.unref();
};
const aliased = (specifier, parent) => new Promise((resolve) => {
  waiting.set(++asked, resolve);
  port.postMessage({ ask: asked, specifier, parent });
});
const missing = (error) => error && (error.code === 'ERR_MODULE_NOT_FOUND' || error.code === 'ERR_PACKAGE_PATH_NOT_EXPORTED' || error.code === 'MODULE_NOT_FOUND' || error.code === 'ERR_PACKAGE_IMPORT_NOT_DEFINED');
export const resolve = async (specifier, context, next) => {
  try { return await next(specifier, context); } catch (error) {
    if (!missing(error) || specifier.includes('drizzle.config')) throw error;
    if (/^drizzle-orm(\\/|$)/.test(specifier)) return next(specifier, { ...context, parentURL: fallback });
    const url = context.parentURL?.startsWith('file:') ? await aliased(specifier.split('?')[0], context.parentURL.split('?')[0]) : undefined;
    if (url) return next(url, context);
    port.postMessage(specifier.split('?')[0]);
    return { url: 'audit-missing:' + encodeURIComponent(JSON.stringify([specifier, context.parentURL ?? ''])), format: 'module', shortCircuit: true };
  }
};
const namesFrom = (specifier, parent) => {
  try {
    const text = readFileSync(fileURLToPath(parent.split('?')[0]), 'utf8');
    const names = new Set();
    const pattern = /(?:import|export)\\s+([^;'"]*?)\\s*from\\s*['"]([^'"]+)['"]/g;
    for (const [, clause, from] of text.matchAll(pattern)) {
      if (from !== specifier.split('?')[0]) continue;
      const braces = /\\{([^}]*)\\}/.exec(clause);
      for (const part of braces ? braces[1].split(',') : []) {
        const name = part.trim().replace(/^type\\s+/, '').split(/\\s+as\\s+/)[0].trim();
        if (/^[A-Za-z_$][\\w$]*$/.test(name) && name !== 'default') names.add(name);
      }
    }
    return [...names];
  } catch { return []; }
};
export const load = async (url, context, next) => {
  if (!url.startsWith('audit-missing:')) return next(url, context);
  const [specifier, parent] = JSON.parse(decodeURIComponent(url.slice('audit-missing:'.length)));
  const source = 'const nothing = new Proxy(function () {}, { get: (target, key) => key === "then" ? undefined : key === Symbol.toPrimitive ? () => "" : key === Symbol.iterator ? function* () {} : key === "prototype" ? target.prototype : nothing, apply: () => nothing, construct: () => nothing });\\nexport default nothing;\\n' +
    namesFrom(specifier, parent).map((name, at) => 'const n' + at + ' = nothing; export { n' + at + ' as ' + name + ' };').join('\\n');
  return { format: 'module', source, shortCircuit: true };
};
`;

let missing: Set<string> | undefined;

/**
 * From now on a missing import gives a meaningless object. Call it after tsx is registered.
 *
 * @returns the missing imports, filled while modules load
 */
export const tolerateMissingModules = (): ReadonlySet<string> => {
  if (missing) return missing;
  const found = new Set<string>();
  missing = found;
  tolerateMissingRequires(found);
  const { port1, port2 } = new MessageChannel();
  port1.on('message', (message: unknown) => {
    if (!isObject(message)) return void found.add(String(message));
    const file = aliasedFile(String(message.specifier), fileURLToPath(String(message.parent)));
    port1.postMessage({
      answer: message.ask,
      url: file === undefined ? undefined : pathToFileURL(file).href,
    });
  });
  port1.unref();
  register(`data:text/javascript,${encodeURIComponent(HOOKS)}`, {
    parentURL: import.meta.url,
    data: { port: port2, fallback: import.meta.url },
    transferList: [port2],
  });
  return found;
};
