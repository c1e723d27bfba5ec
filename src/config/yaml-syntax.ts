import type { ErrorCode } from 'yaml'

interface Sentence {
  readonly message: string
  readonly hint?: string
}

const QUOTES = 'put quotes around a text with : # { } [ ] , & * ! | > % @ in it'
const INDENT = 'entries of one list or mapping begin in the same column'

/** Our words for the YAML parser's faults. Its own would quote the file, and so a password that stands in it. */
const SENTENCES: Readonly<Record<ErrorCode, Sentence>> = {
  ALIAS_PROPS: { message: 'an alias (*name) cannot have an anchor or a tag', hint: QUOTES },
  BAD_ALIAS: { message: 'not the name of an alias', hint: QUOTES },
  BAD_COLLECTION_TYPE: { message: 'a tag that does not fit what follows it', hint: 'leave the tag out' },
  BAD_DIRECTIVE: { message: 'a directive (%) has no place here', hint: QUOTES },
  BAD_DQ_ESCAPE: {
    message: 'an escape after \\ that is not known',
    hint: "double it (\\\\), or use single quotes ('...')",
  },
  BAD_INDENT: { message: 'indented in a way that does not fit the lines above', hint: INDENT },
  BAD_PROP_ORDER: { message: 'an anchor or tag at the wrong place', hint: QUOTES },
  BAD_SCALAR_START: { message: 'a text cannot begin with this character', hint: QUOTES },
  BLOCK_AS_IMPLICIT_KEY: {
    message: 'a second "key: value" on one line, or a line indented too far',
    hint: `${QUOTES}; ${INDENT}`,
  },
  BLOCK_IN_FLOW: {
    message: 'a comma or a closing bracket is missing',
    hint: 'within { } and [ ], entries are parted by commas',
  },
  DUPLICATE_KEY: { message: 'a key is here twice', hint: 'keep one of the two' },
  IMPOSSIBLE: { message: 'not YAML', hint: QUOTES },
  KEY_OVER_1024_CHARS: { message: 'a key of more than 1024 characters', hint: 'is a quote missing?' },
  MISSING_CHAR: {
    message: 'a colon, a comma, a quote or a bracket is missing',
    hint: 'a quote or bracket that was opened is closed; a key is followed by a colon and a space',
  },
  MULTILINE_IMPLICIT_KEY: {
    message: 'a key that goes over several lines',
    hint: 'is a colon missing, or the indentation wrong?',
  },
  MULTIPLE_ANCHORS: { message: 'more than one anchor (&name)', hint: QUOTES },
  MULTIPLE_DOCS: {
    message: 'a second YAML document begins',
    hint: 'a configuration is one document; take the line --- out',
  },
  MULTIPLE_TAGS: { message: 'more than one tag (!name)', hint: QUOTES },
  NON_STRING_KEY: { message: 'a key that is not a text', hint: QUOTES },
  RESOURCE_EXHAUSTION: { message: 'nested too deep' },
  TAB_AS_INDENT: { message: 'a tab in the indentation', hint: 'YAML is indented with spaces only; replace the tab' },
  TAG_RESOLVE_FAILED: { message: 'a tag (!name) has no meaning in this file', hint: QUOTES },
  UNEXPECTED_TOKEN: { message: 'something that YAML does not expect here', hint: QUOTES },
}

export function syntaxSentence(code: ErrorCode): Sentence {
  return SENTENCES[code] ?? SENTENCES.IMPOSSIBLE
}
