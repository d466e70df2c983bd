package record_test

import (
	"encoding/json"
	"testing"

	"guike/record"
)

func TestWithout(t *testing.T) {
	for in, want := range map[string]string{
		`{"field":"a","op":"eq","value":1}`:                                                                               `{}`,
		`{"field":"b","op":"eq","value":1}`:                                                                               `{"field":"b","op":"eq","value":1}`,
		`{"and":[{"field":"a","op":"eq","value":1},{"field":"b","op":"eq","value":2}]}`:                                   `{"and":[{"field":"b","op":"eq","value":2}]}`,
		`{"and":[{"or":[{"field":"a","op":"under","value":"x"},{"field":"a","op":"empty"}]},{"field":"b","op":"empty"}]}`: `{"and":[{"field":"b","op":"empty"}]}`,
		`{"or":[{"field":"a","op":"eq","value":1},{"field":"b","op":"eq","value":2}]}`:                                    `{"or":[{"field":"a","op":"eq","value":1},{"field":"b","op":"eq","value":2}]}`,
		`{"not":{"field":"a","op":"empty"}}`:                                                                              `{}`,
	} {
		var f record.Filter
		if err := json.Unmarshal([]byte(in), &f); err != nil {
			t.Fatal(err)
		}
		got, err := json.Marshal(f.Without("a"))
		if err != nil || string(got) != want {
			t.Errorf("%s without a: %s, want %s (%v)", in, got, want, err)
		}
	}
}

func TestMoney(t *testing.T) {
	for _, c := range []struct {
		amount, cur string
		minor       int64
		ok          bool
	}{{"491300.00", "CNY", 49130000, true}, {"-0.01", "CNY", -1, true}, {"5", "JPY", 5, true}, {"5.00", "JPY", 5, true}, {"5.5", "JPY", 0, false}, {"1.234", "KWD", 1234, true},
		{"1.234", "CNY", 0, false}, {"", "CNY", 0, false}, {"1,000", "CNY", 0, false}, {"1e3", "CNY", 0, false}, {"1", "yuan", 0, false}, {"99999999999999999999", "CNY", 0, false}} {
		m, err := record.ParseMoney(c.amount, c.cur)
		if (err == nil) != c.ok || m.Minor != c.minor {
			t.Errorf("%q %s: %d, %v", c.amount, c.cur, m.Minor, err)
			continue
		}
		if c.ok {
			if back, err := record.ParseMoney(m.Decimal(), c.cur); err != nil || back != m {
				t.Errorf("%q writes %q, which reads %v, %v", c.amount, m.Decimal(), back, err)
			}
		}
	}
}
