import { open } from 'node:fs/promises'
import { messageOf, systemCode, VmsError } from '../kernel/errors.ts'
import { formatSize } from '../kernel/units.ts'
import { wholeFileFault } from './faults.ts'

/** 10 000 cameras, each with an entry of its own, are 1.5 MB. */
const LARGEST_FILE = 2_000_000

/**
 * The text of a configuration file; `shown` is its name in messages. A pipe is read to its end. Throws
 * VMS_E_CONFIG_INVALID for one that is too large (by its size, unread), not UTF-8, or not to be read.
 */
export async function readConfigText(path: string, shown: string): Promise<{ text: string; regular: boolean }> {
  try {
    await using file = await open(path, 'r')
    const stat = await file.stat()
    if (stat.isDirectory()) throw wholeFileFault(shown, 'is a directory', `did you mean ${shown}/vms.yaml?`)
    if (stat.size > LARGEST_FILE) throw tooLarge(shown, formatSize(stat.size))
    const chunks: Buffer[] = []
    let length = 0
    for await (const chunk of file.createReadStream({
      autoClose: false,
      highWaterMark: 65_536,
    }) as AsyncIterable<Buffer>) {
      length += chunk.length
      if (length > LARGEST_FILE) throw tooLarge(shown, `more than ${formatSize(LARGEST_FILE)}`)
      chunks.push(chunk)
    }
    return { text: decode(Buffer.concat(chunks), shown), regular: stat.isFile() }
  } catch (error) {
    if (error instanceof VmsError) throw error
    const code = systemCode(error)
    if (code === 'ENOENT') throw new VmsError('VMS_E_CONFIG_NOT_FOUND', `there is no file ${shown}`)
    const reason = code === 'EACCES' ? 'may not be read by this user' : `cannot be read (${code ?? messageOf(error)})`
    throw wholeFileFault(shown, reason)
  }
}

function tooLarge(shown: string, size: string): VmsError {
  return wholeFileFault(shown, `is ${size}; ${formatSize(LARGEST_FILE)} are the most`, 'is it the right file?')
}

function decode(bytes: Buffer, shown: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw wholeFileFault(shown, 'is not UTF-8 text', 'save it as UTF-8, or is it the right file?')
  }
}
