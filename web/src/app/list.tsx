import { useParams } from '@tanstack/react-router'
import { Classes } from '../classify/why'
import { useKind } from '../client/data'
import type { Kind } from '../client/types'
import { ExchangeMenu } from '../exchange/menu'
import { Document } from '../ingest/document'
import { covers, Source } from '../ingest/source'
import { Waiting } from '../ingest/waiting'
import { UploadButton } from '../ingest/upload'
import { ListPage } from '../record/page'
import type { Part } from '../record/panel'
import { Skeleton } from '../ui/wait'
import { Lost } from './lost'

/** The list of one kind, with what the features add to its panel. */
export function List() {
  const { plural } = useParams({ strict: false }) as { plural: string }
  const kind = useKind(plural)
  if (kind === undefined) return <Skeleton lines={12} />
  if (kind === null) return <Lost />
  const papers = kind.kind === 'receipt' || kind.kind === 'document'
  return (
    <ListPage
      key={kind.kind}
      kind={kind}
      handMade={kind.kind !== 'document'}
      part={partOf(kind)}
      primary={papers ? <UploadButton /> : undefined}
      tools={kind.kind === 'document' ? undefined : (ask) => <ExchangeMenu kind={kind} ask={ask} />}
      start={papers ? <UploadButton /> : undefined}
    />
  )
}

function partOf(kind: Kind): Part {
  const foot: Part['foot'] = (record) => <Classes kind={kind} record={record} />
  if (kind.kind === 'receipt')
    return {
      foot,
      covers,
      head: (record) => <Source kind={kind} record={record} />,
      draft: (record) => (record.document ? <Waiting record={record} /> : undefined),
    }
  if (kind.kind === 'document')
    return { head: (record) => <Document record={record} />, covers: () => ['state', 'reason', 'detail', 'sha256'] }
  return { foot }
}
