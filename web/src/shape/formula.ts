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

class Fault extends Error {}

/** What is wrong with the words of a formula, as the server would say it, while it is being typed; '' where nothing is. Sorts of value are the server's to check. */
export function faultOf(source: string, kind: Kind, self?: string): string {
  const tokens = source.match(/'[^']*'?|"[^"]*"?|\d[\d.]*|[A-Za-z_][A-Za-z0-9_]*|<=|>=|!=|\S/g) ?? []
  const fields = readable(kind)
  let at = 0
  const fault = (key: string, what?: string): never => {
    throw new Fault(what === undefined ? key : `${key}|${what}`)
  }
  const expr = (level: number) => {
    if (level === levels.length) {
      unary()
      return
    }
    expr(level + 1)
    while (levels[level]!.includes(tokens[at] ?? '')) {
      at++
      expr(level + 1)
    }
  }
  const unary = () => {
    const token = tokens[at++] ?? fault('error.formula_end')
    if (token === '-' || token === 'not') unary()
    else if (token === '(') {
      expr(0)
      if (tokens[at++] !== ')') fault('error.formula_bracket')
    } else if (/^['"]/.test(token)) {
      if (token.length < 2 || !token.endsWith(token[0]!)) fault('error.formula_unexpected', token)
    } else if (/^\d/.test(token)) {
      if (Number.isNaN(Number(token))) fault('error.formula_unexpected', token)
    } else if (!/^[A-Za-z_]/.test(token)) fault('error.formula_unexpected', token)
    else if (tokens[at] === '(') operands(token)
    else if (token === self) fault('error.formula_circle')
    else if (!fields.some((f) => f.name === token))
      fault(kind.fields.some((f) => f.name === token) ? 'error.formula_not_usable' : 'error.formula_field', token)
  }
  const operands = (name: string) => {
    if (!functions.includes(name)) fault('error.formula_function', name)
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
    if (e instanceof Fault) return e.message
    throw e
  }
}
