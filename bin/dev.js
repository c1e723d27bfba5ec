#!/usr/bin/env node
// The command from source, without a build: Node 24 strips the types of commands/*.ts itself.
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { execute } from '@oclif/core/execute'

const root = fileURLToPath(new URL('..', import.meta.url))
const pjson = JSON.parse(readFileSync(`${root}/package.json`, 'utf8'))
pjson.oclif.commands = './commands'
await execute({ loadOptions: { root, pjson, ignoreManifest: true } })
