import { type ReactNode, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { Problem } from '../client/call'
import { count } from '../field/format'
import { Button } from '../ui/button'
import { Dialog } from '../ui/dialog'

/** An act that would move more records than anybody moves by accident names their number first. Answers undefined where the person thinks again. */
export function useConfirmed(): [<T>(act: (confirm?: number) => Promise<T>, known?: number) => Promise<T | undefined>, ReactNode] {
  const { t } = useTranslation()
  const [asked, setAsked] = useState<{ n: number; answer: (yes: boolean) => void }>()
  const ask = (n: number) => new Promise<boolean>((answer) => setAsked({ n, answer }))
  const answer = (yes: boolean) => {
    asked?.answer(yes)
    setAsked(undefined)
  }
  const run = async <T,>(act: (confirm?: number) => Promise<T>, known?: number): Promise<T | undefined> => {
    let sure = known
    if (known && !(await ask(known))) return undefined
    for (;;)
      try {
        return await act(sure)
      } catch (e) {
        const n = e instanceof Problem && e.detail === 'error.confirm_moves' ? Number(e.fields.confirm) : 0
        if (!n) throw e
        if (!(await ask(n))) return undefined
        sure = n
      }
  }
  return [
    run,
    asked && (
      <Dialog
        key="confirm"
        open
        onClose={() => answer(false)}
        title={t('revision.confirm', { n: count(asked.n) })}
        note={t('revision.confirm_note')}
        foot={
          <>
            <Button form onClick={() => answer(false)}>
              {t('act.cancel')}
            </Button>
            <Button form tone="primary" onClick={() => answer(true)}>
              {t('revision.confirm_yes', { n: count(asked.n) })}
            </Button>
          </>
        }
      />
    ),
  ]
}
