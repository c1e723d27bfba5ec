import { readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** The recordings below a camera's directory, oldest first: names are times in UTC. */
export async function cameraFiles(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true }).catch(() => [])
  return entries
    .filter(entry => entry.isFile() && entry.name.endsWith('.mp4'))
    .map(entry => join(entry.parentPath, entry.name))
    .sort()
}
