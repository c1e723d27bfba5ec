import { expect, it } from 'vitest'
import { redactText, redactUrl } from '../../src/kernel/redact.ts'

it('shows neither user info nor passwords nor tokens of a URL', () => {
  expect(redactUrl('rtsp://admin:pw@10.0.0.1/ch1?x=1')).toBe('rtsp://10.0.0.1/ch1?x=1')
  expect(redactText('GET rtsp://nvr:8654/gate-1/sub?token=eyJ.eyJ.sig&x=1 failed')).toBe(
    'GET rtsp://nvr:8654/gate-1/sub?token=***&x=1 failed',
  )
  expect(redactText('rtsp://u:p@h/a?user=u&pwd=secret')).toBe('rtsp://***@h/a?user=u&pwd=***')
})
