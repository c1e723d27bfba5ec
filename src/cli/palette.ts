type Paint = (text: string) => string

/** The few colours of our output. */
export interface Palette {
  readonly bold: Paint
  readonly dim: Paint
  readonly good: Paint
  readonly warning: Paint
  readonly bad: Paint
}

const plain: Paint = text => text

/** No colours: pipes, files, NO_COLOR. */
export const PLAIN: Palette = { bold: plain, dim: plain, good: plain, warning: plain, bad: plain }

/** The colours for a stream: none unless it is a terminal and NO_COLOR (no-color.org) is unset. Loads chalk only for those. */
export async function paletteFor(stream: { readonly isTTY?: boolean }, env: NodeJS.ProcessEnv): Promise<Palette> {
  if (stream.isTTY !== true || (env.NO_COLOR ?? '') !== '' || env.TERM === 'dumb') return PLAIN
  const { Chalk } = await import('chalk')
  const chalk = new Chalk({ level: 1 })
  return { bold: chalk.bold, dim: chalk.dim, good: chalk.green, warning: chalk.yellow, bad: chalk.red }
}
