import { useTranslation } from 'react-i18next'
import { Kbd } from '../ui/button'
import { keyName, useCommandList } from '../ui/command'
import { Dialog } from '../ui/dialog'

/** What the keyboard can do on this page: the very list that acts on it. */
export function Shortcuts({ onClose }: { onClose: () => void }) {
  const { t } = useTranslation()
  const commands = useCommandList().filter((c) => c.keys?.length && !c.disabled)
  const groups = [...new Set(commands.map((c) => c.group ?? 'app'))]
  return (
    <Dialog open onClose={onClose} title={t('shortcut.title')}>
      {groups.map((g) => (
        <section key={g} className="pb-3">
          <h3 className="pb-1 text-xs font-medium text-muted">{t(`shortcut.${g}`)}</h3>
          <dl>
            {commands
              .filter((c) => (c.group ?? 'app') === g)
              .map((c) => (
                <div key={c.id} className="flex h-8 items-center justify-between border-t border-line">
                  <dt>{c.title}</dt>
                  <dd className="flex gap-1">
                    {c.keys!.map((k) => (
                      <Kbd key={k}>{keyName(k)}</Kbd>
                    ))}
                  </dd>
                </div>
              ))}
          </dl>
        </section>
      ))}
    </Dialog>
  )
}
