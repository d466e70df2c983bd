import { BarChart, LineChart, PieChart } from 'echarts/charts'
import { AriaComponent, GridComponent, LegendComponent, TooltipComponent } from 'echarts/components'
import { type EChartsCoreOption, type EChartsType, init, use } from 'echarts/core'
import { CanvasRenderer } from 'echarts/renderers'
import { useEffect, useRef, useSyncExternalStore } from 'react'

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, LegendComponent, TooltipComponent, CanvasRenderer])

export interface PlotProps {
  form: 'bar' | 'line' | 'pie'
  label: string
  labels: string[]
  /** 1 for those without a value, 2 for the rest together: drawn in grey. */
  quiet: number[]
  series: { name: string; quiet?: number; values: (number | null)[] }[]
  /** Periods stand side by side, names below one another. */
  dated: boolean
  stacked: boolean
  say: (value: number) => string
  onPick: (label: number, series: number) => void
}

// Told apart without telling red from green; each at least 3:1 against its ground.
const inks = {
  light: {
    series: ['#2f66d0', '#c96a00', '#0a8a70', '#ad4a8c', '#3790c8', '#b8432f', '#857600'],
    quiet: ['', '#878d99', '#656b77'],
    text: '#5c6270',
    ink: '#23262f',
    line: '#e6e8ec',
    panel: '#ffffff',
  },
  dark: {
    series: ['#6f9dfa', '#eda04a', '#3fc3a3', '#dd8bc2', '#7cc5f0', '#f08d70', '#d3c65a'],
    quiet: ['', '#7d8593', '#a4abb7'],
    text: '#a3a8b3',
    ink: '#e9ebef',
    line: '#32363d',
    panel: '#16191e',
  },
}
const font = 'Inter, "PingFang SC", "HarmonyOS Sans SC", "Microsoft YaHei UI", "Noto Sans CJK SC", sans-serif'

/** A chart, drawn by a library that is fetched when the first one is looked at. */
export function Plot(p: PlotProps) {
  const box = useRef<HTMLDivElement>(null)
  const chart = useRef<EChartsType>(undefined)
  const theme = useTheme()
  const now = useRef(p)
  now.current = p
  useEffect(() => {
    const el = box.current!
    const c = init(el, null, { renderer: 'canvas' })
    chart.current = c
    c.on('click', (e) => now.current.onPick(e.dataIndex, e.seriesIndex ?? 0))
    const watch = new ResizeObserver(() => c.resize())
    watch.observe(el)
    // Paper is wider or narrower than the window.
    const paper = () => c.resize()
    addEventListener('beforeprint', paper)
    return () => {
      watch.disconnect()
      removeEventListener('beforeprint', paper)
      c.dispose()
    }
  }, [])
  useEffect(() => {
    chart.current?.setOption(optionOf(p, inks[theme], (box.current?.clientWidth ?? 600) < 480), { notMerge: true })
  }, [theme, p.form, JSON.stringify([p.labels, p.quiet, p.series, p.stacked, p.label])])
  return <div ref={box} role="img" aria-label={p.label} className="h-full w-full" />
}

