import { Link } from '@tanstack/react-router'
import { Plus } from 'lucide-react'
import { useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../client/data'
import type { Fact, Paper, Reading, Ref } from '../client/types'
import { readDay } from '../field/date'
import { group } from '../field/format'
import { digits } from '../field/input'
import { choiceLabel, fieldLabel } from '../field/label'
import { RefInput } from '../field/ref'
import { cx } from '../ui/cx'
import { composing } from '../ui/key'
import { Segments } from '../ui/segments'
import { Select } from '../ui/select'
import { checkFor, factNames, inOrder, sureness } from './facts'
import { Learnt } from './learnt'
import { reasonOf } from './reason'
import { CheckLine, Sureness } from './source'

const money = ['amount', 'total', 'net', 'tax']
const days = ['paid_on', 'issued_on']

export interface FactFormProps {
  paper: Paper
  lessons?: Reading['lessons']
  /** What the paper is, or what a person says that it is where the reader cannot tell. */
  kind: string
  onKind: (kind: string) => void
  draft: Record<string, string>
  wrong: Record<string, string>
  lit?: string
  onLit: (name: string | undefined) => void
  onChange: (name: string, value: string) => void
  customer: Ref | null
  onCustomer: (c: Ref | null) => void
}

/** What was read, fact by fact. Tab lights its place, E corrects, Enter (when nothing is being typed) accepts the paper. */
export function FactForm(p: FactFormProps) {
  const { t } = useTranslation()
  const { paper } = p
  const mayMake = useMay('customer', 'create')
  const [editing, setEditing] = useState<string>()
  const [more, setMore] = useState<string[]>([])
  const must = p.kind === 'invoice' ? ['invoice_no', 'issued_on', 'total'] : ['paid_on', 'amount']
  const have = paper.facts.map((f) => f.name)
  const missing = [...must, ...more].filter(
    (n, i, all) => !have.includes(n) && all.indexOf(n) === i && !(n === 'amount' && have.includes('total')),
  )
  const facts = inOrder<Fact>([...paper.facts, ...missing.map((name) => ({ name, value: '', confidence: 0 }))])
  const rest = factNames.filter((n) => !facts.some((f) => f.name === n) && n !== 'currency' && n !== 'total')
  const general = paper.checks.filter((c) => c.result !== 'pass' && !facts.some((f) => checkFor(f.name, paper.checks, facts) === c))
  const step = (name: string, by: number) => {
    const next = facts[facts.findIndex((f) => f.name === name) + by]
    if (next) document.getElementById(`fact-${next.name}`)?.focus()
  }
  return (
    <div className="min-h-0 flex-1 overflow-auto px-4 py-2 max-md:flex-none max-md:overflow-visible">
      {paper.state !== 'filed' && (paper.reason || paper.detail) && (
        <p role="note" className="mb-2 rounded-md bg-warn-tint px-3 py-2 text-warn">
          {reasonOf(paper.reason ?? paper.state, paper.detail)}
          {paper.other && (
            <Link to="/$plural" params={{ plural: 'receipts' }} search={{ id: paper.other.id } as never} className="ml-2 underline">
              {paper.other.title}
            </Link>
          )}
        </p>
      )}
      {paper.kind === 'other' && (
        <div className="mb-2 flex items-center gap-3">
          <span className="text-xs text-muted">{t('queue.kind')}</span>
          <Segments
            label={t('queue.kind')}
            value={p.kind}
            options={['slip', 'invoice'].map((k) => [k, choiceLabel('receipt', 'type', k)])}
            onChange={p.onKind}
          />
        </div>
      )}
      {general.map((c) => (
        <CheckLine key={c.check} check={c} />
      ))}
      <div onMouseLeave={() => p.onLit(undefined)}>
        {facts.map((f) => {
          const check = checkFor(f.name, paper.checks, facts)
          const changed = f.name in p.draft && p.draft[f.name] !== f.value
          return (
            <FactLine
              key={f.name}
              type={p.kind}
              fact={changed ? { ...f, value: p.draft[f.name]!, by: 'person' } : f}
              was={changed ? f.value : undefined}
              lessons={p.lessons}
              error={p.wrong[f.name]}
              check={check && check.result !== 'pass' ? check : undefined}
              lit={p.lit === f.name}
              editing={editing === f.name}
              onLit={() => p.onLit(f.name)}
              onEdit={() => setEditing(f.name)}
              onDone={(value, by) => {
                setEditing(undefined)
                if (value !== undefined && value !== (p.draft[f.name] ?? f.value)) p.onChange(f.name, value)
                // The row is there again after the next paint.
                if (by !== null) requestAnimationFrame(() => (by ? step(f.name, by) : document.getElementById(`fact-${f.name}`)?.focus()))
              }}
            />
          )
        })}
      </div>
      {rest.length > 0 && (
        <div className="relative mt-1 w-fit">
          <span className="pointer-events-none absolute left-2 top-1/2 -translate-y-1/2 text-muted">
            <Plus size={13} aria-hidden />
          </span>
          <Select
            bar
            aria-label={t('fact.add')}
            value=""
            className="[&>select]:border-transparent! [&>select]:bg-transparent [&>select]:pl-7! [&>select]:text-muted"
            onChange={(e) => {
              setMore([...more, e.target.value])
              setEditing(e.target.value)
            }}
          >
            <option value="">{t('fact.add')}</option>
            {rest.map((n) => (
              <option key={n} value={n}>
                {fieldLabel('receipt', { name: n })}
              </option>
            ))}
          </Select>
        </div>
      )}
      <div className="mt-2 flex flex-col gap-1 border-t border-line pt-3">
        <span aria-hidden className="text-xs text-muted">
          {t('queue.customer')}
        </span>
        <RefInput kind="customer" label={t('queue.customer')} value={p.customer} onChange={p.onCustomer} />
        {(paper.proposals?.length ?? 0) > 0 && (
          <p className="flex flex-wrap items-center gap-1 text-xs text-muted">
            {t('queue.proposals')}
            {paper.proposals!.map((c) => (
              <button
                key={c.id}
                type="button"
                aria-pressed={p.customer?.id === c.id}
                onClick={() => p.onCustomer({ id: c.id, title: c.title })}
                className="h-6 rounded-[4px] bg-accent-tint px-1.5 text-accent hover:underline max-md:h-11"
              >
                {c.title}
              </button>
            ))}
          </p>
        )}
        {!p.customer && mayMake && (
          <button
            type="button"
            onClick={() => p.onCustomer({ id: 'new', title: t('queue.new_customer') })}
            className="h-6 self-start rounded-[4px] bg-accent-tint px-1.5 text-xs text-accent hover:underline max-md:h-11"
          >
            {t('queue.new_customer')}
          </button>
        )}
        <p className="text-xs text-muted">{t('queue.customer_note')}</p>
      </div>
    </div>
  )
}

interface LineProps {
  /** Of the paper: an invoice's direction has words of its own. */
  type: string
  fact: Fact
  was?: string
  lessons?: Reading['lessons']
  error?: string
  check?: Paper['checks'][number]
  lit: boolean
  editing: boolean
  onLit: () => void
  onEdit: () => void
  /** `by` says which row has the focus next; null leaves it where a click put it. */
  onDone: (value: string | undefined, by: number | null) => void
}

function FactLine({ type, fact, was, lessons, error, check, lit, editing, onLit, onEdit, onDone }: LineProps) {
  const { t } = useTranslation()
  const label = fieldLabel('receipt', { name: fact.name })
  const { word } = sureness(fact)
  const shown = money.includes(fact.name)
    ? group(fact.value)
    : fact.name === 'direction' && fact.value
      ? choiceLabel('receipt', 'direction', fact.value, { type })
      : fact.value
  if (editing)
    return (
      <div className="-mx-2 grid grid-cols-[76px_minmax(0,1fr)] items-center gap-2 rounded-md bg-picked px-2 py-0.5">
        <label htmlFor={`edit-${fact.name}`} className="truncate text-xs text-muted">
          {label}
        </label>
        <Edit type={type} fact={fact} onDone={onDone} />
      </div>
    )
  return (
    <div
      id={`fact-${fact.name}`}
      tabIndex={0}
      role="group"
      aria-label={`${label} ${shown || t('fact.missing')} ${t(word)}`}
      onFocus={onLit}
      onMouseEnter={onLit}
      onDoubleClick={onEdit}
      onClick={() => matchMedia('(max-width: 767px)').matches && onEdit()}
      onKeyDown={(e) => {
        if (e.key.toLowerCase() === 'e' && !e.ctrlKey && !e.metaKey && !composing(e)) {
          e.preventDefault()
          e.stopPropagation()
          onEdit()
        }
      }}
      className={cx(
        '-mx-2 grid min-h-8 cursor-default grid-cols-[76px_minmax(0,1fr)_auto_44px] items-baseline gap-2 rounded-md px-2 py-1.5 focus-visible:-outline-offset-2 max-md:min-h-11 max-md:items-center',
        lit && 'bg-picked',
      )}
    >
      <span className="truncate text-xs text-muted">{label}</span>
      <span className="min-w-0 break-words figures">
        {shown ? (
          <span className={money.includes(fact.name) ? 'font-medium' : ''}>{shown}</span>
        ) : (
          <span className="text-bad">{t('fact.missing')}</span>
        )}
        <Learnt fact={fact} lessons={lessons} />
        {was !== undefined && was !== '' && <del className="ml-2 text-xs text-muted">{was}</del>}
        {check && <CheckLine check={check} />}
        {error && <span className="block text-xs text-bad">{error}</span>}
      </span>
      <span className={cx('text-xs', fact.by === 'person' ? 'text-accent' : (fact.confidence ?? 0) >= 0.9 ? 'text-muted' : 'text-warn')}>
        {fact.value && t(word)}
      </span>
      <span className="-translate-y-1">{fact.value && <Sureness fact={fact} />}</span>
    </div>
  )
}

function Edit({ type, fact, onDone }: { type: string; fact: Fact; onDone: LineProps['onDone'] }) {
  const [value, setValue] = useState(fact.value)
  const over = useRef(false)
  const done: LineProps['onDone'] = (v, by) => {
    if (over.current) return
    over.current = true
    onDone(v, by)
  }
  const clean = () => (money.includes(fact.name) ? digits(value) : days.includes(fact.name) ? readDay(value) : value.trim())
  const keys = (e: React.KeyboardEvent) => {
    if (composing(e)) return
    if (e.key === 'Enter' || e.key === 'Tab') {
      e.preventDefault()
      e.stopPropagation()
      done(clean(), e.shiftKey ? -1 : 1)
    } else if (e.key === 'Escape') {
      e.preventDefault()
      e.stopPropagation()
      done(undefined, 0)
    }
  }
  const common = { id: `edit-${fact.name}`, value, autoFocus: true, onKeyDown: keys, className: 'control w-full' }
  if (fact.name === 'direction')
    return (
      <Select {...common} className="w-full" onChange={(e) => setValue(e.target.value)} onBlur={() => done(clean(), null)}>
        <option value="" />
        {['in', 'out'].map((d) => (
          <option key={d} value={d}>
            {choiceLabel('receipt', 'direction', d, { type })}
          </option>
        ))}
      </Select>
    )
  return (
    <input
      {...common}
      inputMode={money.includes(fact.name) ? 'decimal' : undefined}
      spellCheck={false}
      placeholder={days.includes(fact.name) ? 'YYYY-MM-DD' : undefined}
      onFocus={(e) => e.target.select()}
      onChange={(e) => setValue(e.target.value)}
      onBlur={() => done(clean(), null)}
    />
  )
}
