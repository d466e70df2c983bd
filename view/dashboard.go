package view

import (
	"context"
	"encoding/json"

	"guike"
	"guike/record"
	"guike/store"
)

// MaxTiles bounds those of one dashboard: more are no glance.
const MaxTiles = 40

// A SeenDashboard, as one person sees it. A view of its tiles that does not reach him stays unseen.
type SeenDashboard struct {
	*guike.Dashboard
	Tiles []guike.Tile
	Mine  bool
}

// Dashboards answers those that reach a person, by name.
func Dashboards(ctx context.Context, db *store.DB, sc record.Scope) ([]SeenDashboard, error) {
	var out []SeenDashboard
	err := reaching(ctx, db, sc, "dashboard", record.Filter{}, func(r record.Record, _ int) {
		d := SeenDashboard{Dashboard: r.(*guike.Dashboard), Mine: may(sc, r)}
		_ = json.Unmarshal([]byte(d.Dashboard.Tiles), &d.Tiles) // it was checked when it was written
		out = append(out, d)
	})
	return out, err
}

// fitTiles asks whether each tile is a view that reaches the caller; one that others see too may show none of his own alone.
func fitTiles(ctx context.Context, tx *store.Tx, sc record.Scope, d *guike.Dashboard) error {
	if d.Tiles == "" || d.Tiles == "null" {
		return nil
	}
	var tiles []guike.Tile
	if len(d.Tiles) > maxText || json.Unmarshal([]byte(d.Tiles), &tiles) != nil {
		return record.FieldError("tiles", "error.json")
	}
	if len(tiles) > MaxTiles {
		return record.FieldError("tiles", "error.too_many")
	}
	for _, t := range tiles {
		if t.Wide < 1 || t.Wide > 4 || t.Tall < 1 || t.Tall > 3 {
			return record.FieldError("tiles", "error.tile_size")
		}
		r, err := tx.Get(ctx, record.SystemScope("view"), "view", t.View)
		if err != nil {
			if record.Is(err, record.NotFound) {
				continue // it was there once: the tile says so
			}
			return err
		}
		if a := audienceOf(r); !a.shared && (d.Shared || a.owner != sc.User) {
			return record.FieldError("tiles", "error.tile_private")
		}
	}
	return nil
}
