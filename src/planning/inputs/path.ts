type Node = Record<string, unknown>

/** What stands at a path such as `storage.retention`; undefined where there is nothing. */
export function valueAt(object: unknown, path: string): unknown {
  let value = object
  for (const part of path.split('.')) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, part)) return undefined
    value = (value as Node)[part]
  }
  return value
}

/** Puts a value at a path; objects on the way are made. */
export function putAt(object: Node, path: string, value: unknown): void {
  const parts = path.split('.')
  let node = object
  for (const part of parts.slice(0, -1)) {
    node[part] ??= {}
    node = node[part] as Node
  }
  node[parts.at(-1)!] = value
}
