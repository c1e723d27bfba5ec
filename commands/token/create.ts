import { string } from '@oclif/core/flags'
import type { IssuedToken } from '../../src/access/index.ts'
import { BaseCommand } from '../../src/cli/base-command.ts'
import { currentUser, selectionFlags } from '../../src/cli/camera-selection.ts'
import { stateDirOf } from '../../src/cli/daemon-client.ts'
import { loadSite } from '../../src/cli/load-site.ts'

export default class TokenCreate extends BaseCommand {
  static override summary = 'Give out an access token for watching cameras'
  static override description =
    `The token is printed once and kept nowhere: whoever has it may watch those cameras until it runs out or is revoked. Viewers give
it to the watch page, or by RTSP as ?token= of the URL or as the password (any user name; ffmpeg cuts passwords off at 127
characters and so wants ?token=). Of a group, the cameras that it has now are meant; --all means those too that are added later.
It needs no daemon; a running one knows of it within two seconds.`
  static override examples = [
    '<%= config.bin %> <%= command.id %> --user anna --camera gate-1',
    '<%= config.bin %> <%= command.id %> --user wall --group outside --for 30d --note "screen in the lobby"',
    '<%= config.bin %> <%= command.id %> --user night-shift --all --for 12h --quiet > night-shift.token',
    "<%= config.bin %> <%= command.id %> --user anna --camera gate-1 --camera gate-2 --json | jq -r '.token'",
  ]
  static override flags = {
    user: string({ char: 'u', required: true, description: 'whom it is for; viewers are counted by this name' }),
    camera: string({ multiple: true, description: 'camera by id; may be given many times' }),
    ...selectionFlags,
    for: string({ default: '8h', description: 'how long it holds, 1m to 365d' }),
    note: string({ description: 'what it is for, for the list' }),
  }

  async run(): Promise<IssuedToken> {
    const { flags } = await this.parse(TokenCreate)
    const quiet = flags.quiet || this.jsonEnabled()
    const { config } = await loadSite({ config: flags.config, quiet })
    const { createToken } = await import('../../src/cli/token-site.ts')
    const { describeIssued } = await import('../../src/cli/token-view.ts')
    const { user, camera: cameras = [], group, all, for: life, note } = flags
    const wish = { user, cameras, group, all, life, note, by: currentUser() }
    const issued = await createToken(config, stateDirOf(flags), wish)
    if (!quiet) process.stderr.write(`${describeIssued(issued, config.site.timezone)}\n`)
    // With --quiet, too: nobody can ask for it again.
    if (!this.jsonEnabled()) this.log(issued.token)
    return issued
  }
}
