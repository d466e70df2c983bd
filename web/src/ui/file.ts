/** Hands a file, or what lies at an address, to whoever sits here. */
export function keepFile(file: Blob | string, name: string): void {
  const url = typeof file === 'string' ? file : URL.createObjectURL(file)
  const a = document.createElement('a')
  a.href = url
  a.download = name.replace(/[\\/:*?"<>|\s]+/g, ' ')
  a.click()
  if (file instanceof Blob) setTimeout(() => URL.revokeObjectURL(url), 60_000)
}

/** A picture of an element, with what it would have to be scrolled for: charts, maps, tables and whole dashboards alike. */
export async function keepPicture(of: HTMLElement, name: string): Promise<void> {
  const { domToBlob } = await import('modern-screenshot')
  const blob = await domToBlob(of, {
    width: of.scrollWidth,
    height: of.scrollHeight,
    scale: 2,
    backgroundColor: getComputedStyle(of).getPropertyValue('--panel'),
    // The fonts are this machine's; to fetch and pack one takes longer than to draw.
    font: false,
    style: { overflow: 'visible', margin: '0' },
    // What can be done with a thing is no part of its picture.
    filter: (n) => !(n instanceof Element && n.matches('header button')),
  })
  keepFile(blob, `${name}.png`)
}
