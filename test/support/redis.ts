import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { promisify } from 'node:util'
import { freePort } from '../../src/bench/free-port.ts'
import { sleep, systemClock } from '../../src/kernel/clock.ts'

const run = promisify(execFile)

/** A real Redis server on a port of its own, which keeps nothing. */
export class RedisServer implements AsyncDisposable {
  readonly port: number
  readonly #password: string | undefined
  #child: ChildProcess | undefined

  private constructor(port: number, password: string | undefined) {
    this.port = port
    this.#password = password
  }

  static async start(password?: string): Promise<RedisServer> {
    const server = new RedisServer(await freePort(), password)
    await server.begin()
    return server
  }

  get url(): string {
    return `redis://127.0.0.1:${this.port}/0`
  }

  /** Starts it, also again, empty. */
  async begin(): Promise<void> {
    const login = this.#password === undefined ? [] : ['--requirepass', this.#password]
    const args = ['--port', String(this.port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', ...login]
    this.#child = spawn('redis-server', args, { stdio: 'ignore' })
    for (let tries = 0; tries < 100; tries++) {
      if ((await this.ask('PING').catch(() => '')) === 'PONG') return
      await sleep(systemClock, 50)
    }
    throw new Error('redis-server does not answer')
  }

  /** It takes no more part in anything, and its connections stay open; until it is let go on. */
  freeze(frozen: boolean): void {
    this.#child?.kill(frozen ? 'SIGSTOP' : 'SIGCONT')
  }

  /** kill -9. */
  async kill(): Promise<void> {
    const child = this.#child
    if (!child) return
    this.#child = undefined
    const gone = new Promise(resolve => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }

  /** One command, as redis-cli gives its answer. */
  async ask(...command: string[]): Promise<string> {
    const env = this.#password === undefined ? {} : { REDISCLI_AUTH: this.#password }
    const { stdout } = await run('redis-cli', ['-p', String(this.port), ...command], {
      env: { ...process.env, ...env },
    })
    return stdout.trim()
  }

  async hash(key: string): Promise<Record<string, string>> {
    const lines = (await this.ask('HGETALL', key)).split('\n')
    return Object.fromEntries(
      Array.from({ length: Math.floor(lines.length / 2) }, (_, i) => [lines[2 * i]!, lines[2 * i + 1]!]),
    )
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.kill()
  }
}
