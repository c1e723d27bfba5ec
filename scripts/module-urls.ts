import { dirname, relative } from 'node:path'
import type { Plugin } from 'rolldown'

const MARK = '__ownModuleUrl'

/**
 * Keeps `import.meta.url` what it would be without bundling (dist/src/daemon/start-daemon.js, not dist/chunks/daemon.js), so
 * that code finds programs and files of ours beside itself, from source and from dist alike.
 */
export function moduleUrls(root: string): Plugin {
  return {
    name: 'module-urls',
    transform(code, id) {
      const path = relative(root, id)
      if (!/^(src|commands)\//.test(path) || !code.includes('import.meta.url')) return null
      return code.replaceAll('import.meta.url', `${MARK}(${JSON.stringify(path.replace(/\.ts$/, '.js'))})`)
    },
    renderChunk(code, chunk) {
      if (!code.includes(MARK)) return null
      return code.replaceAll(new RegExp(`${MARK}\\("([^"]*)"\\)`, 'g'), (_, path: string) => {
        const own = relative(dirname(chunk.fileName), path)
        return `new URL(${JSON.stringify(own.startsWith('.') ? own : `./${own}`)}, import.meta.url).href`
      })
    },
  }
}
