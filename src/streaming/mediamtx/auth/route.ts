import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Logger } from '../../../kernel/log.ts'
import type { Admissions } from './admissions.ts'
import { type AuthRules, judge } from './judge.ts'
import { readQuestion } from './question.ts'

/** Where the configuration of MediaMTX has it ask (render/plan.ts). */
const AUTH_PATH = '/mediamtx/auth'
const LARGEST_QUESTION = 65_536

/** Answers MediaMTX's questions: 200, 401 (it asks the viewer for a login) or 403. `rules` are asked for each time, so that they may change. */
export function authRoute(rules: () => AuthRules, admissions: Admissions, log: Logger): Hono {
  const app = new Hono()
  app.post(AUTH_PATH, bodyLimit({ maxSize: LARGEST_QUESTION }), async context => {
    const question = readQuestion(await context.req.json().catch(() => undefined))
    if (question === undefined) return context.text('not a question', 400)
    const verdict = await judge(question, rules())
    const { action, path, protocol, ip } = question
    if (verdict.status === 200) {
      if (verdict.grant) admissions.remember(question.id, verdict.grant)
      return context.body(null, 200)
    }
    // Without a login it is only the first of two questions.
    if (verdict.reason !== 'no token' && verdict.reason !== 'no login')
      log.warn(
        { relay: 'mediamtx', action, path: path.slice(0, 128), protocol, address: ip },
        `refused: ${verdict.reason}`,
      )
    return context.text(verdict.reason, verdict.status)
  })
  return app
}
