import { parseCameraUrl } from '../../config/index.ts'
import { VmsError } from '../../kernel/errors.ts'

/** The URLs of `--camera`, once they can be URLs of cameras. Throws VMS_E_USAGE, which does not quote them. */
export function checkDemoUrls(urls: readonly string[]): readonly string[] {
  for (const [index, url] of urls.entries()) {
    const parsed = parseCameraUrl(url)
    if ('problem' in parsed) {
      const which = urls.length > 1 ? ` number ${index + 1}` : ''
      throw new VmsError('VMS_E_USAGE', `--camera: the URL${which} ${parsed.problem}`, { hint: parsed.hint })
    }
  }
  return urls
}
