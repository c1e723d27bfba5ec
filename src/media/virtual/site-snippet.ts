import type { VirtualCamerasOptions } from './options.ts'

/**
 * A vms.yaml that records the virtual cameras: one line for all of them. `passwordVariable` is the environment variable
 * that has the password, where they ask for one.
 */
export function siteSnippet(url: string, options: VirtualCamerasOptions, passwordVariable: string | undefined): string {
  const { count, prefix, sub, credentials, tls } = options
  const digits = Math.max(3, String(count).length)
  const id = `${prefix}{${'n'.repeat(digits)}}`
  const range = `${prefix}{${'1'.padStart(digits, '0')}..${String(count).padStart(digits, '0')}}`
  const streams = `main: "${url}/${id}/main"${sub === undefined ? '' : `, sub: "${url}/${id}/sub"`}`
  return [
    'site: { name: virtual }',
    'storage: { path: ./archive }',
    ...(credentials
      ? [
          'credentials:',
          `  virtual: { username: ${JSON.stringify(credentials.username)}, password: { env: ${passwordVariable ?? 'CAMERA_PASSWORD'} } }`,
        ]
      : []),
    ...(credentials || tls
      ? [
          `defaults: { ${[credentials && 'credentials: virtual', tls && 'verify_tls: false'].filter(Boolean).join(', ')} }`,
        ]
      : []),
    'cameras:',
    `  - { range: "${range}", ${streams} }`,
    '',
  ].join('\n')
}
