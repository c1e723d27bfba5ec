import { string as argument } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { EXIT_CODES } from '../../src/kernel/errors.ts'
import type { EvidenceVerdict } from '../../src/recording/export/index.ts'

/** Exits 8 when anything contradicts the manifest. */
export default class ArchiveCheckEvidence extends BaseCommand {
  static override summary = 'Verify an exported clip against its signed manifest'
  static override description =
    `Needs the clip and its manifest and nothing else: no daemon, no configuration, no network. Says what is proved and what is not: a
signature is worth as much as what is known of its key, so compare the fingerprint with the one that the site gave, by
--fingerprint or --public-key. Exits with 8 when the clip or the manifest was changed, or another key signed.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> clip.mp4',
    '<%= config.bin %> <%= command.id %> clip.mp4.evidence.json --public-key site.pem --json',
  ]
  static override args = {
    file: argument({ required: true, description: 'manifest, or clip with its manifest beside it' }),
  }
  static override flags = {
    'public-key': string({ description: 'PEM file of the key that must have signed' }),
    fingerprint: string({ description: 'its fingerprint, as the export printed it: SHA256:...' }),
  }

  async run(): Promise<EvidenceVerdict> {
    const { args, flags } = await this.parse(ArchiveCheckEvidence)
    const { checkEvidence, readPublicKey } = await import('../../src/recording/export/index.ts')
    const { interruptible } = await import('../../src/cli/long-work.ts')
    const named = flags['public-key']
    const key = named === undefined ? undefined : await readPublicKey(named)
    const expected = { key, fingerprint: flags.fingerprint }
    const verdict = await interruptible(signal => checkEvidence({ path: args.file, expected, signal }))
    if (!verdict.ok) this.fail(EXIT_CODES.check)
    if (!this.jsonEnabled() && !(flags.quiet && verdict.ok)) {
      const { renderVerdict } = await import('../../src/cli/export-view.ts')
      this.log(renderVerdict(verdict))
    }
    return verdict
  }
}
