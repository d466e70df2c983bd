package api

import (
	"guike"
	"guike/ingest"
	"guike/record"
)

// lessons adds the routes by which people look after what their corrections taught. They are listed as any kind.
func (s *Server) lessons() {
	s.add(route{method: "PATCH", path: "/lessons/{id}", summary: "Change a learnt label, pause it, or let it go on", in: schema[lessonEdit](s), do: func(c *call) (any, error) {
		in, err := decode[lessonEdit](c)
		if err != nil {
			return nil, err
		}
		return nil, s.Desk.EditLesson(c, c.scope, c.id(), in.Label, in.Paused)
	}})
	s.add(route{method: "DELETE", path: "/lessons/{id}", summary: "Read by a learnt label no more", do: func(c *call) (any, error) {
		return nil, s.Desk.DropLesson(c, c.scope, c.id())
	}})
	s.add(route{method: "POST", path: "/lessons/{id}/restore", summary: "Take a learnt label back", do: func(c *call) (any, error) {
		return nil, s.Desk.RestoreLesson(c, c.scope, c.id())
	}})
	s.add(route{method: "POST", path: "/lessons/{id}/try", summary: "What a learnt label reads from papers on file; nothing is written", in: schema[lessonTry](s), out: schema[lessonTried](s), do: (*call).tryLesson})
}

type lessonEdit struct {
	Label  *string `json:"label,omitempty"`
	Paused *bool   `json:"paused,omitempty" doc:"false lets one that was wrong too often begin anew"`
}

type lessonTry struct {
	Label string `json:"label,omitempty" doc:"in the place of its own"`
	After string `json:"after,omitempty" doc:"next of the answer before"`
}

type lessonTried struct {
	Data []triedPaper `json:"data" doc:"papers, the newest first"`
	Next string       `json:"next" doc:"empty at the end"`
	Of   int64        `json:"of" doc:"documents to try, 200 at most"`
}

type triedPaper struct {
	Document  *ref   `json:"document"`
	Paper     int    `json:"paper"`
	Held      string `json:"held" doc:"the value on file"`
	Confirmed bool   `json:"confirmed" doc:"by a person"`
	Found     bool   `json:"found" doc:"the label is on the paper and reads a value"`
	Value     string `json:"value" doc:"by the label"`
	Right     bool   `json:"right" doc:"it is the value on file"`
}

func (c *call) tryLesson() (any, error) {
	in, err := decode[lessonTry](c)
	if err != nil {
		return nil, err
	}
	tried, next, of, err := c.s.Desk.TryLesson(c, c.scope, c.id(), in.Label, in.After)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	want := map[string][]record.ID{}
	for _, t := range tried {
		want["document"] = append(want["document"], t.Document)
	}
	if err := rd.learn(want); err != nil {
		return nil, err
	}
	out := lessonTried{Data: []triedPaper{}, Next: next, Of: of}
	for _, t := range tried {
		out.Data = append(out.Data, triedPaper{rd.ref("document", t.Document), t.Paper, t.Held, t.Person, t.Found, t.Value, t.Right})
	}
	return out, nil
}

// learnt is a lesson as a paper shows it: by what a value was found.
type learnt struct {
	ID           string `json:"id"`
	Fact         string `json:"fact"`
	Label        string `json:"label"`
	Way          string `json:"way"`
	Confirmed    int64  `json:"confirmed"`
	Contradicted int64  `json:"contradicted"`
	Document     *ref   `json:"document" doc:"from whose correction it was learnt"`
}

// learnt answers the lessons that papers were read by, and those that they taught.
func (c *call) learnt(rd *renderer, papers []ingest.Filed) (map[string]learnt, error) {
	var ids []record.ID
	for _, p := range papers {
		for _, f := range p.Facts {
			if f.Lesson != "" {
				ids = append(ids, record.ID(f.Lesson))
			}
		}
		ids = append(ids, p.Taught...)
	}
	out := map[string]learnt{}
	if len(ids) == 0 {
		return out, nil
	}
	// Why a value is what it is everybody may know who sees the value; the document that taught it only who sees that.
	recs, err := c.s.db.GetAll(c, record.SystemScope("api"), "lesson", ids, record.Everything, "")
	if err != nil {
		return nil, err
	}
	var docs []record.ID
	for _, r := range recs {
		docs = append(docs, r.(*guike.Lesson).Document)
	}
	if err := rd.learn(map[string][]record.ID{"document": docs}); err != nil {
		return nil, err
	}
	for _, r := range recs {
		l := r.(*guike.Lesson)
		out[string(l.ID)] = learnt{string(l.ID), l.Fact, l.Label, l.Way, l.Confirmed, l.Contradicted, rd.ref("document", l.Document)}
	}
	return out, nil
}
