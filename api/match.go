package api

import (
	"errors"
	"net/http"

	"guike"
	"guike/match"
	"guike/record"
	"guike/store"

	"github.com/danielgtaylor/huma/v2"
)

// matching adds the routes by which people answer matches. Matches are listed as any kind: those of a record by a filter on receipt, order, invoice or entry.
func (s *Server) matching(rec *huma.Schema) {
	for verb, summary := range map[string]string{match.Confirm: "Say that a match is right", match.Reject: "Say that a match is wrong", match.Undo: "Take back what was said of a match"} {
		s.add(route{method: "POST", path: "/matches/{id}/" + verb, summary: summary, out: rec, do: func(c *call) (any, error) {
			if err := match.Answer(c, c.s.db, c.scope, c.id(), verb); err != nil {
				return nil, err
			}
			r, err := c.s.db.Get(c, c.scope, "match", c.id())
			if err != nil {
				return nil, err
			}
			k, err := c.kind("match")
			if err != nil {
				return nil, err
			}
			return c.one(k, r)
		}})
	}
	s.add(route{method: "POST", path: "/matches", summary: "Match a slip by hand with an order, an invoice or a statement line", in: schema[byHand](s), out: rec, do: (*call).makeMatch})
	s.add(route{method: "POST", path: "/matches:answer", summary: "Answer up to 200 matches, each for itself", in: schema[answering](s), out: schema[answered](s), do: (*call).answerMatches})
	s.add(route{method: "POST", path: "/matches:again", summary: "Match every slip again, by a job", out: schema[made](s), status: http.StatusAccepted, do: func(c *call) (any, error) {
		job, err := match.Again(c, c.s.db, c.scope)
		return made{Job: job}, err
	}})
	s.add(route{method: "GET", path: "/matches:queues", summary: "What waits: each queue's kind, filter and count", out: schema[waits](s), do: (*call).queues})
	s.add(route{method: "GET", path: "/matches:weights", summary: "How much each fact speaks for a match", out: schema[weighed](s), do: func(c *call) (any, error) {
		w, err := match.Present(c, c.s.db)
		return weighed{w}, err
	}})
}

type byHand struct {
	Receipt record.ID    `json:"receipt"`
	Order   record.ID    `json:"order,omitempty" doc:"one of the three"`
	Invoice record.ID    `json:"invoice,omitempty"`
	Entry   record.ID    `json:"entry,omitempty"`
	Amount  record.Money `json:"amount,omitzero" doc:"for so much of the slip; as much as both sides have open where it is left out"`
}

func (c *call) makeMatch() (any, error) {
	in, err := decode[byHand](c)
	if err != nil {
		return nil, err
	}
	of, target := "", record.ID("")
	for name, id := range map[string]record.ID{guike.MatchOrder: in.Order, guike.MatchInvoice: in.Invoice, guike.MatchEntry: in.Entry} {
		if id == "" {
			continue
		}
		if of != "" {
			return nil, record.FieldError(name, "error.match_kind")
		}
		of, target = name, id
	}
	if of == "" {
		return nil, record.FieldError("order", "error.required")
	}
	id, err := match.Make(c, c.s.db, c.scope, in.Receipt, of, target, in.Amount)
	if err != nil {
		return nil, err
	}
	r, err := c.s.db.Get(c, c.scope, "match", id)
	if err != nil {
		return nil, err
	}
	k, err := c.kind("match")
	if err != nil {
		return nil, err
	}
	return c.one(k, r)
}

type weighed struct {
	Weights match.Weights `json:"weights" doc:"order, invoice, entry → fact → points; confidence is the logistic function of their sum"`
}

type answering struct {
	Verb string      `json:"verb" enum:"confirm,reject,undo"`
	IDs  []record.ID `json:"ids"`
}

type answered struct {
	Data []answer `json:"data"`
}

type answer struct {
	ID      record.ID `json:"id"`
	OK      bool      `json:"ok"`
	Message string    `json:"message,omitempty"`
}

const maxAnswers = 200

func (c *call) answerMatches() (any, error) {
	in, err := decode[answering](c)
	if err != nil {
		return nil, err
	}
	if len(in.IDs) > maxAnswers {
		return nil, record.FieldError("ids", "error.list_too_long")
	}
	out := answered{Data: []answer{}}
	for _, id := range in.IDs {
		a := answer{ID: id, OK: true}
		if err := match.Answer(c, c.s.db, c.scope, id, in.Verb); err != nil {
			var e *record.Error
			if !errors.As(err, &e) || e.Code == record.Invalid {
				return nil, err // of the request, or of the house
			}
			a.OK, a.Message = false, e.Message
		}
		out.Data = append(out.Data, a)
	}
	return out, nil
}

type waits struct {
	Data []wait `json:"data"`
}

type wait struct {
	Queue  string        `json:"queue"`
	Kind   string        `json:"kind"`
	Filter record.Filter `json:"filter"`
	Count  int64         `json:"count"`
}

// queues are plain filters: what they keep is listed, counted and exported as any list is.
func (c *call) queues() (any, error) {
	slip := record.All(record.Where("type", "in", []string{"slip", "voucher"}), record.Where("status", "eq", record.Active))
	in := record.Where("direction", "ne", "out")
	is := func(field, op string) record.Filter { return record.Filter{Field: field, Op: op} }
	out := waits{Data: []wait{}}
	for _, w := range []wait{
		{Queue: "proposed", Kind: "match", Filter: record.Where("state", "eq", guike.MatchProposed)},
		{Queue: "slip_without_order", Kind: "receipt", Filter: record.All(slip, in, is("allotted", "empty"))},
		{Queue: "order_without_slip", Kind: "order", Filter: record.All(record.Where("stage", "ne", "cancelled"), record.Where("status", "eq", record.Active), is("amount", "present"), is("paid", "empty"))},
		{Queue: "paid_without_invoice", Kind: "receipt", Filter: record.All(slip, is("invoiced", "empty"))},
		{Queue: "entry_without_slip", Kind: "entry", Filter: is("slipped", "empty")},
	} {
		n, _, err := c.s.db.Count(c, c.scope, store.Query{Kind: w.Kind, Filter: w.Filter}, nil)
		var e *record.Error
		if errors.As(err, &e) && (e.Code == record.NotFound || e.Code == record.Invalid) {
			continue // a kind or a field that does not exist for this caller
		}
		if err != nil {
			return nil, err
		}
		w.Count = n
		out.Data = append(out.Data, w)
	}
	return out, nil
}
