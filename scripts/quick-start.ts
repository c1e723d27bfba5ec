import { createRequire, isBuiltin } from 'node:module'
import type { Plugin } from 'rolldown'

const require = createRequire(import.meta.url)
const PREFIX = '\0builtin:'

/**
 * Node makes a namespace for each built-in module that an ES module imports, and reads every export for it; that wakes lazy
 * parts (TextDecoder, web crypto). Here only what is used is read: a millisecond or two each.
 */
export function lazyBuiltins(): Plugin {
  return {
    name: 'lazy-builtins',
    resolveId(source, _importer, { kind }) {
      return kind === 'import-statement' && isBuiltin(source) ? `${PREFIX}${source}` : null
    },
    load(id) {
      if (!id.startsWith(PREFIX)) return null
      const name = id.slice(PREFIX.length)
      const names = Object.keys(require(name)).filter(key => /^[A-Za-z]\w*$/.test(key) && key !== 'default')
      const code = [
        `const builtin = process.getBuiltinModule(${JSON.stringify(name)})`,
        'export default builtin',
        ...names.map(
          key => `const own_${key} = /* @__PURE__ */ (() => builtin.${key})()\nexport { own_${key} as ${key} }`,
        ),
      ]
      return { code: code.join('\n'), moduleSideEffects: false }
    },
  }
}

/**
 * oclif sorts commands with localeCompare, whose first call loads the rules of every language: 6 ms of each start. Names of
 * commands are plain ASCII.
 */
export function plainSorting(): Plugin {
  return {
    name: 'plain-sorting',
    transform(code, id) {
      if (!id.includes('/@oclif/core/') || !code.includes('.localeCompare(')) return null
      return code.replaceAll(/\b([\w.]+)\.localeCompare\(([\w.]+)\)/g, '($1 < $2 ? -1 : $1 > $2 ? 1 : 0)')
    },
  }
}

/** oclif asks at each start whether this Linux is one inside Windows, with four files and three looks at the disk. */
export function plainLinux(): Plugin {
  const id = '\0wsl-utils'
  return {
    name: 'plain-linux',
    resolveId: source => (source === 'wsl-utils' ? id : null),
    load: loaded => (loaded === id ? 'export const isWsl = false' : null),
  }
}
