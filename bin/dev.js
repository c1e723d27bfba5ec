#!/usr/bin/env node
// The command from source, without a build: Node 24 strips the types of commands/*.ts itself.
import { fileURLToPath } from 'node:url'
import { main } from '../src/cli/main.ts'

await main(process.argv.slice(2), { root: fileURLToPath(new URL('..', import.meta.url)), fromSource: true })
