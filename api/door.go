package api

import (
	"context"
	"crypto/subtle"
	"strings"

	"guike/access"
	"guike/classify"
	"guike/record"
	"guike/store"
)

var bg = context.Background()

type needed struct {
	Needed bool `json:"needed"`
}

func (c *call) needed() (any, error) {
	ready, err := access.Ready(c, c.s.db)
	return needed{!ready}, err
}

type setup struct {
	Code      string `json:"code"`
	Workspace string `json:"workspace"`
	Name      string `json:"name"`
	Login     string `json:"login"`
	Password  string `json:"password"`
	Language  string `json:"language,omitempty"`
}

func (c *call) setup() (any, error) {
	if err := c.s.slow(c.r); err != nil {
		return nil, err
	}
	in, err := decode[setup](c)
	if err != nil {
		return nil, err
	}
	c.s.setup.Lock()
	defer c.s.setup.Unlock()
	if c.s.SetupCode == "" {
		return nil, record.Errorf(record.Conflict, "error.already_set_up")
	}
	if subtle.ConstantTimeCompare([]byte(strings.TrimSpace(in.Code)), []byte(c.s.SetupCode)) != 1 {
		return nil, record.FieldError("code", "error.setup_code")
	}
	if strings.TrimSpace(in.Workspace) == "" {
		return nil, record.FieldError("workspace", "error.required")
	}
	if in.Language == "" {
		in.Language = "zh-CN"
	}
	id, err := access.Init(c, c.s.db, in.Workspace, access.NewUser{Name: in.Name, Login: in.Login, Password: in.Password, Language: in.Language})
	if err != nil {
		return nil, err
	}
	if err := classify.Seed(c, c.s.db); err != nil {
		return nil, err
	}
	c.s.SetupCode = ""
	return c.enter(id)
}

type login struct {
	Login    string `json:"login"`
	Password string `json:"password"`
}

func (c *call) login() (any, error) {
	if err := c.s.slow(c.r); err != nil {
		return nil, err
	}
	in, err := decode[login](c)
	if err != nil {
		return nil, err
	}
	u, err := access.Login(c, c.s.db, in.Login, in.Password)
	if err != nil {
		return nil, err
	}
	return c.enter(u.ID)
}

// enter begins a session under a new token, so that none from before the log-in is of use.
func (c *call) enter(user record.ID) (any, error) {
	if err := c.s.sessions.RenewToken(c); err != nil {
		return nil, err
	}
	c.s.sessions.Put(c, "user", string(user))
	return c.describe(user)
}

func (c *call) logout() (any, error) { return nil, c.s.sessions.Destroy(c) }

type session struct {
	User      sessionUser `json:"user"`
	Workspace workspace   `json:"workspace"`
	Insecure  bool        `json:"insecure"`
	Demo      bool        `json:"demo"`
	Version   string      `json:"version"`
}

type sessionUser struct {
	ID       string `json:"id"`
	Name     string `json:"name"`
	Login    string `json:"login"`
	Role     string `json:"role"`
	Language string `json:"language"`
	Admin    bool   `json:"admin"`
	Rules    bool   `json:"rules"`
	Share    bool   `json:"share"`
}

type workspace struct {
	Name     string `json:"name"`
	Zone     string `json:"zone"`
	Currency string `json:"currency"`
}

func (c *call) session() (any, error) { return c.describe(c.scope.User) }

func (c *call) describe(user record.ID) (any, error) {
	sc, u, err := access.Scope(c, c.s.db, user, "", record.Cause{})
	if err != nil {
		return nil, err
	}
	cat, err := c.s.db.Catalogue(c, false)
	if err != nil {
		return nil, err
	}
	return session{sessionUser{string(u.ID), u.Name, u.Login, u.Role, u.Language, sc.Admin, sc.Rules, sc.Share}, workspace{cat.Name, cat.Zone.String(), cat.Currency},
		c.s.Insecure, c.s.Demo, c.s.Version}, nil
}

type language struct {
	Language string `json:"language"`
}

func (c *call) language() (any, error) {
	in, err := decode[language](c)
	if err != nil {
		return nil, err
	}
	if err := access.SetLanguage(c, c.s.db, c.scope, in.Language); err != nil {
		return nil, err
	}
	return c.describe(c.scope.User)
}

// made answers what a verb made, and the job that follows from it.
type made struct {
	ID  string `json:"id,omitempty"`
	Job string `json:"job,omitempty"`
}

type newUser struct {
	Name       string    `json:"name"`
	Login      string    `json:"login"`
	Password   string    `json:"password"`
	Role       string    `json:"role"`
	Department record.ID `json:"department,omitempty"`
	Language   string    `json:"language,omitempty"`
}

func (c *call) addUser() (any, error) {
	in, err := decode[newUser](c)
	if err != nil {
		return nil, err
	}
	if in.Department == "" {
		in.Department = c.scope.Home
	}
	if in.Language == "" {
		in.Language = "zh-CN"
	}
	id, err := access.AddUser(c, c.s.db, c.scope, access.NewUser{Name: in.Name, Login: in.Login, Password: in.Password, Role: in.Role, Language: in.Language, Department: in.Department})
	return made{ID: string(id)}, err
}

type role struct {
	Role string `json:"role"`
}

func (c *call) setRole() (any, error) {
	in, err := decode[role](c)
	if err != nil {
		return nil, err
	}
	return nil, access.SetRole(c, c.s.db, c.scope, c.id(), in.Role)
}

type password struct {
	Password string `json:"password"`
}

func (c *call) setPassword() (any, error) {
	in, err := decode[password](c)
	if err != nil {
		return nil, err
	}
	return nil, access.SetPassword(c, c.s.db, c.scope, c.id(), in.Password)
}

type disable struct {
	Disabled bool `json:"disabled"`
}

func (c *call) disable() (any, error) {
	in, err := decode[disable](c)
	if err != nil {
		return nil, err
	}
	return nil, access.Disable(c, c.s.db, c.scope, c.id(), in.Disabled)
}

func (c *call) tokens() (any, error) {
	return c.page("token", store.Query{Kind: "token", Filter: map[bool]record.Filter{false: record.Where("user", "eq", "$me")}[c.scope.Admin],
		Cursor: c.r.URL.Query().Get("cursor"), Limit: c.int("limit", 50, store.MaxPage)})
}

type newToken struct {
	Name      string      `json:"name"`
	Role      string      `json:"role"`
	RowCap    int64       `json:"row_cap,omitempty"`
	ExpiresOn record.Date `json:"expires_on,omitempty"`
}

type madeToken struct {
	ID    string `json:"id"`
	Token string `json:"token"`
}

func (c *call) addToken() (any, error) {
	in, err := decode[newToken](c)
	if err != nil {
		return nil, err
	}
	id, clear, err := access.AddToken(c, c.s.db, c.scope, access.NewToken{Name: in.Name, Role: in.Role, RowCap: in.RowCap, ExpiresOn: in.ExpiresOn})
	return madeToken{string(id), clear}, err
}

func (c *call) revokeToken() (any, error) { return nil, access.RevokeToken(c, c.s.db, c.scope, c.id()) }
