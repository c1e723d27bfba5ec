const USERINFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s"'<>]*@/gi

/** A password among the parameters of a path or query, as some makers' stream URLs have it; or a token of ours. */
const PASSWORD_PARAMETER = /([?&;/](?:password|passwd|pass|pwd|psw|token)=)[^&;#/\s"'<>]+/gi

/** `url` without user and password. What is not a URL comes back with anything that looks like user info cut out. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url)
    if (parsed.username === '' && parsed.password === '') return redactText(url)
    parsed.username = ''
    parsed.password = ''
    return redactText(parsed.href)
  } catch {
    return redactText(url)
  }
}

/** `text` with user info and password parameters of every URL in it replaced by `***`. For messages that come from elsewhere. */
export function redactText(text: string): string {
  return text.replace(USERINFO, '$1***@').replace(PASSWORD_PARAMETER, '$1***')
}
