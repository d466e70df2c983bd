import { useTranslation } from 'react-i18next'
import { Hint } from '../ui/button'

/** Marks a value that is computed, and says by which formula. */
export function Fx({ formula }: { formula: string }) {
  const { t } = useTranslation()
  return (
    <Hint text={<code className="break-all font-mono text-xs">{formula}</code>}>
      <button
        type="button"
        aria-label={t('form.formula', { formula })}
        className="rounded-[4px] bg-tag px-1 font-mono text-[11px] italic leading-4 text-muted"
      >
        fx
      </button>
    </Hint>
  )
}
