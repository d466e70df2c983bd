import { Upload } from 'lucide-react'
import { useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { useMay } from '../client/data'
import type { Ref } from '../client/types'
import { Button } from '../ui/button'
import type { Give } from './data'

/** Chooses files that are put to a customer as one kind. */
export function GiveButton({ customer, kind, again, onGive }: { customer: Ref; kind: Ref; again?: boolean; onGive: Give }) {
  const { t } = useTranslation()
  const input = useRef<HTMLInputElement>(null)
  const label = t(again ? 'cabinet.renew_for' : 'cabinet.give_for', { kind: kind.title, customer: customer.title })
  if (!useMay('document', 'create')) return null
  return (
    <>
      <input
        ref={input}
        type="file"
        multiple
        hidden
        aria-label={label}
        onChange={(e) => {
          if (e.target.files?.length) onGive(customer, kind, e.target.files)
          e.target.value = ''
        }}
      />
      <Button icon={Upload} aria-label={label} onClick={() => input.current?.click()}>
        {again ? t('cabinet.renew') : kind.title}
      </Button>
    </>
  )
}
