import { lazy, Suspense } from 'react'
import type { Ask } from '../client/data'
import type { Face, Field, Filter, Kind, Rec } from '../client/types'
import { Skeleton } from '../ui/wait'
import { Board } from './board'
import { Calendar } from './calendar'
import { FaceHead } from './facebar'
import { measureOf } from './face'
import { within } from './group'
import type { Steps } from './steps'

const Figures = lazy(() => import('./figures').then((m) => ({ default: m.Figures })))

export interface FacedProps {
  kind: Kind
  ask: Ask
  face: Face
  onFace: (face: Face) => void
  columns: Field[]
  openId?: string
  onOpen: (r: Rec) => void
  onWatch: (operation: string) => void
  steps: Steps
  narrow: boolean
  day?: string
  onDay: (day: string | undefined) => void
  /** Shows the rows behind a figure. */
  onDrill: (f: Filter) => void
}

/** The records of a list with another face than the grid. */
export function Faced(p: FacedProps) {
  const { kind, face } = p
  const by = face.by?.[0]
  const field = kind.fields.find((f) => f.name === by?.field)
  if (!field) return null
  if (face.as === 'calendar')
    return (
      <Calendar
        {...p}
        key={field.name}
        field={field}
        head={(rest) => <FaceHead kind={kind} face={face} onChange={p.onFace} children={rest} />}
      />
    )
  if (face.as === 'board')
    return (
      <>
        <FaceHead kind={kind} face={face} onChange={p.onFace} />
        <Board {...p} key={field.name} field={field} />
      </>
    )
  const filter = measureOf(kind, face).filter
  return (
    <Suspense fallback={<Skeleton lines={10} />}>
      <Figures
        kind={kind}
        ask={filter ? within(p.ask, filter) : p.ask}
        face={face}
        onDrill={(f) => p.onDrill(filter ? { and: [filter, f] } : f)}
        head={(rest) => <FaceHead kind={kind} face={face} onChange={p.onFace} children={rest} />}
      />
    </Suspense>
  )
}
