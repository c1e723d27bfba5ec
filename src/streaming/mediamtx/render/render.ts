import { Document, isScalar, type Pair, Scalar, YAMLMap } from 'yaml'
import { type Block, blocksOf } from './blocks.ts'
import type { RelayPlan } from './plan.ts'

/**
 * The configuration file of MediaMTX for a plan. The same plan gives the same text. Texts that a reader of YAML 1.1 or 1.2 would take
 * for something else (`no`, `1e3`, `0x1F`) are in quotes.
 */
export function renderRelay(plan: RelayPlan): string {
  const document = new Document(new YAMLMap(), { compat: 'yaml-1.1', aliasDuplicateObjects: false })
  document.commentBefore = head(plan)
  const root = document.contents as unknown as YAMLMap
  for (const block of blocksOf(plan)) addBlock(document, root, block)
  // The head has an empty line behind it already.
  if (isScalar(root.items[0]?.key)) root.items[0].key.spaceBefore = false
  const paths = document.createPair(
    'paths',
    Object.fromEntries(plan.paths.map(({ name, source }) => [name, { source }])),
  )
  spaceBefore(paths, ' live/CAMERA is the sub-stream, main/CAMERA the main stream.')
  root.items.push(paths as Pair)
  return document.toString({ lineWidth: 0, flowCollectionPadding: false })
}

function head({ version }: RelayPlan): string {
  return [
    ` For MediaMTX ${version}, made from vms.yaml by \`vmsctl mediamtx generate\`. It is made anew when vms.yaml changes:`,
    ' settings belong there, under mediamtx:.',
  ].join('\n')
}

function addBlock(document: Document, root: YAMLMap, { comment, entries }: Block): void {
  for (const [index, [key, value]] of entries.entries()) {
    const pair = document.createPair(key, value, { flow: Array.isArray(value) })
    if (index === 0)
      spaceBefore(
        pair,
        comment
          .split('\n')
          .map(line => ` ${line}`)
          .join('\n'),
      )
    root.items.push(pair as Pair)
  }
}

function spaceBefore(pair: Pair<unknown, unknown>, comment: string): void {
  const key = isScalar(pair.key) ? pair.key : new Scalar(pair.key)
  key.commentBefore = comment
  key.spaceBefore = true
  pair.key = key
}
