import { useParams } from '@tanstack/react-router'
import type { ComponentProps } from 'react'
import { Hold } from '../cabinet/hold'
import { Classes } from '../classify/why'
import { useKind } from '../client/data'
import type { Kind, Rec } from '../client/types'
import { ExchangeMenu } from '../exchange/menu'
import { Attach } from '../ingest/attach'
import { Document } from '../ingest/document'
import { covers, Source } from '../ingest/source'
import { Waiting } from '../ingest/waiting'
import { UploadButton } from '../ingest/upload'
import { Dossier } from '../match/dossier'
import { Matches } from '../match/matches'
import { ListPage } from '../record/page'
import type { Part } from '../record/panel'
import { Hand, PrintRows } from '../share/hand'
import { Skeleton } from '../ui/wait'
import { CustomerPapers } from './give'
import { FirstSteps } from './firststeps'
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
      tools={
        kind.kind === 'document'
          ? undefined
          : (ask) => (
              <>
                <PrintRows kind={kind} ask={ask} />
                <ExchangeMenu kind={kind} ask={ask} />
              </>
            )
      }
      start={
        papers ? (
          <>
            <UploadButton />
            {kind.kind === 'receipt' && <FirstSteps />}
          </>
        ) : undefined
      }
    />
  )
}

/** What the features add to a kind's panel; `matching` where its matches are what the page is about. */
export function partOf(kind: Kind, matching?: Omit<ComponentProps<typeof Matches>, 'record'>): Part {
  if (kind.verbs) return {}
  const matches = (record: Rec) => <Matches record={record} {...matching} />
  const dossier = (record: Rec) => <Dossier kind={kind} record={record} />
  const hand: Part['hand'] = (record) => <Hand kind={kind} record={record} />
  const foot: Part['foot'] = (record) => <Classes kind={kind} record={record} />
  const file: Part['file'] = (record) => <Attach kind={kind} record={record} />
  if (kind.kind === 'receipt')
    return {
      hand,
      foot: (record) => (
        <>
          {!matching && matches(record)}
          {dossier(record)}
          {foot(record)}
        </>
      ),
      covers,
      head: (record) => (
        <>
          {matching && matches(record)}
          <Source kind={kind} record={record} />
        </>
      ),
      draft: (record) => (record.document ? <Waiting record={record} /> : undefined),
    }
  if (kind.kind === 'document')
    return {
      hand,
      foot: (record) => (
        <>
          {dossier(record)}
          {foot(record)}
          <Hold kind={kind} record={record} />
        </>
      ),
      head: (record) => <Document record={record} />,
      covers: () => ['state', 'reason', 'detail', 'sha256', 'hold', 'edition', 'taken_by', 'taken_until', 'taken_for'],
    }
  if (kind.kind === 'customer')
    return {
      hand,
      file,
      foot: (record) => (
        <>
          <CustomerPapers record={record} />
          {foot(record)}
          <Hold kind={kind} record={record} />
        </>
      ),
      covers: () => ['initial', 'hold'],
    }
  if (kind.kind === 'order')
    return {
      hand,
      file,
      head: matches,
      foot: (record) => (
        <>
          {dossier(record)}
          {foot(record)}
        </>
      ),
    }
  if (kind.kind === 'entry') return { hand, foot, file, head: matches }
  return { hand, foot, file }
}
