import { resolveSecret } from '../../config/index.ts'
import type { AlarmTarget } from '../../config/types.ts'
import type { Clock } from '../../kernel/clock.ts'
import type { Logger } from '../../kernel/log.ts'
import { sendToCommand } from './send-command.ts'
import { sendToWebhook } from './send-webhook.ts'

/** What it takes to deliver. */
export interface SendContext {
  readonly clock: Clock
  /** Where secrets may stand; of it commands get PATH, HOME and the like. */
  readonly env: NodeJS.ProcessEnv
  readonly log: Logger
}

/** Delivers one message once. Rejects with VMS_E_ALARM_DELIVERY, or VMS_E_SECRET_UNAVAILABLE for the key of a webhook. */
export async function sendAlarm(
  target: AlarmTarget,
  id: string,
  letter: string,
  { clock, env, log }: SendContext,
  signal?: AbortSignal,
): Promise<void> {
  if (target.kind === 'command') return sendToCommand(target.argv, letter, target.timeout, env, signal)
  if (target.kind === 'webhook') {
    // Read for each try: it may have been changed.
    const key = target.key && (await resolveSecret(target.key, env))
    const time = Math.floor(clock.wall() / 1_000)
    return sendToWebhook({ url: target.url, key, id, letter, time, timeout: target.timeout }, signal)
  }
  const { text, kind, ...fields } = JSON.parse(letter) as { text: string; kind: string }
  const line = { alarm: kind, ...fields }
  if (kind === 'raised' || kind === 'reminder') log.error(line, text)
  else log.info(line, text)
}
