package api

import (
	"net/http"

	"guike"
	"guike/notice"
	"guike/record"
	"guike/store"
	"guike/talk"
)

// talk adds the routes of what people say about records: who hears it is decided by the record that it speaks of. As a list of their own comments are
// served, as every kind is, to who reads every record.
func (s *Server) talk() {
	s.add(route{method: "GET", path: "/comments", summary: "What is said about a record, newest first", out: schema[comments](s), query: []string{"about", "rec", "limit", "cursor"}, do: (*call).comments})
	s.add(route{method: "POST", path: "/comments", summary: "Say something about a record", in: schema[saying](s), out: schema[comment](s), status: http.StatusCreated, do: func(c *call) (any, error) {
		in, err := decode[saying](c)
		if err != nil {
			return nil, err
		}
		x, err := talk.Say(c, c.s.db, c.scope, in.About, record.ID(in.Rec), in.Body)
		if err != nil {
			return nil, err
		}
		return c.comment(x)
	}})
	s.add(route{method: "PATCH", path: "/comments/{id}", summary: "Say it otherwise; its author", in: schema[resaying](s), out: schema[comment](s), do: func(c *call) (any, error) {
		in, err := decode[resaying](c)
		if err != nil {
			return nil, err
		}
		since, err := c.ifMatch()
		if err != nil {
			return nil, err
		}
		x, err := talk.Change(c, c.s.db, c.scope, c.id(), in.Body, since)
		if err != nil {
			return nil, err
		}
		return c.comment(x)
	}})
	s.add(route{method: "DELETE", path: "/comments/{id}", summary: "Take it back; its author", do: func(c *call) (any, error) { return nil, talk.Drop(c, c.s.db, c.scope, c.id()) }})
	s.add(route{method: "POST", path: "/notices:read", summary: "Mark the caller's notices as read: those named, or all", in: schema[readNotices](s), do: func(c *call) (any, error) {
		in, err := decode[readNotices](c)
		if err != nil {
			return nil, err
		}
		return nil, notice.Read(c, c.s.db, c.scope, in.IDs)
	}})
	s.add(route{method: "POST", path: "/comments/{id}/restore", summary: "Take it out of the trash; its author", do: func(c *call) (any, error) { return nil, talk.Restore(c, c.s.db, c.scope, c.id()) }})
}

type readNotices struct {
	IDs []record.ID `json:"ids,omitempty" doc:"up to 500; absent, all of them"`
}

type saying struct {
	About string `json:"about" doc:"the kind of the record"`
	Rec   string `json:"rec" doc:"its id"`
	Body  string `json:"body" doc:"plain text; a mention is @[name](usr_…)"`
}

type resaying struct {
	Body string `json:"body"`
}

type comments struct {
	Data []comment `json:"data"`
	Next string    `json:"next_cursor"`
	More bool      `json:"has_more"`
}

type comment struct {
	ID       string `json:"id"`
	Version  int64  `json:"version"`
	Body     string `json:"body"`
	At       string `json:"at"`
	By       *ref   `json:"by"`
	Mine     bool   `json:"mine" doc:"the caller may change it"`
	Mentions []*ref `json:"mentions" doc:"by the names they have now"`
}

func (c *call) comments() (any, error) {
	v := c.r.URL.Query()
	p, err := talk.About(c, c.s.db, c.scope, v.Get("about"), record.ID(v.Get("rec")), c.int("limit", 50, store.MaxPage), v.Get("cursor"))
	if err != nil {
		return nil, err
	}
	said := make([]*guike.Comment, len(p.Records))
	for i, r := range p.Records {
		said[i] = r.(*guike.Comment)
	}
	data, err := c.said(said)
	return comments{Data: data, Next: p.Next, More: p.Next != ""}, err
}

func (c *call) comment(x *guike.Comment) (any, error) {
	out, err := c.said([]*guike.Comment{x})
	if err != nil {
		return nil, err
	}
	c.w.Header().Set("ETag", etag(x))
	return out[0], nil
}

func (c *call) said(cs []*guike.Comment) ([]comment, error) {
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var people []record.ID
	for _, x := range cs {
		people = append(append(people, x.Owner), x.Mentions()...)
	}
	if err := rd.learn(map[string][]record.ID{"user": people}); err != nil {
		return nil, err
	}
	out := make([]comment, 0, len(cs))
	for _, x := range cs {
		o := comment{ID: string(x.ID), Version: x.Version, Body: x.Body, At: x.CreatedAt.String(), By: rd.ref("user", x.Owner),
			Mine: x.Owner == c.scope.User && x.Owner != "", Mentions: []*ref{}}
		for _, id := range x.Mentions() {
			o.Mentions = append(o.Mentions, rd.ref("user", id))
		}
		out = append(out, o)
	}
	return out, nil
}
