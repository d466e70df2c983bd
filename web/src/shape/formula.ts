import type { Kind } from '../client/types'

/** What a formula may call. */
export const functions = [
  'if',
  'coalesce',
  'round',
  'abs',
  'min',
  'max',
  'amount',
  'days',
  'year',
  'quarter',
  'month',
  'day',
  'length',
  'left',
  'right',
  'contains',
]

const usable = ['text', 'longtext', 'phone', 'email', 'url', 'choice', 'int', 'float', 'money', 'date', 'time', 'bool']

/** Types whose value a formula may give. */
export const computable = ['text', 'int', 'float', 'money', 'date', 'time', 'bool']

export const readable = (kind: Kind) => kind.fields.filter((f) => usable.includes(f.type))

const levels = [['or'], ['and'], ['=', '!=', '<', '<=', '>', '>='], ['+', '-', '&'], ['*', '/']]

/** What is wrong with the words of a formula, as the server would say it, while it is being typed; '' where nothing is. Sorts of value are the server's to check. */
export function faultOf(source: string, kind: Kind, self?: string): string {
  const tokens = source.match(/'[^']*'?|"[^"]*"?|\d[\d.]*|[A-Za-z_][A-Za-z0-9_]*|<=|>=|!=|\S/g) ?? []
  const fields = readable(kind)
  let at = 0
  const fault = (key: string, what?: string) => {
    throw what === undefined ? key : `${key}|${what}`
  }
  const expr = (level: number): void => {
    if (level === levels.length) return unary()
    expr(level + 1)
    while (levels[level]!.includes(tokens[at] ?? '')) {
      at++
      expr(level + 1)
    }
  }
  const unary = (): void => {
    const token = tokens[at++]
    if (token === undefined) return fault('error.formula_end')
    if (token === '-' || token === 'not') return unary()
    if (token === '(') {
      expr(0)
      if (tokens[at++] !== ')') fault('error.formula_bracket')
      return
    }
    if (/^['"]/.test(token)) return token.length > 1 && token.endsWith(token[0]!) ? undefined : fault('error.formula_unexpected', token)
    if (/^\d/.test(token)) return Number.isNaN(Number(token)) ? fault('error.formula_unexpected', token) : undefined
    if (!/^[A-Za-z_]/.test(token)) return fault('error.formula_unexpected', token)
    if (tokens[at] !== '(') {
      if (token === self) return fault('error.formula_circle')
      if (fields.some((f) => f.name === token)) return
      return fault(kind.fields.some((f) => f.name === token) ? 'error.formula_not_usable' : 'error.formula_field', token)
    }
    if (!functions.includes(token)) return fault('error.formula_function', token)
    at++
    while (tokens[at] !== ')') {
      expr(0)
      if (tokens[at] === ',') at++
      else if (tokens[at] !== ')') fault('error.formula_bracket')
    }
    at++
  }
  try {
    expr(0)
    return at < tokens.length ? `error.formula_unexpected|${tokens[at]}` : ''
  } catch (e) {
    if (typeof e === 'string') return e
    throw e
  }
}