function optionOf(p: PlotProps, ink: (typeof inks)['light'], small: boolean): EChartsCoreOption {
  const text = { color: ink.text, fontFamily: font, fontSize: 12 }
  const short = (v: number) => compact(v)
  const base = {
    color: ink.series,
    textStyle: { fontFamily: font },
    animationDuration: matchMedia('(prefers-reduced-motion: reduce)').matches ? 0 : 350,
    aria: { enabled: true, label: { description: p.label } },
    tooltip: {
      trigger: p.form === 'pie' ? 'item' : 'axis',
      // On the canvas: the page's policy takes no markup from a script.
      renderMode: 'richText',
      confine: true,
      axisPointer: {
        type: p.form === 'line' ? 'line' : 'shadow',
        lineStyle: { color: ink.line },
        shadowStyle: { color: ink.text, opacity: 0.08 },
      },
      backgroundColor: ink.panel,
      borderColor: ink.line,
      borderWidth: 1,
      textStyle: { color: ink.ink, fontFamily: font, fontSize: 12 },
      valueFormatter: (v: unknown) => (typeof v === 'number' ? p.say(v) : ''),
    },
  }
  if (p.form === 'pie') {
    const shares = p.series[0]?.values.map((v) => v ?? 0) ?? []
    const whole = shares.reduce((a, b) => a + b, 0) || 1
    return {
      ...base,
      // Where there is no room beside it, the words stand below.
      legend: small
        ? {
            ...legend(ink, text),
            type: 'plain',
            top: undefined,
            bottom: 0,
            left: 'center',
            formatter: (name: string) => `${name}  ${((100 * (shares[p.labels.indexOf(name)] ?? 0)) / whole).toFixed(1)}%`,
          }
        : undefined,
      series: [
        {
          type: 'pie',
          radius: small ? ['38%', '66%'] : ['44%', '70%'],
          avoidLabelOverlap: true,
          itemStyle: { borderColor: ink.panel, borderWidth: 2 },
          center: ['50%', small ? '40%' : '50%'],
          label: {
            ...text,
            color: ink.ink,
            show: !small,
            formatter: (x: { name: string; percent: number }) => `${x.name}  ${x.percent.toFixed(1)}%`,
          },
          labelLine: { show: !small, lineStyle: { color: ink.line } },
          emphasis: { scaleSize: 4 },
          name: p.series[0]?.name,
          data: p.labels.map((name, i) => ({
            name,
            value: p.series[0]?.values[i] ?? 0,
            itemStyle: p.quiet[i] ? { color: ink.quiet[p.quiet[i]] } : undefined,
          })),
        },
      ],
    }
  }
  const lying = p.form === 'bar' && !p.dated
  const names = {
    type: 'category',
    data: p.labels,
    inverse: lying,
    axisLabel: {
      ...text,
      color: lying ? ink.ink : ink.text,
      hideOverlap: true,
      ...(lying && { width: small ? 88 : 150, overflow: 'truncate', interval: 0 }),
    },
    axisLine: { lineStyle: { color: ink.line } },
    axisTick: { show: false },
  }
  const values = {
    type: 'value',
    axisLabel: { ...text, formatter: short, hideOverlap: true },
    splitLine: { lineStyle: { color: ink.line } },
    splitNumber: small ? 3 : 5,
  }
  const several = p.series.length > 1
  const round = several && p.stacked ? 0 : lying ? [0, 3, 3, 0] : [3, 3, 0, 0]
  return {
    ...base,
    legend: several ? legend(ink, text) : undefined,
    grid: { left: 4, right: 20, top: several ? 36 : 12, bottom: 4, containLabel: true },
    xAxis: lying ? values : names,
    yAxis: lying ? names : values,
    series: p.series.map((s) => ({
      name: s.name,
      type: p.form,
      data: s.values,
      color: s.quiet ? ink.quiet[s.quiet] : undefined,
      stack: p.form === 'bar' && p.stacked ? 'all' : undefined,
      barMaxWidth: 28,
      barCategoryGap: '32%',
      itemStyle: p.form === 'bar' ? { borderRadius: round } : undefined,
      symbol: 'circle',
      symbolSize: 5,
      showSymbol: p.labels.length <= (small ? 20 : 60),
      lineStyle: { width: 2 },
      areaStyle: p.form === 'line' && !several ? { opacity: 0.08 } : undefined,
      connectNulls: false,
    })),
  }
}

function legend(ink: (typeof inks)['light'], text: object) {
  return {
    type: 'scroll',
    top: 0,
    left: 0,
    icon: 'roundRect',
    itemWidth: 10,
    itemHeight: 10,
    textStyle: { ...text, color: ink.ink },
    pageTextStyle: text,
    pageIconColor: ink.ink,
    pageIconInactiveColor: ink.line,
  }
}

/** Large figures in as few digits as an axis has room for, in the reader's way of counting. */
function compact(v: number): string {
  return new Intl.NumberFormat(document.documentElement.lang || undefined, { notation: 'compact', maximumFractionDigits: 1 }).format(v)
}

function useTheme(): 'light' | 'dark' {
  return useSyncExternalStore(
    (changed) => {
      const watch = new MutationObserver(changed)
      watch.observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] })
      const paper = matchMedia('print')
      paper.addEventListener('change', changed)
      return () => {
        watch.disconnect()
        paper.removeEventListener('change', changed)
      }
    },
    () => (document.documentElement.dataset.theme === 'dark' && !matchMedia('print').matches ? 'dark' : 'light'),
  )
}
