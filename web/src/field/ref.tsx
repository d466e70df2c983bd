import { Combobox } from '@base-ui/react/combobox'
import { useQuery } from '@tanstack/react-query'
import { X } from 'lucide-react'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { post } from '../client/call'
import { useKind } from '../client/data'
import type { Page, Rec, Ref } from '../client/types'

/** Finds a record of one kind by typing a part of it. */
export function RefInput({
  kind,
  value,
  onChange,
  label,
  ...ids
}: {
  kind: string
  value: Ref | null
  onChange: (ref: Ref | null) => void
  label?: string
  id?: string
  'aria-invalid'?: boolean
  'aria-describedby'?: string
}) {
  const { t } = useTranslation()
  const of = useKind(kind)
  const [words, setWords] = useState('')
  const [open, setOpen] = useState(false)
  const typed = words === value?.title ? '' : words
  const { data, isFetching } = useQuery({
    queryKey: [kind, 'pick', typed],
    enabled: open && !!of,
    queryFn: ({ signal }) => post<Page<Rec>>(`/${of!.plural}:query`, { q: typed, limit: 20 }, { signal }),
  })
  const items: Ref[] = (data?.data ?? []).map((r) => ({ id: r.id, title: r.title }))
  return (
    <Combobox.Root<Ref>
      items={items}
      filter={null}
      value={value}
      onValueChange={(v) => onChange(v)}
      onInputValueChange={setWords}
      onOpenChange={setOpen}
      itemToStringLabel={(r) => r.title}
      isItemEqualToValue={(a, b) => a.id === b.id}
    >
      <span className="relative flex">
        <Combobox.Input {...ids} aria-label={label} placeholder={t('act.find')} className="control w-full pr-8" />
        {value && (
          <Combobox.Clear
            aria-label={t('act.clear')}
            className="absolute right-1 top-1/2 grid size-6 -translate-y-1/2 place-items-center rounded-md text-muted hover:bg-hover"
          >
            <X size={13} aria-hidden />
          </Combobox.Clear>
        )}
      </span>
      <Combobox.Portal>
        <Combobox.Positioner sideOffset={4} align="start" className="z-60">
          <Combobox.Popup className="popup max-h-72 w-[max(var(--anchor-width),240px)] overflow-auto p-1">
            <Combobox.Empty className="px-2 py-1.5 text-sm text-muted empty:hidden">
              {isFetching || !data ? '' : t('empty.find')}
            </Combobox.Empty>
            <Combobox.List aria-label={label ?? t('act.find')}>
              {(r: Ref) => (
                <Combobox.Item
                  key={r.id}
                  value={r}
                  className="flex h-8 cursor-pointer items-center truncate rounded-md px-2 outline-none data-[highlighted]:bg-hover data-[selected]:font-medium data-[selected]:text-accent max-md:h-11"
                >
                  {r.title}
                </Combobox.Item>
              )}
            </Combobox.List>
          </Combobox.Popup>
        </Combobox.Positioner>
      </Combobox.Portal>
    </Combobox.Root>
  )
}
