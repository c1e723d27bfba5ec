import { describe, expect, it } from 'vitest'
import { VmsError } from '../../src/kernel/errors.ts'
import { faultsOf, load, withCameras } from './support.ts'

/** What is written, and what must be said about it. */
const CASES: readonly (readonly [name: string, text: string, ...said: string[]])[] = [
  ['an empty file', '', 'vms.yaml:1:1: nothing in the file -> vmsctl init'],
  ['only comments', '# nothing\n', 'nothing in the file'],
  ['a list', '- a\n', 'wants "key: value" entries, not a list of 1 entry'],
  ['a text', 'hello\n', 'wants "key: value" entries, not a text'],
  ['a tab', 'storage:\n\tpath: a\n', 'vms.yaml:2:1: a tab in the indentation -> YAML is indented with spaces only'],
  [
    'a tab behind a dash',
    'storage: { path: a }\ncameras:\n  -\tid: a\n    main: "rtsp://h/1"\n',
    'vms.yaml:3:4: a tab in the indentation',
  ],
  ['a quote that is not closed', 'site: { name: "x }\nstorage: { path: a }\n', 'a quote or a bracket is missing'],
  ['a bracket that is not closed', 'storage: { path: a\ncameras: []\n', 'vms.yaml:2:'],
  ['bad indentation', 'storage:\n  path: a\n names: utc\n', 'vms.yaml:3:2: indented in a way that does not fit'],
  ['two documents', 'storage: { path: a }\n---\nstorage: { path: b }\n', 'a second YAML document begins'],
  ['an unquoted placeholder', withCameras('{ id: a, main: rtsp://h/{n}/1 }'), 'vms.yaml:3:', 'put quotes around'],
  ['an alias of nothing', withCameras('*nobody'), 'an alias (*name) with no anchor'],
  ['a tag', 'storage: !secret { path: a }\n', 'a tag (!name) has no meaning'],
  ['deep nesting', '['.repeat(5_000), 'nested'],
  ['a doubled key', 'storage: { path: a }\nstorage: { path: b }\n', 'vms.yaml:2:1: "storage" is here twice'],
  [
    'a doubled key, and faults that have nothing to do with it',
    'storage: { path: a, path: b }\ncameras:\n  - { main: "rtsp://h/1" }\n  - { id: x, main: "rtsp://h:99999/1", credentials: no }\n',
    'vms.yaml:1:21: "path" is here twice',
    'vms.yaml:3:5: a camera needs an id',
    'vms.yaml:4:20: main has a host or a port that cannot be',
    'there are no credentials "no"',
  ],
  [
    'a unit in a hint as people write it',
    'storage: { path: a, memory: 4M }\n',
    'units are B, kB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB',
  ],
  [
    'an unknown part',
    'storages: { path: a }\n',
    'vms.yaml:1:1: "storages" is not a key of a configuration -> did you mean "storage"?',
  ],
  [
    'an unknown key',
    'storage: { path: a, segmnt: 1s }\n',
    'vms.yaml:1:21: "segmnt" is not a key of storage -> did you mean "segment"?',
  ],
  [
    'an unknown key of a camera',
    withCameras('{ id: a, man: "rtsp://h/1" }'),
    'vms.yaml:3:14: "man" is not a key of a camera -> did you mean "main"?',
  ],
  [
    'an unknown key with no value',
    withCameras('{ id: a, main: "rtsp://h/1", grop }'),
    '"grop" is not a key of a camera -> did you mean "group"?',
  ],
  ['no storage', 'cameras: []\n', 'storage is missing -> say where recordings go'],
  ['no storage path', 'storage: {}\n', 'storage needs the key "path"'],
  ['an empty storage path', 'storage:\n  path:\n', 'vms.yaml:2:3: path has no value'],
  [
    'no unit',
    'storage: { path: a, segment: 180 }\n',
    'vms.yaml:1:30: segment: "180" of what? A duration needs its unit -> Write it like 180s',
  ],
  [
    'a unit of something else',
    'storage: { path: a, segment: 4M, memory: 4Mbps }\n',
    'segment: "4M" of what?',
    'memory: "Mbps" is not a unit of a size',
  ],
  [
    'a segment out of range',
    'storage: { path: a, segment: 2h }\n',
    'segment: "2h" is more than is allowed -> 1 s to 1 h',
  ],
  ['a size without unit', 'storage: { path: a, memory: 512 }\n', 'memory: "512" of what? A size needs its unit'],
  [
    'a word that is not a choice',
    'storage: { path: a, names: locale }\n',
    'names: "locale" is not one of utc, local -> did you mean "local"?',
  ],
  [
    'a transport that is not there',
    'storage: { path: a }\ndefaults: { transport: udp }\n',
    'transport: "udp" is not tcp',
  ],
  [
    'yes for true',
    'storage: { path: a }\ndefaults: { verify_tls: yes }\n',
    'verify_tls: "yes" is neither true nor false -> write true',
  ],
  [
    'words of record',
    withCameras('{ id: a, main: "rtsp://h/1", record: nevr }', '{ id: b, main: "rtsp://h/2", record: yes }'),
    'vms.yaml:3:42: record: "nevr" is neither always nor never -> did you mean "never"?',
    'vms.yaml:4:42: record: "yes" is neither always nor never -> did you mean "always"?',
  ],
  [
    'a window without its schedule',
    withCameras('{ id: a, main: "rtsp://h/1", record: "* 7-18 * * *" }'),
    'neither always nor never -> a schedule is written { schedule: ["* 7-18 * * 1-5"] }',
  ],
  [
    'windows, each at its place',
    'storage: { path: a }\ngroups: { g: { record: { schedule: ["* 7 * * *", "* 24 * * *", [x]] } } }\n',
    'vms.yaml:2:50: window "* 24 * * *": "24" is no hour -> an hour is 0 to 23',
    'vms.yaml:2:64: a window is a text, not a list of 1 entry',
  ],
  [
    'a schedule with no window in it',
    'storage: { path: a }\ndefaults: { record: { schedule: [] } }\ngroups: { g: { record: {} } }\n',
    'vms.yaml:2:33: a schedule has at least one window -> record: { schedule: ["* 7-18 * * 1-5"] }',
    'vms.yaml:3:24: a schedule has at least one window',
  ],
  [
    'a misspelt schedule, once',
    'storage: { path: a }\ndefaults: { record: { shedule: "* * * * *" } }\n',
    'vms.yaml:2:23: "shedule" is not a key of record -> did you mean "schedule"?',
  ],
  [
    'a window without quotes, which YAML takes for an alias',
    'storage: { path: a }\ndefaults: { record: { schedule: [* 7-18 * * 1-5] } }\n',
    'vms.yaml:2:34: not the name of an alias -> put quotes around a text',
  ],
  [
    'a number that is none',
    'storage: { path: a }\nlimits: { workers: few, connects_per_second: 1e3 }\n',
    'nor "auto"',
    '"1e3" is not a whole number from 1 to 10000',
  ],
  [
    'a time zone that is none',
    'site: { timezone: Europe/Pari }\nstorage: { path: a }\n',
    'did you mean "Europe/Paris"?',
  ],
  [
    'a list for a value',
    'storage: { path: [a, b] }\n',
    'vms.yaml:1:18: path wants a single value, not a list of 2 entries',
  ],
  [
    'a mapping for a list',
    'storage: { path: a }\ncameras: { gate: 1 }\n',
    'cameras wants a list, not a mapping -> begin each camera with "- "',
  ],
  ['a text for a camera', withCameras('gate-1'), 'a camera wants "key: value" entries, not a text'],
  ['nothing for a camera', withCameras(''), 'a camera with nothing in it'],
  ['an empty id', withCameras('{ id: "", main: "rtsp://h/1" }'), 'vms.yaml:3:11: id is empty'],
  ['an id without value', withCameras('{ id: , main: "rtsp://h/1" }'), 'id has no value'],
  ['an id null', withCameras('{ id: null, main: "rtsp://h/1" }'), 'if it is the text null or ~, write it in quotes'],
  ['no id', withCameras('{ main: "rtsp://h/1" }'), 'a camera needs an id, or a range'],
  [
    'an id of 300',
    withCameras(`{ id: ${'x'.repeat(300)}, main: "rtsp://h/1" }`),
    'has 300 characters; 64 are the most',
  ],
  ['an id ../x', withCameras('{ id: ../x, main: "rtsp://h/1" }'), 'id "../x" holds a slash'],
  ['an id a/b', withCameras('{ id: a/b, main: "rtsp://h/1" }'), 'id "a/b" holds a slash'],
  ['an id ..', withCameras('{ id: .., main: "rtsp://h/1" }'), 'id ".." starts with a dot'],
  ['an id -x', withCameras('{ id: -x, main: "rtsp://h/1" }'), 'id "-x" starts with a hyphen'],
  ['an id with a space', withCameras('{ id: a b, main: "rtsp://h/1" }'), 'id "a b" holds " "'],
  ['an id with a line break', withCameras('{ id: "a\\nb", main: "rtsp://h/1" }'), 'holds "\\n"'],
  [
    'a doubled id',
    withCameras('{ id: a, main: "rtsp://h/1" }', '{ id: a, main: "rtsp://h/2" }'),
    'vms.yaml:4:11: camera a is also at vms.yaml:3:5',
  ],
  [
    'ids that differ by case',
    withCameras('{ id: Gate, main: "rtsp://h/1" }', '{ id: gate, main: "rtsp://h/2" }'),
    'camera gate differs from Gate at vms.yaml:3:5 only in upper and lower case',
  ],
  [
    'a range over a camera',
    withCameras('{ id: c-07, main: "rtsp://h/1" }', '{ range: "c-{01..10}", main: "rtsp://g/{n}" }'),
    'vms.yaml:4:14: camera c-07 is also at vms.yaml:3:5',
  ],
  [
    'ranges that overlap',
    withCameras('{ range: "c-{01..10}", main: "rtsp://g/{n}" }', '{ range: "c-{08..12}", main: "rtsp://h/{n}" }'),
    '3 cameras of this range, c-08 the first, are also those of vms.yaml:3:5',
  ],
  [
    'a range as id',
    withCameras('{ id: "c-{1..3}", main: "rtsp://h/1" }'),
    'many cameras are written range: "c-{1..3}"',
  ],
  [
    'a range that is none',
    withCameras('{ range: "c-[1..3]", main: "rtsp://h/1" }'),
    'range "c-[1..3]" is not a range -> write it like',
  ],
  ['a range backwards', withCameras('{ range: "c-{3..1}", main: "rtsp://h/1" }'), 'runs backwards, from 3 to 1'],
  [
    'a range too long',
    withCameras('{ range: "c-{1..99999}", main: "rtsp://h/1" }'),
    'has 99999 cameras; 10000 are the most',
  ],
  [
    'too many cameras in all',
    withCameras('{ range: "c-{1..9999}", main: "rtsp://h/{n}" }', '{ range: "d-{1..2}", main: "rtsp://g/{n}" }'),
    'vms.yaml:4:5: more than 10000 cameras',
  ],
  [
    'id and range',
    withCameras('{ id: a, range: "b-{1..2}", main: "rtsp://h/1" }'),
    'a camera has either an id or a range',
  ],
  [
    'a placeholder that is none',
    withCameras('{ range: "b-{1..2}", main: "rtsp://h/{m}" }'),
    '"{m}" is not a placeholder -> use {n}',
  ],
  ['a placeholder without range', withCameras('{ id: a, main: "rtsp://h/{n}" }'), 'the camera is no range'],
  [
    'a placeholder below 0',
    withCameras('{ range: "b-{1..2}", main: "rtsp://h/{n-2}" }'),
    'main has a number below 0 for b-1',
  ],
  [
    'an address of a range that cannot be',
    withCameras('{ range: "b-{250..260}", main: "rtsp://10.0.0.{n}/1" }'),
    'main of b-256 has the address 10.0.0.256, which cannot be',
  ],
  ['no main', withCameras('{ id: a }'), 'a camera needs the key "main"'],
  [
    'another scheme',
    withCameras('{ id: a, main: "http://h/1" }'),
    'main begins with "http://"; cameras are read over RTSP',
  ],
  ['no URL', withCameras('{ id: a, main: "10.0.0.1/x" }'), 'main is not a URL -> write it like'],
  ['no host', withCameras('{ id: a, main: "rtsp:///x" }'), 'main has no host'],
  [
    'a port that cannot be',
    withCameras('{ id: a, main: "rtsp://h:99999/x" }'),
    'main has a host or a port that cannot be',
  ],
  [
    'a line break in a URL',
    withCameras('{ id: a, main: "rtsp://h/x\\r\\nDESCRIBE" }'),
    'main holds a space or a control character',
  ],
  [
    'a long URL',
    withCameras(`{ id: a, main: "rtsp://h/${'x'.repeat(3_000)}" }`),
    'main has 3009 characters -> 2048 are the most',
  ],
  [
    'credentials that are not there',
    `${withCameras('{ id: a, main: "rtsp://h/1", credentials: hick }')}credentials: { hik: { username: u, password: { env: P } } }\n`,
    'there are no credentials "hick" -> did you mean "hik"?',
  ],
  [
    'credentials and a user in the URL',
    `${withCameras('{ id: a, main: "rtsp://u:p@h/1", credentials: c }')}credentials: { c: { username: u, password: { env: P } } }\n`,
    'the camera has credentials',
  ],
  [
    'a password of two places',
    'storage: { path: a }\ncredentials: { c: { username: u, password: { env: P, file: f } } }\n',
    'exactly one of file, env, systemd',
  ],
  [
    'a password of no place',
    'storage: { path: a }\ncredentials: { c: { username: u, password: {} } }\n',
    'exactly one of file, env, systemd',
  ],
  [
    'a password of an unknown place',
    'storage: { path: a }\ncredentials: { c: { username: u, password: { fiel: f } } }\n',
    '"fiel" is not a key of a password -> did you mean "file"?',
  ],
  [
    'credentials without user',
    'storage: { path: a }\ncredentials: { c: { password: { env: P } } }\n',
    'credentials needs the key "username"',
  ],
  ['empty credentials', 'storage: { path: a }\ncredentials: { c: }\n', 'credentials "c" has no username and password'],
  [
    'a gateway without host',
    'storage: { path: a }\ngateway: { listen: 8654 }\n',
    'listen: "8654" has no host -> write it like 127.0.0.1:8654',
  ],
  [
    'a gateway without port',
    'storage: { path: a }\ngateway: { listen: localhost }\n',
    'listen: "localhost" has no port',
  ],
  [
    'a gateway port too high',
    'storage: { path: a }\ngateway: { listen: "127.0.0.1:70000" }\n',
    'has the port 70000; 65535 is the highest',
  ],
]

