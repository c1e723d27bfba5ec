import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

function system(program: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${stderr}`)
}

/** Whether this process may mount file systems. */
export function canMount(): boolean {
  if (process.getuid?.() !== 0) return false
  const place = mkdtempSync(join(tmpdir(), 'vms-mount-'))
  const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', place]).status === 0
  if (mounted) spawnSync('umount', [place])
  rmSync(place, { recursive: true })
  return mounted
}

/** A file system of its own in memory, and a mount point where it can come and go with its content. */
export class SmallDisk implements Disposable {
  readonly #dir = mkdtempSync(join(tmpdir(), 'vms-disk-'))
  /** Always there. */
  readonly disk = join(this.#dir, 'disk')
  /** There while it is mounted. */
  readonly mountPoint = join(this.#dir, 'mounted')

  constructor(bytes: number) {
    mkdirSync(this.disk)
    mkdirSync(this.mountPoint)
    system('mount', '-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', this.disk)
    this.mount()
  }

  mount(): void {
    system('mount', '--bind', this.disk, this.mountPoint)
  }

  /** Takes it away from whoever uses it, open files or not. */
  unmount(): void {
    system('umount', '--lazy', this.mountPoint)
  }

  [Symbol.dispose](): void {
    spawnSync('umount', ['--lazy', this.mountPoint])
    spawnSync('umount', ['--lazy', this.disk])
    rmSync(this.#dir, { recursive: true, force: true })
  }
}
