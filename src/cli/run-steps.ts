/** One step of a work that a person follows. `run` gives what came of it, in a sentence. */
export interface ShownStep {
  readonly title: string
  run(): Promise<string>
}

/**
 * Runs steps one after the other and shows them on stderr: as a list that is ticked off on a terminal, as two lines each
 * elsewhere, not at all with `quiet`. Rejects with the error of the first that fails.
 */
export async function runSteps(steps: readonly ShownStep[], quiet: boolean): Promise<void> {
  if (!quiet && process.stderr.isTTY === true) return runListed(steps)
  for (const [index, step] of steps.entries()) {
    if (!quiet) process.stderr.write(`[${index + 1}/${steps.length}] ${step.title}\n`)
    const outcome = await step.run()
    if (!quiet) process.stderr.write(`      ${outcome}\n`)
  }
}

async function runListed(steps: readonly ShownStep[]): Promise<void> {
  const { Listr } = await import('listr2')
  const list = new Listr(
    steps.map(({ title, run }) => ({
      title,
      task: async (_, task) => {
        task.output = await run()
      },
      rendererOptions: { persistentOutput: true },
    })),
    { registerSignalListeners: false, rendererOptions: { outputTo: process.stderr, showErrorMessage: false } as never },
  )
  await list.run()
}