describe('faults of vms.yaml', () => {
  it.each(CASES)('says what is wrong with %s', async (_, text, ...said) => {
    const message = await faultsOf(text)
    for (const sentence of said) expect(message).toContain(sentence)
    for (const line of message.split('\n').filter(line => !/^\d+ faults in/.test(line)))
      expect(line).toMatch(/^vms\.yaml:\d+:\d+: /)
  })

  it('tells all faults at once, in the order of the file, and lists them as data', async () => {
    const error = (await load(`site: { timezone: Nowhere }
storage: { path: a, segment: 1 }
gateway: { listen: "0.0.0.0" }
defaults: { credentials: none, engine: fmpeg }
cameras:
  - { id: a/b, main: "http://h/1" }
  - { id: c, main: "rtsp://h/1", colour: red }
  - { id: C, main: "rtsp://h/2" }
`).catch((error: unknown) => error)) as VmsError
    expect(error).toBeInstanceOf(VmsError)
    expect(error).toMatchObject({ code: 'VMS_E_CONFIG_INVALID', exitCode: 2 })
    const faults = error.details?.faults as { file: string; line: number; column: number; message: string }[]
    expect(faults.map(fault => fault.line)).toEqual([1, 2, 3, 4, 4, 6, 6, 7, 8])
    expect(faults[1]).toEqual({
      file: 'vms.yaml',
      line: 2,
      column: 30,
      message: 'segment: "1" of what? A duration needs its unit',
      hint: 'Write it like 180s; units are ms, s, min, m, h, d.',
    })
    expect(error.message.split('\n')).toHaveLength(10)
  })

  it('tells several syntax faults, and the faults above the first of them, but not their echoes', async () => {
    const message = await faultsOf('sight: { name: x }\ngateway:\n\tlisten: 1\nstorage:\n  path: "\\q"\n')
    const lines = message.split('\n').slice(1)
    expect(lines.map(line => line.split(': ')[0])).toEqual(['vms.yaml:1:1', 'vms.yaml:3:1', 'vms.yaml:5:10'])
  })

  it('counts faults beyond a hundred and does not list them', async () => {
    const error = await load(withCameras(...Array.from({ length: 300 }, () => '{ id: a/b }'))).catch(
      (error: unknown) => error as VmsError,
    )
    expect((error as VmsError).message.split('\n')).toHaveLength(102)
    expect((error as VmsError).message).toContain('600 faults in vms.yaml')
    expect((error as VmsError).message).toContain('and 500 more like these')
  })

  it('answers an alias bomb, in which nine lines would be a billion values', async () => {
    const letters = 'abcdefghij'
    const lines = [...letters].map(
      (letter, index) =>
        `x-${letter}: &${letter} [${Array(9)
          .fill(index === 0 ? 'x' : `*${letters[index - 1]}`)
          .join(',')}]`,
    )
    expect(await faultsOf(lines.join('\n'))).toContain('more than 1000000 values once aliases (*name) are followed')
  })

  it('bounds what merge keys copy', async () => {
    const keys = Array.from({ length: 2_000 }, (_, index) => `k${index}: v`).join(', ')
    const lines = Array.from({ length: 2_000 }, () => '{ <<: *big }')
    expect(await faultsOf(`x-big: &big { ${keys} }\n${withCameras(...lines)}`)).toContain(
      'once aliases (*name) are followed',
    )
  })
})

