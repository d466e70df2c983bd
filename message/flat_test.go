package message

import (
	"strings"
	"testing"
)

func TestTable(t *testing.T) {
	for in, want := range map[string]string{
		`{"a":1,"b":"x"}`:                                                                    "a,b\n1,x\n",
		`[{"a":1},{"b":true,"a":null}]`:                                                      "a,b\n1,\n,true\n",
		`{"o":{"no":"S1","who":{"name":"恒泰, 上海"}},"t":1}`:                                    "t,o.no,o.who.name\n1,S1,\"恒泰, 上海\"\n",
		`{"tags":["x","y"],"n":1.50}`:                                                        "tags,n\nx;y,1.50\n",
		`{"no":"S1","lines":[{"sku":"a","n":1},{"sku":"b"}],"total":9}`:                      "no,total,lines.sku,lines.n\nS1,9,a,1\nS1,9,b,\n",
		`{"no":"S1","addresses":[{"c":"x"}],"items":[{"sku":"a"},{"sku":"b"}]}`:              "no,addresses,items.sku\nS1,\"[{\"\"c\"\":\"\"x\"\"}]\",a\nS1,\"[{\"\"c\"\":\"\"x\"\"}]\",b\n",
		`{"type":"o","orders":[{"no":1,"lines":[{"s":"a"},{"s":"b"}]},{"no":2,"lines":[]}]}`: "type,orders.no,orders.lines.s,orders.lines\no,1,a,\no,1,b,\no,2,,\n",
		`{"a":1,"a":2}`:       "a\n2\n",
		`{"a":"x\u0000y"}`:    "a\nxy\n",
		`{"a":[[1],{"b":2}]}`: "a\n\"[[1],{\"\"b\"\":2}]\"\n",
	} {
		got, _, err := table([]byte(in))
		if err != nil || string(got) != want {
			t.Errorf("%s:\n%s%v\nwant\n%s", in, got, err, want)
		}
	}
	for in, want := range map[string]string{
		`{`: "json", `[1]`: "objects", `"x"`: "objects", `{}`: "empty", `{"a":1}]`: "json", `{"a":{"l":[` + strings.Repeat(`{"x":1},`, 40) + `{"x":1}]},"b":{"l":[` + strings.Repeat(`{"y":1},`, 40) + `{"y":1}]}}`: "rows",
	} {
		if _, _, err := table([]byte(in)); words(err) != "error.hook_"+want {
			t.Errorf("%.60s: %v, want %s", in, err, want)
		}
	}
}

func FuzzTable(f *testing.F) {
	f.Add([]byte(`[{"a":{"b":[{"c":1},{"d":"x"}]}}]`))
	f.Fuzz(func(t *testing.T, in []byte) {
		if _, n, err := table(in); err == nil && (n < 1 || n > MaxRows) {
			t.Errorf("%d rows", n)
		}
	})
}
