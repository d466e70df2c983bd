/** What public/theme.js does before the first paint, again when a person chooses. */
export function applyTheme(theme: string): void {
  localStorage.setItem('guike.theme', theme)
  const dark = theme === 'dark' || (theme === 'system' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.dataset.theme = dark ? 'dark' : 'light'
}

export function applyDensity(density: string): void {
  localStorage.setItem('guike.density', density)
  document.documentElement.dataset.density = density
}