/** Ways in which a password can stand at a place where it makes the file faulty. */
const LEAKS = [
  withCameras('{ id: a, main: "rtsp://admin:hunter2@host:99999/x" }'),
  withCameras('{ id: a, main: "rtsp://admin:hun/ter2@host/x" }'),
  withCameras('{ id: a, main: "rtsp://admin:12/hunter2@host/x" }'),
  withCameras('{ id: a, main: "rtsp://admin:h@hunter2/x@host/x" }'),
  withCameras('{ id: a, main: "rtsp://admin:p#hunter2@host/x" }'),
  withCameras('{ id: a, main: "http://admin:hunter2@host/x" }'),
  withCameras('{ id: "rtsp://admin:hunter2@host/x", main: "rtsp://h/1" }'),
  withCameras('{ id: a, main: "rtsp://h/1", "rtsp://admin:hunter2@h/x": 1 }'),
  withCameras('{ id: a, main: "rtsp://h/1", credentials: "admin:hunter2" }'),
  withCameras('{ id: a, main: "rtsp://admin:hunter2 @h/1" }'),
  withCameras('{ id: a, main: rtsp://admin:hunter2}@h/1 }'),
  withCameras('{ id: a, main: rtsp://admin:"hunter2@h/1 '),
  'storage: { path: a }\ncredentials: { c: { username: u, password:hunter2 } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: [hunter2] } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: { env: hunter2! } } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: *hunter2 } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: !hunter2 } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: @hunter2 } }\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: %hunter2 } }\n',
  'storage: { path: a }\ncredentials:\n  c:\n    username: u\n    password: hunter2: x\n',
  'storage: { path: a }\ncredentials: { c: { username: u, password: "\\hunter2" } }\n',
  'storage: { path: a, pth: b }\ncredentials: { c: { username: u, password: hunter2 } }\n',
]

describe('a password', () => {
  it.each(LEAKS)('is in no message about a fault: %j', async text => {
    const error = (await load(text).catch((error: unknown) => error)) as VmsError
    expect(error).toBeInstanceOf(VmsError)
    expect(`${error.message} ${error.stack} ${JSON.stringify(error)}`).not.toContain('hunter2')
  })
})
