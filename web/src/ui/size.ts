import { useSyncExternalStore } from 'react'

/** Whether the window answers to a media query. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const m = matchMedia(query)
      m.addEventListener('change', changed)
      return () => m.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}

export const useNarrow = () => useMedia('(max-width: 767px)')

const heard = new Set<() => void>()

/** A choice kept on this device: theme, density, whether a column is folded. */
export function useKept(key: string, otherwise: string): [string, (v: string) => void] {
  const value = useSyncExternalStore(
    (l) => {
      heard.add(l)
      return () => heard.delete(l)
    },
    () => localStorage.getItem(key) ?? otherwise,
  )
  return [
    value,
    (v) => {
      localStorage.setItem(key, v)
      for (const l of heard) l()
    },
  ]
}
