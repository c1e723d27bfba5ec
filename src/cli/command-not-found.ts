import type { Hook } from '@oclif/core/hooks'
import { didYouMean } from '../config/suggest.ts'
import { VmsError } from '../kernel/errors.ts'

/** Hook of oclif: a word that is no command ends with exit code 2 and the command that was probably meant. */
const commandNotFound: Hook<'command_not_found'> = async ({ id, config }) => {
  const known = [...config.commandIDs, ...config.topics.map(topic => topic.name), 'help'].map(spaced)
  const said = spaced(id)
  // `config chekc` is nearer to `config check` than the whole line with its arguments is.
  const words = said.split(' ')
  const hint = [said, words.slice(0, 2).join(' '), words[0]!]
    .map(text => didYouMean(text, known))
    .find(text => text !== undefined)
  throw new VmsError('VMS_E_USAGE', `"${said}" is not a command`, { hint: hint ?? 'See vmsctl --help.' })
}

export default commandNotFound

function spaced(id: string): string {
  return id.replaceAll(':', ' ')
}
