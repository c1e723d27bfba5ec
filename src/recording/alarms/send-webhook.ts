import { createHmac } from 'node:crypto'
import { VmsError } from '../../kernel/errors.ts'

export interface WebhookPost {
  /** http or https. */
  readonly url: string
  /** Undefined sends it unsigned. */
  readonly key: string | undefined
  readonly id: string
  readonly letter: string
  /** Seconds since the epoch: the time that is signed, so that an old message cannot be sent again later. */
  readonly time: number
  /** Milliseconds. */
  readonly timeout: number
}

/** `sha256=` and HMAC-SHA256 (RFC 2104) of `TIME.BODY` in hex. */
export function webhookSignature(key: string, time: number, body: string): string {
  return `sha256=${createHmac('sha256', key).update(`${time}.${body}`).digest('hex')}`
}

/**
 * Posts a message. Rejects with VMS_E_ALARM_DELIVERY unless the answer is 2xx within the time; redirects are not followed. Messages
 * name the origin alone: the path may hold a secret.
 */
export async function sendToWebhook(post: WebhookPost, signal?: AbortSignal): Promise<void> {
  const { url, key, id, letter, time, timeout } = post
  const { origin } = new URL(url)
  const limit = AbortSignal.timeout(timeout)
  const fail = (problem: string) => new VmsError('VMS_E_ALARM_DELIVERY', `webhook ${origin}: ${problem}`)
  let response: Response
  try {
    response = await fetch(url, {
      method: 'POST',
      redirect: 'manual',
      signal: signal ? AbortSignal.any([signal, limit]) : limit,
      headers: {
        'content-type': 'application/json',
        'user-agent': 'vmsctl',
        'x-vmsctl-id': id,
        'x-vmsctl-timestamp': String(time),
        ...(key === undefined ? {} : { 'x-vmsctl-signature': webhookSignature(key, time, letter) }),
      },
      body: letter,
    })
  } catch (error) {
    if (limit.aborted) throw fail(`no answer within ${timeout / 1_000} s`)
    // What fetch says itself is "fetch failed"; the cause has the word.
    const { cause } = error as { cause?: { code?: string; message?: string } }
    throw fail(cause?.code ?? cause?.message ?? 'stopped')
  }
  // It has been taken or not by now, whatever becomes of the rest of the answer.
  await response.body?.cancel().catch(() => {})
  if (!response.ok) throw fail(`status ${response.status}`)
}
