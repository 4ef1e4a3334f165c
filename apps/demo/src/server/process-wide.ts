/** A value that all copies of a module in this process share. */
export function processWide<T extends object>(name: string, make: () => T): T {
  const key = Symbol.for(name);
  const present: unknown = Reflect.get(globalThis, key);
  if (present !== undefined) return present as T;
  const made = make();
  Reflect.set(globalThis, key, made);
  return made;
}
