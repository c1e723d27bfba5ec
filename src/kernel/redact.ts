const USERINFO = /([a-z][a-z0-9+.-]*:\/\/)[^/?#\s"'<>]*@/gi

/** `url` without user and password. What is not a URL comes back with anything that looks like user info cut out. */
export function redactUrl(url: string): string {
  try {
    const parsed = new URL(url)
    if (parsed.username === '' && parsed.password === '') return url
    parsed.username = ''
    parsed.password = ''
    return parsed.href
  } catch {
    return redactText(url)
  }
}

/** `text` with the user info of every URL in it replaced by `***`. For messages that come from elsewhere. */
export function redactText(text: string): string {
  return text.replace(USERINFO, '$1***@')
}
