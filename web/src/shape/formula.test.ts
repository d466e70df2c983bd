import { expect, test } from 'vitest'
import type { Kind } from '../client/types'
import { faultOf } from './formula'

const kind: Kind = {
  kind: 'x_device',
  plural: 'x_devices',
  prefix: 'xdevice',
  fields: [
    { name: 'name', type: 'text' },
    { name: 'x_price', type: 'money' },
    { name: 'x_count', type: 'int' },
    { name: 'x_tags', type: 'choices' },
  ],
}

test('a formula is read while it is typed', () => {
  const good = [
    'x_price * x_count',
    "if(x_count >= 10 and not contains(name, 'a b'), x_price, coalesce())",
    '-(1 + 2.5) / x_count',
    'name & "!"',
  ]
  for (const f of good) expect([f, faultOf(f, kind)]).toEqual([f, ''])
  const bad: Record<string, string> = {
    'x_price *': 'error.formula_end',
    '(x_price': 'error.formula_bracket',
    'x_price)': 'error.formula_unexpected|)',
    'nope + 1': 'error.formula_field|nope',
    x_tags: 'error.formula_not_usable|x_tags',
    'sum(x_price)': 'error.formula_function|sum',
    'x_price $ 2': 'error.formula_unexpected|$',
    x_self: 'error.formula_circle',
  }
  for (const [f, fault] of Object.entries(bad)) expect([f, faultOf(f, kind, 'x_self')]).toEqual([f, fault])
})
