package api_test

import (
	"testing"

	"guike/store"
	"guike/store/storetest"
)

// Roles of the workspace's own: custom kinds are named in them like others, what nothing names is as "*" says, nobody grants more than he has.
func TestRoles(t *testing.T) {
	storetest.Each(t, func(t *testing.T, db *store.DB) {
		s := open(t, db)
		boss := s.owner()
		boss.must(201, "POST", "/kinds", `{"label":"设备"}`)
		boss.must(201, "POST", "/kinds", `{"label":"合同"}`)
		id := boss.must(201, "POST", "/roles", `{"label":"设备管理员","grants":{"kinds":{"*":{"read":"all"},"x_shebei":{"read":"all","create":"all","update":"all"},"order":{}}}}`)["id"].(string)
		keeper := s.colleague(boss, "keeper", "设备管理员", "")
		can := func(p *person, kind string) (string, bool) {
			for _, k := range p.must(200, "GET", "/kinds", nil)["data"].([]any) {
				if k := k.(map[string]any); k["kind"] == kind {
					out := ""
					for _, c := range k["can"].([]any) {
						out += c.(string) + " "
					}
					return out, true
				}
			}
			return "", false
		}
		if got, ok := can(keeper, "x_shebei"); got != "create update " || !ok {
			t.Errorf("of the kind that is named: %q", got)
		}
		if got, ok := can(keeper, "x_hetong"); got != "" || !ok {
			t.Errorf("of the kind that is not: %q %v", got, ok)
		}
		if _, ok := can(keeper, "order"); ok {
			t.Error("a kind that is named with nothing is there")
		}
		d := keeper.must(201, "POST", "/x_shebeis", `{"name":"机床"}`)
		keeper.must(403, "DELETE", "/x_shebeis/"+d["id"].(string), nil)
		keeper.must(403, "POST", "/x_hetongs", `{"name":"甲"}`)
		keeper.must(404, "GET", "/orders", nil)
		// A kind that is made later is as "*" says.
		boss.must(201, "POST", "/kinds", `{"label":"车辆"}`)
		if got, ok := can(keeper, "x_cheliang"); got != "" || !ok {
			t.Errorf("of a kind made later: %q %v", got, ok)
		}
		// A kind that was taken away keeps its grants, and comes back with them.
		boss.must(204, "PATCH", "/kinds/x_shebei", `{"retired":true}`)
		if _, ok := can(keeper, "x_shebei"); ok {
			t.Error("a kind that was taken away is there")
		}
		boss.must(204, "PATCH", "/roles/"+id, `{"grants":{"kinds":{"*":{"read":"all"},"x_shebei":{"read":"all","update":"all","delete":"own"}}}}`)
		boss.must(204, "PATCH", "/kinds/x_shebei", `{"retired":false}`)
		if got, _ := can(keeper, "x_shebei"); got != "update delete " {
			t.Errorf("of the kind that came back: %q", got)
		}
		for _, body := range []string{`{"label":"错","grants":{"kinds":{"x_nothing":{"read":"all"}}}}`, `{"label":"错","grants":{"kinds":{"*":{"read":"own","update":"all"}}}}`,
			`{"label":"错","grants":{"kinds":{"*":{"read":"some"}}}}`, `{"label":" ","grants":{"kinds":{"*":{"read":"all"}}}}`} {
			boss.must(422, "POST", "/roles", body)
		}
		keeper.must(403, "POST", "/roles", `{"label":"自己","grants":{"kinds":{"*":{"read":"all"}}}}`)
		// An administrator whose role reaches less far gives no more than that.
		boss.must(201, "POST", "/roles", `{"label":"管理","grants":{"admin":true,"kinds":{"*":{"read":"department"},"token":{"read":"own"}}}}`)
		little := s.colleague(boss, "little", "管理", s.department("一部"))
		little.must(403, "POST", "/roles", `{"label":"大","grants":{"kinds":{"*":{"read":"all"}}}}`)
		little.must(403, "PATCH", "/roles/"+id, `{"grants":{"kinds":{"*":{"read":"own"}}}}`)
		little.must(201, "POST", "/roles", `{"label":"小","grants":{"kinds":{"*":{"read":"own"}}}}`)
		boss.must(409, "DELETE", "/roles/"+id, nil)
		boss.must(200, "POST", "/users:query", `{}`)
		for _, r := range boss.must(200, "GET", "/roles", nil)["data"].([]any) {
			r := r.(map[string]any)
			switch r["name"] {
			case "owner":
				boss.must(409, "PATCH", "/roles/"+r["id"].(string), `{"label":"王"}`)
			case "viewer":
				boss.must(409, "DELETE", "/roles/"+r["id"].(string), nil)
			case "小":
				boss.must(204, "DELETE", "/roles/"+r["id"].(string), nil)
			}
		}
	})
}
