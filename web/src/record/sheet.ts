// The way a sheet's cells go through the clipboard: tabs between cells, line ends between rows, quotes around a cell that holds either.

export type Sheet = string[][]

export function readSheet(text: string): Sheet {
  const rows: Sheet = []
  let row: string[] = []
  let cell = ''
  let i = 0
  const end = () => {
    row.push(cell)
    cell = ''
  }
  while (i < text.length) {
    if (cell === '' && text[i] === '"') {
      // A quote that is never closed is no quoting: the text is taken as it stands.
      const close = closing(text, i + 1)
      if (close > 0) {
        cell = text.slice(i + 1, close).replaceAll('""', '"')
        i = close + 1
        continue
      }
    }
    const c = text[i]!
    if (c === '\t') end()
    else if (c === '\n' || c === '\r') {
      if (c === '\r' && text[i + 1] === '\n') i++
      end()
      rows.push(row)
      row = []
    } else cell += c
    i++
  }
  if (cell !== '' || row.length > 0) {
    end()
    rows.push(row)
  }
  return rows
}

/** Where a quoted cell ends: at a quote that stands alone before a tab, a line's end or the text's. */
function closing(text: string, from: number): number {
  for (let i = from; i < text.length; i++) {
    if (text[i] !== '"') continue
    if (text[i + 1] === '"') i++
    else return i + 1 === text.length || /[\t\r\n]/.test(text[i + 1]!) ? i : -1
  }
  return -1
}

export function writeSheet(sheet: Sheet): string {
  const quoted = (s: string) => (/[\t\r\n]|^"/.test(s) ? `"${s.replaceAll('"', '""')}"` : s)
  // Every row ends its line: so a last row with one empty cell is a row, too.
  return sheet.map((row) => `${row.map(quoted).join('\t')}\r\n`).join('')
}

export function sheetTable(sheet: Sheet): string {
  const safe = (s: string) =>
    s
      .replaceAll('&', '&amp;')
      .replaceAll('<', '&lt;')
      .replaceAll('>', '&gt;')
      .replaceAll(/\r?\n|\r/g, '<br style="mso-data-placement:same-cell">')
  return `<table>${sheet.map((row) => `<tr>${row.map((s) => `<td>${safe(s)}</td>`).join('')}</tr>`).join('')}</table>`
}
