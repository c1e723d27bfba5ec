/** Milliseconds after which somebody at a terminal wants to see that something is going on. */
const UNSEEN = 300

/**
 * Waits for the start of a stream: on a terminal with a line that moves, once it takes longer than one notices. What comes of it,
 * and what goes wrong, is the caller's to show.
 */
export async function whileStarting<T>(camera: string, quiet: boolean, start: () => Promise<T>): Promise<T> {
  const work = start()
  if (quiet || process.stderr.isTTY !== true) return work
  const quick = await Promise.race([
    work.then(
      () => true,
      () => true,
    ),
    after(UNSEEN),
  ])
  if (quick) return work
  const { Listr } = await import('listr2')
  const rendererOptions = { outputTo: process.stderr, showErrorMessage: false, clearOutput: true } as never
  const list = new Listr([{ title: `Waiting until ${camera} plays`, task: () => work.then(() => {}) }], {
    registerSignalListeners: false,
    rendererOptions,
  })
  await list.run()
  return work
}

function after(milliseconds: number): Promise<false> {
  return new Promise(resolve => setTimeout(resolve, milliseconds, false).unref())
}
