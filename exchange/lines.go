package exchange

import (
	"bytes"
	"encoding/json"
	"fmt"

	"guike/record"
)

// settle makes lines out of what was read, once references are found, and says where the amount is not quantity × price.
func (e *env) settle(d *reading) {
	if e.lines == nil || d.outcome != "" {
		return
	}
	if _, whole := d.set[e.lines.Pos]; whole {
		return
	}
	total, each := record.Absent, false
	for i, v := range d.sums {
		if i > 0 && v != d.sums[0] {
			each = true // an amount of its own in each row: they add up
		}
	}
	var b bytes.Buffer
	b.WriteByte('[')
	for i, l := range d.lines {
		amount, has := l["amount"]
		if !has && (len(d.lines) == 1 || each) && !d.sums[i].Null {
			amount, has = d.sums[i], true
			l["amount"] = amount
		}
		price, p := l["price"]
		quantity, q := l["quantity"]
		if p && q {
			want := record.MoneyValue(price.Money().Times(quantity.Float()))
			if has && want != amount {
				d.issue(severeWarn, "", issueAmount, fmt.Sprintf("%s ≠ %s", amount.Money().Decimal(), want.Money().Decimal()))
			} else if !has {
				amount, has = want, true
				l["amount"] = want
			}
		}
		if has && (total.Null || total.S == amount.S) {
			total = record.Value{S: amount.S, N: total.N + amount.N}
		}
		if i > 0 {
			b.WriteByte(',')
		}
		e.line(&b, l)
	}
	b.WriteByte(']')
	if len(d.lines) == 1 && len(d.lines[0]) == 0 {
		return
	}
	d.set[e.lines.Pos] = record.TextValue(b.String())
	if e.total == nil {
		return
	}
	switch said, ok := d.set[e.total.Pos]; {
	case each || !ok:
		if !total.Null {
			d.set[e.total.Pos] = total
		}
	case len(d.lines) > 1 && !total.Null && said != total:
		d.issue(severeWarn, "", issueAmount, fmt.Sprintf("%s ≠ %s", said.Money().Decimal(), total.Money().Decimal()))
	}
}

// line writes one line as JSON, its fields in their order.
func (e *env) line(b *bytes.Buffer, l map[string]record.Value) {
	b.WriteByte('{')
	first := true
	for i := range e.lines.Of {
		f := &e.lines.Of[i]
		v, ok := l[f.Name]
		if !ok || v.Null {
			continue
		}
		if !first {
			b.WriteByte(',')
		}
		first = false
		fmt.Fprintf(b, "%q:", f.Name)
		raw := f.JSON(v)
		if f.Textual() {
			var x bytes.Buffer
			enc := json.NewEncoder(&x)
			enc.SetEscapeHTML(false)
			if enc.Encode(v.S) == nil {
				raw = bytes.TrimSpace(x.Bytes())
			}
		}
		b.Write(raw)
	}
	b.WriteByte('}')
}

// merged puts the columns of the file over the lines that are there, where they are as many: what the file does not say of a line stays.
func (e *env) merged(old string, v record.Value) record.Value {
	var was, now []map[string]json.RawMessage
	if json.Unmarshal([]byte(old), &was) != nil || json.Unmarshal([]byte(v.S), &now) != nil || len(was) != len(now) {
		return v
	}
	var b bytes.Buffer
	b.WriteByte('[')
	for i := range now {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('{')
		first := true
		for j := range e.lines.Of {
			name := e.lines.Of[j].Name
			raw, ok := now[i][name]
			if before, had := was[i][name]; had && (!ok || e.lines.Of[j].Name == "name" && string(raw) == `""`) {
				raw, ok = before, true
			}
			if !ok {
				continue
			}
			if !first {
				b.WriteByte(',')
			}
			first = false
			b.WriteString(quoted(name) + ":")
			b.Write(raw)
		}
		b.WriteByte('}')
	}
	b.WriteByte(']')
	return record.TextValue(b.String())
}
