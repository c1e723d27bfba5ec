// The import rule of docs/architecture.md: imports run downward only. A folder may import from those at its right.
const LAYERS = [
  ['cli'],
  ['bench', 'service'],
  ['daemon'],
  ['cluster', 'streaming'],
  ['recording'],
  ['supervision'],
  ['media'],
  ['adaptive', 'encoding', 'planning', 'report'],
  ['access', 'config', 'process', 'database', 'state'],
  ['wire'],
  ['kernel'],
]

const rules = LAYERS.slice(1).map((names, index) => ({
  name: `${names.join('-')}-imports-downward`,
  severity: 'error',
  from: { path: `^src/(${names.join('|')})/` },
  to: {
    path: `^(commands|src/(${LAYERS.slice(0, index + 1)
      .flat()
      .join('|')}))/`,
  },
}))

module.exports = {
  forbidden: [
    ...rules,
    {
      name: 'no-circular',
      severity: 'error',
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
    },
    { name: 'src-not-commands', severity: 'error', from: { path: '^src/' }, to: { path: '^commands/' } },
    { name: 'not-tests', severity: 'error', from: { path: '^(src|commands)/' }, to: { path: '^test/' } },
    {
      name: 'kernel-and-wire-without-io',
      severity: 'error',
      from: { path: '^src/(kernel|wire)/' },
      to: { dependencyTypes: ['core'], pathNot: '^(node:)?(crypto|buffer|util)$' },
    },
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    tsConfig: { fileName: 'tsconfig.json' },
    tsPreCompilationDeps: true,
    enhancedResolveOptions: { extensions: ['.ts', '.js'] },
  },
}
