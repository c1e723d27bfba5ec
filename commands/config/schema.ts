import { BaseCommand } from '../../src/cli/base-command.ts'
import { configSchema } from '../../src/config/index.ts'

export default class ConfigSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of vms.yaml, for editors'

  static override description =
    `Editors with the YAML language server (VS Code, Neovim, Helix and others) complete and check vms.yaml with it.
Write it beside the file, and make this the first line of vms.yaml:

  # yaml-language-server: $schema=./vms.schema.json`

  static override examples = ['<%= config.bin %> <%= command.id %> > vms.schema.json']

  async run(): Promise<unknown> {
    await this.parse(ConfigSchema)
    const schema = await configSchema()
    if (!this.jsonEnabled()) this.log(JSON.stringify(schema, undefined, 2))
    return schema
  }
}
