package api

import (
	"net/http"
	"strings"
	"time"

	"guike"
	"guike/record"
	"guike/share"
)

// shares adds the routes by which a record is handed to somebody outside. The list of all shares is served as every kind's; what the receiver sees is in
// handout.go.
func (s *Server) shares() {
	s.add(route{method: "GET", path: "/shares:about", summary: "The shares of a record, and what of it may be shown", out: schema[sharing](s), query: []string{"about", "rec"}, do: (*call).sharing})
	s.add(route{method: "POST", path: "/shares", summary: "Share a record by a secret link; it is answered this once", in: schema[newShare](s), out: schema[madeShare](s), status: http.StatusCreated, do: (*call).addShare})
	s.add(route{method: "POST", path: "/shares/{id}/revoke", summary: "End a share at once", do: func(c *call) (any, error) { return nil, s.Share.Revoke(c, c.scope, c.id()) }})
	s.add(route{method: "GET", path: "/shares/{id}/openings", summary: "Who opened a share, newest first", out: schema[openings](s), do: (*call).openings})
	s.add(route{method: "POST", path: "/drafts:mail", summary: "A mail about a record, with its file attached, as a draft (.eml)", in: schema[draftMail](s), raw: true, do: (*call).draftMail})
}

type sharing struct {
	Data     []shared  `json:"data" doc:"newest first"`
	Fields   []offered `json:"fields" doc:"what may be shown"`
	Pages    int       `json:"pages" doc:"pictures that are shown"`
	Original string    `json:"original" doc:"the name of the file that may be given along; empty where there is none, or it holds other papers too"`
}

type offered struct {
	Name  string `json:"name"`
	Usual bool   `json:"usual" doc:"shown where nothing else is chosen"`
}

type shared struct {
	ID       string   `json:"id"`
	State    string   `json:"state" doc:"live, revoked, expired or used"`
	Receiver string   `json:"receiver"`
	Fields   []string `json:"fields"`
	Original bool     `json:"original"`
	Guarded  bool     `json:"guarded" doc:"a password is asked for"`
	By       *ref     `json:"by"`
	Mine     bool     `json:"mine" doc:"the caller may end it and see who opened it"`
	Made     string   `json:"created_at"`
	Expires  string   `json:"expires_at"`
	Most     int64    `json:"most" doc:"openings; 0 is any number"`
	Opened   int64    `json:"opened"`
	Last     *string  `json:"opened_at"`
}

type newShare struct {
	About    string    `json:"about" doc:"the kind of the record"`
	Rec      record.ID `json:"rec" doc:"its id"`
	Receiver string    `json:"receiver,omitempty" doc:"whom it is for; drawn over the pages"`
	Fields   []string  `json:"fields,omitempty" doc:"shown; absent, the usual ones"`
	Original bool      `json:"original,omitempty" doc:"the file itself may be saved"`
	Expires  string    `json:"expires_at,omitempty" doc:"RFC 3339; absent, in seven days"`
	Most     int64     `json:"most,omitempty" doc:"openings; 0 is any number"`
	Password string    `json:"password,omitempty" doc:"at least 4 characters"`
}

type madeShare struct {
	ID   string `json:"id"`
	Link string `json:"link,omitempty" doc:"with the server's own address where it knows it, else only the path; never answered again"`
}

// kept is what is remembered of the answer for a repetition: the secret is nowhere.
func (m madeShare) kept() any { return madeShare{ID: m.ID} }

type openings struct {
	Data []opening `json:"data"`
}

type opening struct {
	At      string `json:"at"`
	What    string `json:"what" doc:"open, file, or wrong: a wrong password"`
	Address string `json:"address"`
	Agent   string `json:"agent"`
}

func (c *call) sharing() (any, error) {
	v := c.r.URL.Query()
	about, rec := v.Get("about"), record.ID(v.Get("rec"))
	list, err := c.s.Share.About(c, c.scope, about, rec)
	if err != nil {
		return nil, err
	}
	k, err := c.kind(about)
	if err != nil {
		return nil, err
	}
	r, err := c.s.db.Get(c, c.scope, about, rec)
	if err != nil {
		return nil, err
	}
	sh, err := c.sheets(r)
	if err != nil {
		return nil, err
	}
	rd, err := c.renderer()
	if err != nil {
		return nil, err
	}
	var people []record.ID
	for _, x := range list {
		people = append(people, x.Owner)
	}
	if err := rd.learn(map[string][]record.ID{"user": people}); err != nil {
		return nil, err
	}
	out := sharing{Data: []shared{}, Fields: []offered{}, Pages: len(sh.pages)}
	if sh.whole {
		out.Original = sh.doc.Name
	}
	now := record.At(c.s.db.Now())
	for _, x := range list {
		y := shared{ID: string(x.ID), State: shareState(x, now), Receiver: x.Receiver, Fields: share.Shown(x), Original: x.Original, Guarded: x.Guarded, By: rd.ref("user", x.Owner),
			Mine: share.Mine(c.scope, x), Made: x.CreatedAt.String(), Expires: x.ExpiresAt.String(), Most: x.Most, Opened: x.Opened}
		if x.OpenedAt != 0 {
			at := x.OpenedAt.String()
			y.Last = &at
		}
		out.Data = append(out.Data, y)
	}
	for _, o := range share.Offered(c.scope, k) {
		out.Fields = append(out.Fields, offered{o.Name, o.Usual})
	}
	return out, nil
}

func shareState(s *guike.Share, now record.Time) string {
	switch {
	case s.RevokedAt != 0:
		return "revoked"
	case s.ExpiresAt <= now:
		return "expired"
	case share.Used(s):
		return "used"
	}
	return "live"
}

func (c *call) addShare() (any, error) {
	in, err := decode[newShare](c)
	if err != nil {
		return nil, err
	}
	n := share.New{About: in.About, Rec: in.Rec, Receiver: in.Receiver, Fields: in.Fields, Original: in.Original, Most: in.Most, Password: in.Password}
	if in.Expires != "" {
		at, err := time.Parse(time.RFC3339, in.Expires)
		if err != nil {
			return nil, record.FieldError("expires_at", "error.not_a_time")
		}
		n.ExpiresAt = record.At(at)
	}
	if in.Original {
		r, err := c.s.db.Get(c, c.scope, in.About, in.Rec)
		if err != nil {
			return nil, err
		}
		sh, err := c.sheets(r)
		if err != nil {
			return nil, err
		}
		if !sh.whole {
			return nil, record.FieldError("original", "error.share_others")
		}
	}
	x, secret, err := c.s.Share.Make(c, c.scope, n)
	if err != nil {
		return nil, err
	}
	return madeShare{ID: string(x.ID), Link: strings.TrimSuffix(c.s.PublicURL, "/") + handoutPath + secret}, nil
}

func (c *call) openings() (any, error) {
	list, err := c.s.Share.Openings(c, c.scope, c.id())
	if err != nil {
		return nil, err
	}
	out := openings{Data: []opening{}}
	for _, o := range list {
		out.Data = append(out.Data, opening{o.At.String(), o.What, o.Address, o.Agent})
	}
	return out, nil
}
