package store

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"guike/record"
)

// A Catalogue is one version of what a workspace's records look like: the kinds with their dynamic fields, the dimensions' category trees, the zone.
// It is immutable; a write that changes it raises the version.
type Catalogue struct {
	Version  int64
	Zone     *time.Location
	Currency string
	Name     string // of the workspace
	Settings map[string]string

	kinds  []*record.Kind
	byName map[string]*record.Kind
	cats   map[int64]*Category
	byID   map[string]*Category
	bydim  map[record.ID][]*Category // in tree order
}

// A Category as the catalogue knows it.
type Category struct {
	N         int64
	ID        record.ID
	Dimension record.ID
	Parent    record.ID
	Name      string
	Code      string
	Aliases   string
	Position  int64
	Retired   bool
}

// Kinds lists the kinds in menu order.
func (c *Catalogue) Kinds() []*record.Kind { return c.kinds }

// Kind finds a kind by name; nil where there is none.
func (c *Catalogue) Kind(name string) *record.Kind { return c.byName[name] }

// Category finds a category by id within a dimension ("" for any); retired ones are found too, for what still holds them.
func (c *Catalogue) Category(dimension record.ID, id string) *Category {
	cat := c.byID[id]
	if cat == nil || dimension != "" && cat.Dimension != dimension {
		return nil
	}
	return cat
}

// Numbered finds a category by its number.
func (c *Catalogue) Numbered(n int64) *Category { return c.cats[n] }

// Categories lists a dimension's categories, parents before children, siblings by position.
func (c *Catalogue) Categories(dimension record.ID) []*Category { return c.bydim[dimension] }

// Coded finds a dimension's category by the code that the house gave it.
func (c *Catalogue) Coded(dimension record.ID, code string) *Category {
	for _, cat := range c.bydim[dimension] {
		if cat.Code == code && !cat.Retired {
			return cat
		}
	}
	return nil
}

// Below lists the numbers of all categories below one.
func (c *Catalogue) Below(n int64) []int64 {
	var out []int64
	top := c.cats[n]
	if top == nil {
		return nil
	}
	for _, cat := range c.bydim[top.Dimension] {
		for p, hops := cat.Parent, 0; p != "" && hops < 32; hops++ {
			if p == top.ID {
				out = append(out, cat.N)
				break
			}
			up := c.byID[string(p)]
			if up == nil {
				break
			}
			p = up.Parent
		}
	}
	return out
}

// Ancestors lists a category and all above it, itself first.
func (c *Catalogue) Ancestors(n int64) []*Category {
	var out []*Category
	for cat := c.cats[n]; cat != nil && len(out) < 32; cat = c.byID[string(cat.Parent)] {
		out = append(out, cat)
	}
	return out
}

// Env is what filters are bound with, for one caller.
func (c *Catalogue) Env(sc *record.Scope, now time.Time) *record.Env {
	return &record.Env{
		Kinds: c.Kind, Now: now, Zone: c.Zone, Scope: sc, Below: c.Below,
		Category: func(dim record.ID, id string) (int64, bool) {
			cat := c.Category(dim, id)
			if cat == nil || cat.Retired {
				return 0, false
			}
			return cat.N, true
		},
	}
}

// Catalogue returns the newest catalogue known; with reload, the database's.
func (db *DB) Catalogue(ctx context.Context, reload bool) (*Catalogue, error) {
	if c := db.cat.Load(); c != nil && !reload {
		return c, nil
	}
	db.catLock.Lock()
	defer db.catLock.Unlock()
	c, err := db.loadCatalogue(ctx)
	if err != nil {
		return nil, fmt.Errorf("load catalogue: %w", err)
	}
	db.cat.Store(c)
	return c, nil
}

