package demo

import (
	"encoding/json"

	"guike"
	"guike/record"
	"guike/store"
)

// glance keeps views that everyone shares, one for each face, and a dashboard of them: what the company looks like at first sight.
func (f *filler) glance() error {
	type seen struct {
		view       guike.View
		face       guike.Face
		filter     record.Filter
		wide, tall int
	}
	by := func(field string) []record.By { return []record.By{{Field: field}} }
	open := record.Where("stage", "in", []string{"new", "open", "waiting"})
	views := []seen{
		{guike.View{Name: "订单金额走势", Of: "order"}, guike.Face{As: "chart", Form: "line", By: []record.By{{Field: "ordered_on", Unit: "month"}}, Sum: "amount"}, record.Filter{}, 2, 2},
		{guike.View{Name: "各产品收款", Of: "receipt"}, guike.Face{As: "chart", Form: "bar", By: by("d_product"), Sum: "amount", Part: "in"}, record.Filter{}, 2, 2},
		{guike.View{Name: "客户分布", Of: "customer"}, guike.Face{As: "chart", Form: "map", By: by("d_region")}, record.Filter{}, 2, 3},
		{guike.View{Name: "客户级别", Of: "customer"}, guike.Face{As: "chart", Form: "pie", By: by("d_level")}, record.Filter{}, 1, 2},
		{guike.View{Name: "订单进度", Of: "order"}, guike.Face{As: "board", By: by("stage")}, record.Filter{}, 1, 2},
		{guike.View{Name: "未结案件", Of: "case"}, guike.Face{}, open, 1, 1},
		{guike.View{Name: "未完成任务", Of: "task"}, guike.Face{As: "calendar", By: by("due_on")}, record.Where("stage", "eq", "open"), 0, 0},
		{guike.View{Name: "待办任务", Of: "task"}, guike.Face{}, record.Where("stage", "eq", "open"), 1, 1},
		{guike.View{Name: "案件：来源与优先级", Of: "case"}, guike.Face{As: "pivot", By: []record.By{{Field: "source"}, {Field: "priority"}}}, record.Filter{}, 2, 2},
		{guike.View{Name: "案件看板", Of: "case"}, guike.Face{As: "board", By: by("stage")}, record.Filter{}, 2, 2},
	}
	return f.db.Tx(f.ctx, f.sc, func(tx *store.Tx) error {
		var tiles []guike.Tile
		for i := range views {
			v := &views[i].view
			v.Shared, v.Owner = true, f.users[0]
			if !views[i].filter.IsZero() {
				b, err := json.Marshal(views[i].filter)
				if err != nil {
					return err
				}
				v.Filter = string(b)
			}
			if views[i].face.As != "" {
				b, err := json.Marshal(views[i].face)
				if err != nil {
					return err
				}
				v.Face = string(b)
			}
			if err := tx.Create(f.ctx, v); err != nil {
				return err
			}
			if views[i].wide > 0 {
				tiles = append(tiles, guike.Tile{View: v.ID, Wide: views[i].wide, Tall: views[i].tall})
			}
		}
		b, err := json.Marshal(tiles)
		if err != nil {
			return err
		}
		d := &guike.Dashboard{Name: "经营总览", Tiles: string(b), Shared: true}
		d.Owner = f.users[0]
		return tx.Create(f.ctx, d)
	})
}
