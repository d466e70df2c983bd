package record

import (
	"bytes"
	"encoding/json"
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// A Value is any field's value. Text, dates, references, choices, lines and JSON use S; whole numbers, times, money (minor units), yes/no and single
// categories (the category's n) use N; a float keeps its bits in N; money keeps its currency in S; several categories are S = ";3;17;".
type Value struct {
	S    string
	N    int64
	Null bool
}

// Absent is the value that is not there.
var Absent = Value{Null: true}

// TextValue and NumberValue make present values.
func TextValue(s string) Value  { return Value{S: s, Null: s == ""} }
func NumberValue(n int64) Value { return Value{N: n} }

// Float returns the number kept in N's bits.
func (v Value) Float() float64 { return math.Float64frombits(uint64(v.N)) }

// FloatValue keeps a float.
func FloatValue(f float64) Value { return Value{N: int64(math.Float64bits(f))} }

// MoneyValue keeps money; without a currency it is absent.
func MoneyValue(m Money) Value { return Value{S: m.Currency, N: m.Minor, Null: m.Currency == ""} }

// Money returns the money kept.
func (v Value) Money() Money { return Money{v.N, v.S} }

// Several writes category numbers as ";3;17;", sorted by the caller; none is absent.
func Several(ns []int64) Value {
	if len(ns) == 0 {
		return Absent
	}
	var b strings.Builder
	for _, n := range ns {
		b.WriteByte(';')
		b.WriteString(strconv.FormatInt(n, 10))
	}
	b.WriteByte(';')
	return Value{S: b.String()}
}

// Numbers splits ";3;17;" again; a single category's value gives its one number.
func (v Value) Numbers(multi bool) []int64 {
	if v.Null {
		return nil
	}
	if !multi {
		return []int64{v.N}
	}
	var ns []int64
	for part := range strings.SplitSeq(strings.Trim(v.S, ";"), ";") {
		if n, err := strconv.ParseInt(part, 10, 64); err == nil {
			ns = append(ns, n)
		}
	}
	return ns
}

// Words writes the words of a Choices field as ";a;b;", in byte order and once each; none is absent.
func Words(ws []string) Value {
	ws = slices.Clone(ws)
	slices.Sort(ws)
	ws = slices.Compact(ws)
	if len(ws) == 0 {
		return Absent
	}
	return Value{S: ";" + strings.Join(ws, ";") + ";"}
}

// Words splits ";a;b;" again.
func (v Value) Words() []string {
	if v.Null || v.S == "" {
		return nil
	}
	return strings.Split(strings.Trim(v.S, ";"), ";")
}

// JSON writes the value canonically, as change entries keep it: categories by number.
func (f *Field) JSON(v Value) json.RawMessage {
	if v.Null {
		return json.RawMessage("null")
	}
	var x any
	switch f.Type {
	case Int:
		x = v.N
	case Float:
		x = v.Float()
	case Bool:
		x = v.N != 0
	case Time_:
		x = Time(v.N).String()
	case MoneyType:
		x = v.Money()
	case Category:
		x = v.Numbers(f.Multi)
	case Choices:
		x = v.Words()
	case Lines, JSON:
		return json.RawMessage(v.S)
	default:
		x = v.S
	}
	b, err := json.Marshal(x)
	if err != nil {
		panic(err) // no type above can fail: floats are finite after Check
	}
	return b
}

// Parse reads a value as the API writes it and checks it. Categories are read by the catalogue (Env), not here; here they are numbers.
func (f *Field) Parse(raw json.RawMessage) (Value, error) {
	raw = bytes.TrimSpace(raw)
	if len(raw) == 0 || string(raw) == "null" {
		return Absent, nil
	}
	var v Value
	var err error
	switch f.Type {
	case Int:
		var n int64
		err = json.Unmarshal(raw, &n)
		v = NumberValue(n)
	case Float:
		var x float64
		err = json.Unmarshal(raw, &x)
		v = FloatValue(x)
	case Bool:
		var b bool
		err = json.Unmarshal(raw, &b)
		if b {
			v.N = 1
		}
	case Time_:
		var s string
		if err = json.Unmarshal(raw, &s); err == nil && s != "" {
			var t time.Time
			if t, err = time.Parse(time.RFC3339, s); err == nil {
				v = NumberValue(t.UnixMicro())
			}
		} else if s == "" {
			v = Absent
		}
	case MoneyType:
		var m Money
		if err = json.Unmarshal(raw, &m); err != nil {
			return Absent, errors.New("error.money")
		}
		v = MoneyValue(m)
	case Category:
		var ns []int64
		if err = json.Unmarshal(raw, &ns); err == nil {
			if v = Several(ns); !f.Multi && len(ns) == 1 {
				v = NumberValue(ns[0])
			}
		}
	case Choices:
		var ws []string
		err = json.Unmarshal(raw, &ws)
		v = Words(ws)
	case Lines, JSON:
		var b bytes.Buffer
		err = json.Compact(&b, raw)
		v = TextValue(b.String())
	case Ref:
		var s string
		if err = json.Unmarshal(raw, &s); err != nil {
			// A reference is answered as {"id","title"}; what was answered may be sent back.
			var r struct{ ID string }
			err = json.Unmarshal(raw, &r)
			s = r.ID
		}
		v = TextValue(s)
	default:
		var s string
		err = json.Unmarshal(raw, &s)
		v = TextValue(s)
	}
	if err != nil {
		return Absent, errors.New("error.not_a_" + string(f.Type))
	}
	return f.Check(v)
}

// Limits on text: a field's and a long one's.
const (
	maxText = 2000
	maxLong = 200_000
)

// Check refuses what the two databases would keep differently, and normalises the rest: −0 becomes 0, text loses what surrounds it.
func (f *Field) Check(v Value) (Value, error) {
	if v.Null {
		return Absent, nil
	}
	limit := maxText
	switch f.Type {
	case Int:
		if v.N > maxWhole || v.N < -maxWhole {
			return v, errors.New("error.too_large")
		}
		return v, nil
	case Float:
		x := v.Float()
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return v, errors.New("error.number")
		}
		if x == 0 {
			x = 0
			v = FloatValue(math.Abs(x))
		}
		return v, nil
	case Bool, Time_, Category:
		if f.Type == Category && f.Multi && v.S == "" {
			return Absent, nil
		}
		return v, nil
	case MoneyType:
		if v.N > maxWhole || v.N < -maxWhole {
			return v, errors.New("error.too_large")
		}
		return v, nil
	case Long:
		limit = maxLong
	case Lines, JSON:
		limit = 4 << 20
		if !json.Valid([]byte(v.S)) {
			return v, errors.New("error.json")
		}
	}
	if !utf8.ValidString(v.S) || strings.IndexByte(v.S, 0) >= 0 {
		return v, errors.New("error.not_text")
	}
	if f.Type != Lines && f.Type != JSON {
		v.S = strings.TrimSpace(v.S)
	}
	if len(v.S) > limit*4 || utf8.RuneCountInString(v.S) > limit {
		return v, errors.New("error.too_long")
	}
	if v.S == "" {
		return Absent, nil
	}
	switch f.Type {
	case Date_:
		if !Date(v.S).Valid() {
			return v, errors.New("error.date")
		}
	case Choice:
		if !slices.Contains(f.Choices, v.S) {
			return v, errors.New("error.not_one_of|" + strings.Join(f.Choices, ", "))
		}
	case Choices:
		ws := v.Words()
		for _, w := range ws {
			if !slices.Contains(f.Choices, w) {
				return v, errors.New("error.not_one_of|" + strings.Join(f.Choices, ", "))
			}
		}
		return Words(ws), nil
	case Ref:
		if !ID(v.S).Valid() {
			return v, errors.New("error.no_such_record")
		}
	case Email:
		if i := strings.IndexByte(v.S, '@'); i < 1 || i == len(v.S)-1 || strings.ContainsAny(v.S, " \t\r\n,;<>") {
			return v, errors.New("error.email")
		}
	case URL:
		if !strings.HasPrefix(v.S, "https://") && !strings.HasPrefix(v.S, "http://") {
			return v, errors.New("error.url")
		}
	}
	return v, nil
}