func (r reader) loadCatalogue(ctx context.Context) (*Catalogue, error) {
	c := &Catalogue{byName: map[string]*record.Kind{}, cats: map[int64]*Category{}, byID: map[string]*Category{}, bydim: map[record.ID][]*Category{},
		Settings: map[string]string{}, Currency: "CNY"}
	// The version first: what is read afterwards is at least as new, and a later look will find the difference.
	err := r.one(ctx, "SELECT number FROM meta WHERE name = 'catalogue'", nil, &c.Version)
	if err != nil {
		return nil, err
	}
	if err := r.each(ctx, "SELECT name, value FROM settings WHERE deleted_at IS NULL", nil, func(rows Rows) error {
		var name, value string
		err := rows.Scan(&name, &value)
		c.Settings[name] = value
		return err
	}); err != nil {
		return nil, err
	}
	zone := c.Settings["zone"]
	if zone == "" {
		zone = "Asia/Shanghai"
	}
	if c.Zone, err = time.LoadLocation(zone); err != nil {
		return nil, err
	}
	c.Name = c.Settings["workspace"]
	if v := c.Settings["currency"]; v != "" {
		c.Currency = v
	}
	dynamic := map[string][]record.Field{}
	if err := r.each(ctx, "SELECT kind, pos, name, type, multi, dimension, label, indexed, retired FROM fields ORDER BY kind, pos", nil, func(rows Rows) error {
		var f record.Field
		var kind, dim string
		var pos, multi, indexed, retired int64
		if err := rows.Scan(&kind, &pos, &f.Name, (*string)(&f.Type), &multi, &dim, &f.Label, &indexed, &retired); err != nil {
			return err
		}
		f.Multi, f.Dimension, f.Retired = multi != 0, record.ID(dim), retired != 0
		if indexed != 0 {
			f.Indexed()
		}
		dynamic[kind] = append(dynamic[kind], f)
		return nil
	}); err != nil {
		return nil, err
	}
	if err := r.loadShape(ctx, c, dynamic); err != nil {
		return nil, err
	}
	children := map[record.ID][]*Category{}
	if err := r.each(ctx, `SELECT n, id, dimension, parent, name, code, aliases, position, retired FROM categories WHERE deleted_at IS NULL`, nil, func(rows Rows) error {
		var cat Category
		var retired int64
		if err := rows.Scan(&cat.N, (*string)(&cat.ID), (*string)(&cat.Dimension), (*string)(&cat.Parent), &cat.Name, &cat.Code, &cat.Aliases, &cat.Position, &retired); err != nil {
			return err
		}
		cat.Retired = retired != 0
		c.cats[cat.N], c.byID[string(cat.ID)] = &cat, &cat
		return nil
	}); err != nil {
		return nil, err
	}
	for _, cat := range c.cats {
		key := cat.Parent
		if c.byID[string(key)] == nil {
			key = cat.Dimension
		}
		children[key] = append(children[key], cat)
	}
	for _, list := range children {
		slices.SortFunc(list, func(a, b *Category) int {
			if a.Position != b.Position {
				return int(a.Position - b.Position)
			}
			if d := strings.Compare(a.Code, b.Code); d != 0 {
				return d
			}
			return int(a.N - b.N)
		})
	}
	for _, cat := range c.cats {
		if c.bydim[cat.Dimension] == nil {
			c.bydim[cat.Dimension] = treeOrder(children, cat.Dimension, nil, 0)
		}
	}
	return c, nil
}

func treeOrder(children map[record.ID][]*Category, of record.ID, out []*Category, depth int) []*Category {
	if depth > 32 {
		return out
	}
	for _, cat := range children[of] {
		out = append(out, cat)
		out = treeOrder(children, cat.ID, out, depth+1)
	}
	return out
}

func (r reader) each(ctx context.Context, sql string, args []any, fn func(Rows) error) error {
	rows, err := r.q.query(ctx, sql, args)
	if err != nil {
		return err
	}
	defer rows.Close()
	for rows.Next() {
		if err := fn(rows); err != nil {
			return err
		}
	}
	return rows.Err()
}

// Each calls fn for each row of a query.
func (r reader) Each(ctx context.Context, sql string, args []any, fn func(Rows) error) error {
	return r.each(ctx, sql, args, fn)
}

func number01(b bool) int64 {
	if b {
		return 1
	}
	return 0
}
