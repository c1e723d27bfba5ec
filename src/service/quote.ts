/** A word of a systemd command line or value (systemd.service(5), "Command lines"): quoted where needed, `%` and `$` doubled. */
export function systemdWord(text: string): string {
  const escaped = text.replaceAll('%', '%%').replaceAll('$', '$$$$')
  return /^[\w@%+=:,./$-]+$/.test(escaped) ? escaped : `"${escaped.replace(/[\\"]/g, '\\$&')}"`
}

/** A word of a crontab's command: quoted for the shell, and `%`, which cron takes for a line's end, escaped. */
export function crontabWord(text: string): string {
  const quoted = /^[\w@+=:,./%-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`
  return quoted.replaceAll('%', '\\%')
}
