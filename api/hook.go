package api

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"guike"
	"guike/message"
	"guike/paper"
	"guike/record"

	"golang.org/x/time/rate"
)

// hooks adds the routes by which administrators give other systems an address to send to. What is sent there arrives in deliver, outside the session.
func (s *Server) hooks() {
	in := schema[hookSetting](s)
	secret := schema[hookSecret](s)
	s.add(route{method: "GET", path: "/hooks:standing", summary: "The hooks, and how they fare", out: schema[hookStanding](s), do: (*call).hookStanding})
	s.add(route{method: "POST", path: "/hooks", summary: "Make an address to send to; its secret is answered this once", in: in, out: secret, status: http.StatusCreated, do: func(c *call) (any, error) {
		h, err := decode[hookSetting](c)
		if err != nil {
			return nil, err
		}
		made, secret, err := c.s.Hooks.Add(c, c.scope, h.setting())
		return c.hookSecret(made, secret, err)
	}})
	s.add(route{method: "PUT", path: "/hooks/{id}", summary: "Change a hook, pause it, or let it go on", in: in, do: func(c *call) (any, error) {
		h, err := decode[hookSetting](c)
		if err != nil {
			return nil, err
		}
		return nil, c.s.Hooks.Change(c, c.scope, c.id(), h.setting())
	}})
	s.add(route{method: "POST", path: "/hooks/{id}/rotate", summary: "Another secret, answered this once; the old one is refused at once", out: secret, do: func(c *call) (any, error) {
		h, secret, err := c.s.Hooks.Rotate(c, c.scope, c.id())
		return c.hookSecret(h, secret, err)
	}})
	s.add(route{method: "DELETE", path: "/hooks/{id}", summary: "End a hook; what was taken in stays", do: func(c *call) (any, error) { return nil, c.s.Hooks.Remove(c, c.scope, c.id()) }})
	s.add(route{method: "POST", path: "/hooks/{id}/try", summary: "Send a hook something by hand: rows are judged and none is written, a file is kept", in: schema[hookTry](s), out: schema[hookAnswer](s), status: http.StatusAccepted,
		limit: message.MaxJSON * 2, do: (*call).tryHook})
	s.add(route{method: "GET", path: "/hooks/{id}/deliveries", summary: "What was delivered, newest first, for 30 days", out: schema[deliveries](s), query: []string{"outcome", "limit", "cursor"}, do: (*call).deliveries})
	s.add(route{method: "GET", path: "/hooks/{id}/deliveries/{delivery}", summary: "One delivery, with what was sent where it is text", out: schema[delivery](s), do: (*call).delivery})
	s.add(route{method: "POST", path: "/hooks/{id}/deliveries/{delivery}/retry", summary: "Take a delivery in again that was refused, by what is true now", do: func(c *call) (any, error) {
		return nil, c.s.Hooks.Retry(c, c.scope, c.id(), record.ID(c.path("delivery")))
	}})
	s.add(route{method: "DELETE", path: "/hooks/{id}/deliveries/{delivery}", summary: "Take a delivery off the list; what it brought stays", do: func(c *call) (any, error) {
		return nil, c.s.Hooks.Forget(c, c.scope, c.id(), record.ID(c.path("delivery")))
	}})
}

type hookSetting struct {
	Name     string    `json:"name"`
	Target   string    `json:"target" enum:"documents,records"`
	Of       string    `json:"of,omitempty" doc:"the kind that its rows are"`
	Profile  string    `json:"profile,omitempty" doc:"of imports, by which its rows are read; left out: by their names"`
	Scheme   string    `json:"scheme,omitempty" enum:"standard,hub" doc:"how it is signed; standard where it is left out"`
	Customer record.ID `json:"customer,omitempty" doc:"whose its documents are"`
	User     record.ID `json:"user,omitempty" doc:"in whose name it is taken in; the caller where it is left out"`
	Paused   bool      `json:"paused,omitempty"`
}

func (h hookSetting) setting() message.HookSetting {
	return message.HookSetting{Name: h.Name, Target: h.Target, Of: h.Of, Profile: h.Profile, Scheme: h.Scheme, Customer: h.Customer, User: h.User, Paused: h.Paused}
}

