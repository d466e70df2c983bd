import type { LucideIcon } from 'lucide-react'
import { useEffect, useRef, useSyncExternalStore } from 'react'
import { composing, typing } from './key'

/** One thing a person can do here: its button, shortcut, palette entry and permission are all this object. */
export interface Command {
  id: string
  title: string
  /** Other words by which the palette finds it: pinyin and its initials. */
  alias?: string
  icon?: LucideIcon
  /** `j`, `Mod+k`, `Shift+?`, `Alt+ArrowUp`; several are alternatives. */
  keys?: string[]
  group?: string
  disabled?: boolean
  /** Also while typing in a field, as Mod+k is. */
  always?: boolean
  run: () => void
}

const layers = new Set<{ current: Command[] }>()
const listeners = new Set<() => void>()
let snapshot: Command[] = []

function announce() {
  snapshot = [...layers].flatMap((l) => l.current)
  for (const l of listeners) l()
}

/** Makes commands available for as long as the caller is on the screen. Later callers win a shortcut, and a page's wins over the app's. */
export function useCommands(commands: Command[]): void {
  const layer = useRef(commands)
  layer.current = commands
  const shape = commands.map((c) => `${c.id}:${c.disabled ? 1 : 0}:${c.title}`).join()
  useEffect(() => {
    layers.add(layer)
    announce()
    return () => {
      layers.delete(layer)
      announce()
    }
  }, [])
  useEffect(announce, [shape])
}

export function useCommandList(): Command[] {
  return useSyncExternalStore(
    (l) => {
      listeners.add(l)
      return () => listeners.delete(l)
    },
    () => snapshot,
  )
}

function matches(keys: string, e: KeyboardEvent): boolean {
  const parts = keys.split('+')
  const key = parts.pop()!
  const mod = parts.includes('Mod')
  if (mod !== (e.ctrlKey || e.metaKey) || parts.includes('Alt') !== e.altKey) return false
  if (parts.includes('Shift') && !e.shiftKey) return false
  return e.key.toLowerCase() === key.toLowerCase()
}

/** Called once by the shell: turns keys into commands. */
export function listen(): () => void {
  const down = (e: KeyboardEvent) => {
    if (e.defaultPrevented || composing(e)) return
    const inText = typing(e.target)
    // A dialog or menu has the keyboard to itself, but for what works always.
    const modal = (e.target as HTMLElement | null)?.closest?.('[role="dialog"],[role="menu"],[role="listbox"]')
    // Enter and space on a button are that button's.
    const pressed = (e.key === 'Enter' || e.key === ' ') && (e.target as HTMLElement | null)?.closest?.('button,a,summary,[role="tab"]')
    if (pressed) return
    const all = [...layers].flatMap((l) => l.current).reverse()
    // A page that is opened by its address may have been there before the app around it.
    all.sort((a, b) => Number(a.group === 'app') - Number(b.group === 'app'))
    for (const c of all) {
      if (c.disabled || ((inText || modal) && !c.always)) continue
      if (c.keys?.some((k) => matches(k, e))) {
        e.preventDefault()
        c.run()
        return
      }
    }
  }
  window.addEventListener('keydown', down)
  return () => window.removeEventListener('keydown', down)
}

/** How a shortcut is written for people. */
export function keyName(keys: string): string {
  const mac = navigator.platform.startsWith('Mac')
  return keys
    .replace('Mod', mac ? '⌘' : 'Ctrl')
    .replace('Alt', mac ? '⌥' : 'Alt')
    .replace('Shift+', '')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓')
    .split('+')
    .map((p) => (p.length === 1 ? p.toUpperCase() : p))
    .join(' ')
}
