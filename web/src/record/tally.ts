import i18next from 'i18next'
import type { Field } from '../client/types'
import { count, group, isMoney, money } from '../field/format'
import { broad, type Rect, single, tall } from './range'
import type { Rows } from './rows'

const most = 20_000

/** Adds up decimals on their digits, as amounts are kept. */
export function addUp(amounts: string[]): { sum: string; average: string } {
  const parts = amounts.map((a) => a.split('.'))
  const places = Math.max(0, ...parts.map(([, rest]) => rest?.length ?? 0))
  const total = parts.reduce((n, [whole = '0', rest = '']) => n + BigInt(whole + rest.padEnd(places, '0')), 0n)
  const say = (n: bigint) => {
    const text = (n < 0n ? -n : n).toString().padStart(places + 1, '0')
    return (n < 0n ? '-' : '') + (places ? `${text.slice(0, -places)}.${text.slice(-places)}` : text)
  }
  const many = BigInt(amounts.length || 1)
  const half = total < 0n ? -many / 2n : many / 2n
  return { sum: say(total), average: say((total + half) / many) }
}

/** What the cells that are held come to, as a sheet's foot says it; nothing for a single one. */
export function tallied(held: Rect | null, columns: Field[], rows: Rows): string | undefined {
  if (!held || single(held) || tall(held) * broad(held) > most) return undefined
  const sums = new Map<string, string[]>()
  const add = (currency: string, amount: string) => {
    if (!sums.has(currency)) sums.set(currency, [])
    sums.get(currency)!.push(amount)
  }
  let filled = 0
  for (let i = held.top; i <= held.bottom; i++) {
    const r = rows.at(i)
    for (let j = held.left; r && j <= held.right; j++) {
      const v = r[columns[j]!.name]
      if (v === null || v === undefined || v === '' || (Array.isArray(v) && v.length === 0)) continue
      filled++
      if (isMoney(v)) add(v.currency, v.amount)
      else if (typeof v === 'number' && Number.isFinite(v) && !String(v).includes('e')) add('', String(v))
    }
  }
  const said = [i18next.t('cell.held', { n: count(filled) })]
  for (const [currency, amounts] of sums) {
    const { sum, average } = addUp(amounts)
    const say = (amount: string) => (currency ? money({ amount, currency }) : group(amount))
    said.push(`${i18next.t('cell.sum', { n: say(sum) })}${i18next.t('mark.clause')}${i18next.t('group.average', { n: say(average) })}`)
  }
  return said.join(i18next.t('mark.semicolon'))
}