type hookSecret struct {
	ID      string `json:"id"`
	Address string `json:"address" doc:"with the server's own address where it knows it, else only the path"`
	Secret  string `json:"secret,omitempty" doc:"never answered again"`
	Example string `json:"example,omitempty" doc:"shell commands that send one signed delivery"`
}

// kept is what is remembered of the answer for a repetition: the secret is nowhere.
func (h hookSecret) kept() any { return hookSecret{ID: h.ID, Address: h.Address} }

type hookStanding struct {
	Data []hookStands `json:"data"`
}

type hookStands struct {
	ID      string `json:"id"`
	Address string `json:"address"`
	Example string `json:"example" doc:"with a gap for the secret"`
	Last    string `json:"last" doc:"when something was delivered last; empty: never"`
	All     int64  `json:"all" doc:"deliveries of the last 30 days"`
	Bad     int64  `json:"bad" doc:"of them, those that somebody should see to"`
	Waits   int64  `json:"waits"`
}

type hookTry struct {
	Name string `json:"name,omitempty" doc:"of the file"`
	Body string `json:"body"`
}

type hookAnswer struct {
	Delivery string `json:"delivery"`
	Reason   string `json:"reason,omitempty" doc:"why it was refused"`
}

type deliveries struct {
	Data []delivery `json:"data"`
	Next string     `json:"next_cursor"`
	More bool       `json:"has_more"`
}

type delivery struct {
	ID       string `json:"id"`
	At       string `json:"at"`
	Outcome  string `json:"outcome" enum:"waiting,applied,partly,refused,mapping,undone,tried"`
	Reason   string `json:"reason"`
	Detail   string `json:"detail" doc:"the field that the reason is about"`
	Trial    bool   `json:"trial"`
	Tries    int64  `json:"tries"`
	Message  string `json:"message" doc:"the id that its sender gave it"`
	Name     string `json:"name"`
	Size     int64  `json:"size"`
	Import   string `json:"import"`
	Document string `json:"document"`
	Rows     int64  `json:"rows"`
	Created  int64  `json:"created"`
	Updated  int64  `json:"updated"`
	Rejected int64  `json:"rejected"`
	Again    bool   `json:"again" doc:"it may be tried again"`
	Body     string `json:"body,omitempty"`
}

func (c *call) hookAddress(id record.ID) string {
	return strings.TrimSuffix(c.s.PublicURL, "/") + hookPath + string(id)
}

// reachable is an address as an example needs it: with the name by which the asker found the server, where the server knows none.
func (c *call) reachable(address string) string {
	if strings.HasPrefix(address, "/") {
		scheme := "http://"
		if c.s.TLS {
			scheme = "https://"
		}
		return scheme + c.r.Host + address
	}
	return address
}

func (c *call) hookSecret(h *guike.Hook, secret string, err error) (any, error) {
	if err != nil {
		return nil, err
	}
	a := c.hookAddress(h.ID)
	return hookSecret{ID: string(h.ID), Address: c.reachable(a), Secret: secret, Example: message.Example(h, c.reachable(a), secret)}, nil
}

func (c *call) hookStanding() (any, error) {
	list, err := c.s.Hooks.Stand(c, c.scope)
	if err != nil {
		return nil, err
	}
	out := hookStanding{Data: []hookStands{}}
	for _, x := range list {
		a := c.reachable(c.hookAddress(x.Hook.ID))
		out.Data = append(out.Data, hookStands{ID: string(x.Hook.ID), Address: a, Example: message.Example(x.Hook, a, ""), Last: x.Last.String(), All: x.All, Bad: x.Bad, Waits: x.Waits})
	}
	return out, nil
}

func (c *call) tryHook() (any, error) {
	in, err := decode[hookTry](c)
	if err != nil {
		return nil, err
	}
	a, err := c.s.Hooks.Try(c, c.scope, c.id(), message.Sent{Name: in.Name, Body: []byte(in.Body)})
	return hookAnswer{Delivery: string(a.ID), Reason: a.Reason}, err
}

