// Package guike holds the nouns of Guike 归客: what a business keeps about its customers. The listing of this folder is the glossary; the listing of
// the folders is the work. Nothing here does I/O, starts a goroutine or knows SQL.
//
// Rooms:
//
//	record    what a record is: fields, values, filter, scope, change, error
//	fold      how text is folded for comparing, sorting and finding
//	font      the characters that the server itself draws
//	paper     what a file says: its words with their places, its papers and their facts; no database
//	store     the database: open, migrate, read, write, search; the only dialect code
//	blob      document bytes by SHA-256
//	queue     after the commit: jobs, schedules, followers of the change log
//	access    who you are and what you may touch
//	ingest    a file becomes a document, and each paper in it a record or a question to a person
//	classify  a record finds its place
//	bulk      many records are changed at once, and changed back
//	match     who and what is this about; the papers of one transaction as a dossier
//	message   what the world sends in: mailboxes that are read, addresses that others push to
//	shape     what records look like: kinds and fields that a workspace adds, what forms ask
//	talk      what people say about records: comments, mentions
//	notice    who is told of what: named, given something, asked, done
//	cabinet   what ought to lie in the file cabinet: missing, outdated, too open, due; names
//	share     a record is handed over: links that end, and who opened them
//	view      ways of looking that were given a name: views and the dashboards of them
//	exchange  tables in, their undo, tables out; backup and restore
//	demo      an invented company, and the papers it would receive
//	api       HTTP
//	web       the UI
//	cmd/guike flags, environment, wiring
//
// The one rule is in house_test.go: cmd/guike → api → verbs → queue → store → record; a verb never imports a verb.
//
// Where is …? What a field is called: the noun's file here. Why a write was refused: store/put.go. What a filter means: record/bind.go.
// How a page becomes facts: paper/read.go. Why a record is in a category: classify/classify.go. Every URL: api/routes.go.
package guike
