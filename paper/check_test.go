package paper

import (
	"testing"
	"time"
)

func TestCheckPaper(t *testing.T) {
	now = func() time.Time { return time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC) }
	defer func() { now = time.Now }()
	good := map[string]string{"amount": "100.00", "amount_upper": "壹佰元整", "paid_on": "2025-01-02", "payer_name": "甲公司", "payee_name": us.Name, "payee_account": us.Accounts[0], "slip_no": "1234"}
	bill := map[string]string{"invoice_no": "1", "total": "106.00", "net": "100.00", "tax": "6.00", "issued_on": "2025-01-02", "seller_name": "甲", "buyer_name": "乙", "seller_tax_id": "91110108690017781B"}
	for name, c := range map[string]struct {
		kind   string
		change map[string]string
		check  string
		want   string
	}{
		"agree":               {"slip", nil, "amount_upper", "pass"},
		"differ":              {"slip", map[string]string{"amount": "100.01"}, "amount_upper", "fail"},
		"unreadable":          {"slip", map[string]string{"amount_upper": "壹贰元"}, "amount_upper", "warn"},
		"red":                 {"slip", map[string]string{"amount": "-100.00", "amount_upper": "负壹佰元整"}, "amount_upper", "warn"},
		"red, plain words":    {"slip", map[string]string{"amount": "-100.00"}, "amount_upper", "warn"},
		"zero":                {"slip", map[string]string{"amount": "0.00", "amount_upper": "零元整"}, "amount_upper", "warn"},
		"very large":          {"slip", map[string]string{"amount": "1000000000.00", "amount_upper": "壹拾亿元整"}, "amount_upper", "warn"},
		"no words":            {"slip", map[string]string{"amount_upper": ""}, "amount_upper", ""},
		"complete":            {"slip", nil, "required", "pass"},
		"no amount":           {"slip", map[string]string{"amount": ""}, "required", "fail"},
		"no payer":            {"slip", map[string]string{"payer_name": ""}, "required", "warn"},
		"no number":           {"slip", map[string]string{"slip_no": ""}, "required", "warn"},
		"no such day":         {"slip", map[string]string{"paid_on": "2025-02-30"}, "date", "fail"},
		"future":              {"slip", map[string]string{"paid_on": "2026-02-01"}, "date", "warn"},
		"ours":                {"slip", nil, "own_account", "pass"},
		"not our account":     {"slip", map[string]string{"payee_account": "999999"}, "own_account", "warn"},
		"masked":              {"slip", map[string]string{"payee_account": "1202****3456"}, "own_account", "pass"},
		"a card":              {"slip", map[string]string{"payer_account": "6222021234567890128"}, "card", "pass"},
		"no card":             {"slip", map[string]string{"payer_account": "6222021234567890123"}, "card", "warn"},
		"sum":                 {"invoice", nil, "total", "pass"},
		"no sum":              {"invoice", map[string]string{"tax": "6.01"}, "total", "fail"},
		"red invoice":         {"invoice", map[string]string{"total": "-106.00", "net": "-100.00", "tax": "-6.00"}, "total", "warn"},
		"credit code":         {"invoice", nil, "tax_id", "pass"},
		"wrong credit code":   {"invoice", map[string]string{"seller_tax_id": "91110108690017782B"}, "tax_id", "fail"},
		"old taxpayer number": {"invoice", map[string]string{"seller_tax_id": "110108690017781"}, "tax_id", "warn"},
	} {
		t.Run(name, func(t *testing.T) {
			p := Paper{Kind: c.kind}
			from := good
			if c.kind == "invoice" {
				from = bill
			}
			for k, v := range from {
				if x, ok := c.change[k]; ok {
					v = x
				}
				p.Facts = append(p.Facts, Fact{Name: k, Value: v})
			}
			for k, v := range c.change {
				if from[k] == "" {
					p.Facts = append(p.Facts, Fact{Name: k, Value: v})
				}
			}
			got := ""
			for _, k := range CheckPaper(p, us) {
				if k.Check == c.check {
					got = k.Result
					if k.Reason == "" {
						t.Error("no reason")
					}
				}
			}
			if got != c.want {
				t.Errorf("%s = %q, want %q", c.check, got, c.want)
			}
		})
	}
}

// A scan's amount without a point may have lost it: it waits for a look unless the words agree.
func TestScannedPoint(t *testing.T) {
	for _, x := range []struct {
		source, value, upper string
		fails                bool
	}{
		{"¥155", "155.00", "", true}, {"¥155", "155.00", "壹佰伍拾伍元整", false}, {"¥155.00", "155.00", "", false}, {"¥１５５．００", "155.00", "", false},
	} {
		p := Paper{Kind: "slip", Scan: true, Facts: []Fact{{Name: "amount", Value: x.value, Source: x.source, By: byReader, Confidence: 1}, {Name: "amount_upper", Value: x.upper, By: byReader, Confidence: 1}}}
		fails := false
		for _, c := range CheckPaper(p, us) {
			fails = fails || c.Check == "characters" && c.Result == "fail"
		}
		if fails != x.fails {
			t.Errorf("%+v: %v", x, CheckPaper(p, us))
		}
	}
}