func rendered(d message.Delivery) delivery {
	return delivery{ID: string(d.ID), At: d.At.String(), Outcome: d.Outcome, Reason: d.Reason, Detail: d.Detail, Trial: d.Trial, Tries: d.Tries, Message: d.Message, Name: d.Name, Size: d.Size,
		Import: string(d.Import), Document: string(d.Document), Rows: d.Rows, Created: d.Created, Updated: d.Updated, Rejected: d.Rejected, Again: d.Again, Body: d.Body}
}

func (c *call) deliveries() (any, error) {
	v := c.r.URL.Query()
	list, next, err := c.s.Hooks.Deliveries(c, c.scope, c.id(), v.Get("outcome"), v.Get("cursor"), c.int("limit", 30, message.MaxDeliveries))
	if err != nil {
		return nil, err
	}
	out := deliveries{Data: []delivery{}, Next: next, More: next != ""}
	for _, d := range list {
		out.Data = append(out.Data, rendered(d))
	}
	return out, nil
}

func (c *call) delivery() (any, error) {
	d, err := c.s.Hooks.Delivery(c, c.scope, c.id(), record.ID(c.path("delivery")))
	return rendered(d), err
}

const hookPath = "/hooks/"

// gate bounds how many large deliveries are held in memory at once: a signature is known to be right when all of one was read.
var gate = make(chan struct{}, 4)

// deliver takes in what another system sends. It asks nobody to log in: the signature says who it is.
func (s *Server) deliver(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if err := s.delivered(w, r); err != nil {
		if record.Is(err, record.Busy) {
			w.Header().Set("Retry-After", "300")
		}
		if errors.Is(err, message.ErrPaused) {
			s.problem(w, r, http.StatusServiceUnavailable, "busy", message.ErrPaused.Message, nil) // nothing to log: somebody wants it so
			return
		}
		s.fail(w, r, err)
	}
}

func (s *Server) delivered(w http.ResponseWriter, r *http.Request) error {
	if !s.may("hook "+s.client(r), rate.Limit(20), 200) {
		w.Header().Set("Retry-After", "5")
		s.problem(w, r, http.StatusTooManyRequests, "busy", "error.too_often", nil)
		return nil
	}
	if !message.Signed(r.Header) {
		return &record.Error{Code: record.Unauthenticated, Message: "error.hook_signature"}
	}
	if r.ContentLength > paper.MaxFile {
		return &record.Error{Code: record.TooLarge, Message: "error.file_too_large"}
	}
	// Who sends a byte a minute keeps no place.
	if err := http.NewResponseController(w).SetReadDeadline(time.Now().Add(time.Minute)); err != nil && !errors.Is(err, http.ErrNotSupported) {
		return err
	}
	id := record.ID(strings.TrimPrefix(r.URL.Path, hookPath))
	if r.ContentLength < 0 || r.ContentLength > message.MaxJSON {
		if !s.Hooks.Known(r.Context(), id) {
			return &record.Error{Code: record.Unauthenticated, Message: "error.hook_signature"} // who knows no address takes up no room
		}
		select {
		case gate <- struct{}{}:
			defer func() { <-gate }()
		case <-r.Context().Done():
			return r.Context().Err()
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, paper.MaxFile))
	if err != nil {
		return tooLarge(err)
	}
	a, err := s.Hooks.Receive(r.Context(), id, message.Sent{Header: r.Header, Name: deliveredName(r), Body: body})
	if err != nil {
		return err
	}
	switch a.Status {
	case http.StatusAccepted:
		c := &call{Context: r.Context(), s: s, w: w, r: r}
		return s.answer(c, route{status: http.StatusAccepted, do: func(*call) (any, error) { return hookAnswer{Delivery: string(a.ID)}, nil }}, nil)
	case http.StatusRequestEntityTooLarge:
		return &record.Error{Code: record.TooLarge, Message: a.Reason}
	}
	return &record.Error{Code: record.Invalid, Message: a.Reason}
}

// deliveredName is what a file is called, where its sender says so.
func deliveredName(r *http.Request) string {
	if n, err := url.PathUnescape(r.Header.Get("X-File-Name")); err == nil && n != "" {
		return n
	}
	return r.URL.Query().Get("name")
}
