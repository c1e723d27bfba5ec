import { VmsError } from '../../../kernel/errors.ts'
import { readRelayFile } from '../read-file.ts'
import type { RelayPlan } from '../render/plan.ts'
import { runningConfig } from './apply.ts'
import { diffRelay, type RelayDiff } from './diff.ts'
import { fileConfig, plannedConfig } from './relay-config.ts'
import { attachedRelay, ownRelayFile } from './target.ts'

export interface CompareOptions {
  readonly file: string | undefined
  readonly stateDir: string
  readonly env: NodeJS.ProcessEnv
}

/** Compares a plan with a file, else with the running MediaMTX of `attach`, else with the file of the daemon's own. */
export async function compareRelay(
  plan: RelayPlan,
  options: CompareOptions,
): Promise<{ diff: RelayDiff; with: string }> {
  const { settings, version } = plan
  const wanted = plannedConfig(plan)
  const file = options.file ?? (settings.attach === undefined ? ownRelayFile(options.stateDir) : undefined)
  if (file !== undefined) {
    const present = fileConfig(await readRelayFile(file), file, version)
    return { diff: diffRelay(wanted, present, version), with: file }
  }
  if (settings.attach === undefined)
    throw new VmsError(
      'VMS_E_FILE_NOT_FOUND',
      'there is nothing to compare with: the daemon has not run MediaMTX yet',
      {
        hint: 'Name a file, or a running MediaMTX with mediamtx: { attach: { url: ... } }.',
      },
    )
  const client = await attachedRelay(settings, options.env)
  return { diff: diffRelay(wanted, await runningConfig(client), version), with: settings.attach.url }
}
