import { CalendarDays, ChartColumn, Grid3x3, type LucideIcon, SquareKanban, Table2 } from 'lucide-react'

/** What a list's faces look like from afar. */
export const faceIcons: Record<string, LucideIcon> = {
  grid: Table2,
  board: SquareKanban,
  calendar: CalendarDays,
  chart: ChartColumn,
  pivot: Grid3x3,
}
