import { GraduationCap } from 'lucide-react'
import { useTranslation } from 'react-i18next'
import type { Fact, Learnt as Lesson, Paper, Reading } from '../client/types'
import { count } from '../field/format'
import { fieldLabel } from '../field/label'
import { Hint } from '../ui/button'

/** Beside a value that people's corrections taught to read: from which document, and how often it was right since. */
export function Learnt({ fact, lessons }: { fact: Fact; lessons?: Record<string, Lesson> }) {
  const { t } = useTranslation()
  const lesson = fact.by !== 'person' && fact.lesson ? lessons?.[fact.lesson] : undefined
  if (!lesson) return null
  const text = t('lesson.why', {
    label: lesson.label,
    document: lesson.document?.title || t('lesson.elsewhere'),
    n: count(lesson.confirmed),
  })
  return (
    <Hint text={text} side="left">
      <span role="img" aria-label={text} tabIndex={0} className="ml-1.5 inline-block align-[-2px] text-accent">
        <GraduationCap size={13} aria-hidden />
      </span>
    </Hint>
  )
}

/** What a paper's correction taught, label by label. */
export function Lessons({ paper, lessons }: { paper: Paper; lessons: Reading['lessons'] }) {
  const { t } = useTranslation()
  const taught = paper.taught.map((id) => lessons[id]).filter((l): l is Lesson => !!l)
  if (taught.length === 0) return null
  return (
    <p className="flex gap-1.5 pb-2 text-xs text-muted">
      <GraduationCap size={13} aria-hidden className="mt-[2px] shrink-0 text-accent" />
      <span>
        {t('lesson.taught')}
        {taught.map((l) => t('lesson.pair', { label: l.label, fact: fieldLabel('receipt', { name: l.fact }) })).join(t('mark.comma'))}
      </span>
    </p>
  )
}
