import { type CameraEntry, renderCamera, yamlText } from '../edit/render-camera.ts'
import type { FoundCredentials, WithoutSecrets } from './take-secrets.ts'

/** A camera that a URL or a row of a table describes, and its user where that stands apart from the URLs. */
export interface FoundCamera {
  readonly camera: CameraEntry
  readonly username: string | undefined
  readonly password: string | undefined
}

export interface StarterSite extends WithoutSecrets {
  readonly name: string
  readonly timezone: string
  /** Where the passwords are: written into files beside the configuration, or expected in the environment. */
  readonly passwords: 'file' | 'env'
}

/** Where a starter file expects the password of credentials. */
export function passwordPlace(
  credentials: FoundCredentials,
  passwords: 'file' | 'env',
): { file: string } | { env: string } {
  if (passwords === 'file') return { file: `./vms-secrets/${credentials.name}` }
  return { env: `${credentials.name.toUpperCase().replaceAll('-', '_')}_PASSWORD` }
}

/** The text of a first vms.yaml, with a word on every part. */
export function starterText(site: StarterSite): string {
  return [
    '# What vmsctl records, and where. After an edit: vmsctl config check',
    '# For completion in an editor: vmsctl config schema > vms.schema.json, and take one # off the next line.',
    '## yaml-language-server: $schema=./vms.schema.json',
    '',
    `site: { name: ${yamlText(site.name)}, timezone: ${yamlText(site.timezone)} }`,
    '',
    '# Recordings: a directory for each camera, a file for each segment. A relative path counts from this file.',
    'storage: { path: ./archive, segment: 180s }',
    '',
    '# RTSP server for viewers: rtsp://127.0.0.1:8654/CAMERA/main. On any other address it wants credentials: NAME.',
    'gateway: { listen: "127.0.0.1:8654" }',
    '',
    '# The watch page, for a browser: http://127.0.0.1:8655/watch. On any other address it wants tokens: vmsctl token create',
    'viewing: { listen: "127.0.0.1:8655" }',
    '',
    ...credentialLines(site),
    '',
    '# Who is told when a camera is not recorded: the log by default. Try it: vmsctl alarm test',
    '# alarms:',
    '#   not_recorded: 60s',
    '#   deliver:',
    '#     - { name: oncall, webhook: "https://alarms.example/vms", key: { file: /etc/vmsctl/alarm-key } }',
    '#     - { name: script, command: [/usr/local/bin/on-alarm] }',
    '',
    '# For every camera that says nothing else. engine: native or ffmpeg. record: always, never, or a schedule.',
    '# Footage is kept while there is room; with retention: { age: 30d } no longer than that.',
    'defaults: { transport: tcp, engine: native, record: always }',
    '',
    '# The same for the cameras of a group:',
    '# groups:',
    '#   outside: { record: never }',
    '# Windows are as in a crontab, minute hour day month weekday, by the clocks of the site; here 07:00 to 18:59 on weekdays:',
    '#   tills: { record: { schedule: ["* 7-18 * * mon-fri"] } }',
    '',
    '# In a range, {n} is the number without zeros, {nnn} has three digits, {n+100} is moved by 100:',
    '#   - { range: "hall-{001..040}", main: "rtsp://10.0.1.{n}/1", sub: "rtsp://10.0.1.{n}/2" }',
    'cameras:',
    ...(site.cameras.length > 0
      ? site.cameras.map(camera => `  - ${renderCamera(camera)}`)
      : ['  # - { id: gate-1, main: "rtsp://10.0.0.11/stream1", sub: "rtsp://10.0.0.11/stream2", group: outside }']),
    '',
  ].join('\n')
}

function credentialLines(site: StarterSite): string[] {
  const intro = [
    '# Users of the cameras. A password stands outside this file: { file: PATH }, { env: NAME }, or { systemd: NAME }.',
  ]
  if (site.credentials.length === 0)
    return [
      ...intro,
      '# credentials:',
      '#   camera: { username: admin, password: { file: /etc/vmsctl/camera-password } }',
    ]
  return [
    ...intro,
    'credentials:',
    ...site.credentials.map(credentials => {
      const [[key, value] = ['', '']] = Object.entries(passwordPlace(credentials, site.passwords))
      return `  ${credentials.name}: { username: ${yamlText(credentials.username)}, password: { ${key}: ${yamlText(value)} } }`
    }),
  ]
}
