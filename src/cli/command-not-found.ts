import type { Hook } from '@oclif/core/hooks'
import { didYouMean } from '../config/suggest.ts'
import { VmsError } from '../kernel/errors.ts'
import { redactText } from '../kernel/redact.ts'

/**
 * Hook of oclif: a word that is no command ends with exit code 2 and the command that was probably meant. Words after a command
 * that takes none come here too.
 */
const commandNotFound: Hook<'command_not_found'> = async ({ id: typed, config }) => {
  // A URL at the wrong place has lost its form once its colons part words.
  const id = redactText(typed)
  const words = id.split(':')
  const command = config.commandIDs.find(known => id.startsWith(`${known}:`))
  if (command !== undefined) {
    const extra = words.slice(command.split(':').length)
    throw new VmsError('VMS_E_USAGE', `"${spaced(command)}" takes no "${extra.join(' ')}"`, {
      hint: `See vmsctl ${spaced(command)} --help.`,
    })
  }
  const known = [...config.commandIDs, ...config.topics.map(topic => topic.name), 'help'].map(spaced)
  // `config chekc it` is nearer to `config check` without its arguments.
  const hint = [words, words.slice(0, 2), words.slice(0, 1)]
    .map(some => didYouMean(some.join(' '), known))
    .find(text => text !== undefined)
  throw new VmsError('VMS_E_USAGE', `"${spaced(id)}" is not a command`, { hint: hint ?? 'See vmsctl --help.' })
}

export default commandNotFound

function spaced(id: string): string {
  return id.replaceAll(':', ' ')
}
