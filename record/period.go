package record

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"
	"time"
)

// A Span is days, the first in, the last out.
type Span struct{ From, To time.Time } // midnights UTC that stand for days

// Period answers the days of a named period ("this_month", "2026", "2026-Q3", "2026-08", "2026-W33", "2026-08-01") as of today in a zone.
func Period(name string, now time.Time, zone *time.Location) (Span, error) {
	y, m, d := now.In(zone).Date()
	today := time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, time.UTC) }
	quarter := time.Month((int(m)-1)/3*3 + 1)
	monday := today.AddDate(0, 0, -(int(today.Weekday())+6)%7)
	if n, ok := strings.CutPrefix(name, "last_"); ok {
		if n, ok = strings.CutSuffix(n, "_days"); ok {
			if k, err := strconv.Atoi(n); err == nil && k > 0 && k <= 3660 {
				return Span{today.AddDate(0, 0, 1-k), today.AddDate(0, 0, 1)}, nil
			}
		}
	}
	switch name {
	case "today":
		return Span{today, today.AddDate(0, 0, 1)}, nil
	case "yesterday":
		return Span{today.AddDate(0, 0, -1), today}, nil
	case "this_week":
		return Span{monday, monday.AddDate(0, 0, 7)}, nil
	case "last_week":
		return Span{monday.AddDate(0, 0, -7), monday}, nil
	case "this_month":
		return Span{day(y, m, 1), day(y, m+1, 1)}, nil
	case "last_month":
		return Span{day(y, m-1, 1), day(y, m, 1)}, nil
	case "this_quarter":
		return Span{day(y, quarter, 1), day(y, quarter+3, 1)}, nil
	case "last_quarter":
		return Span{day(y, quarter-3, 1), day(y, quarter, 1)}, nil
	case "this_year":
		return Span{day(y, 1, 1), day(y+1, 1, 1)}, nil
	case "last_year":
		return Span{day(y-1, 1, 1), day(y, 1, 1)}, nil
	}
	if len(name) == 7 && name[4:6] == "-Q" && name[6] >= '1' && name[6] <= '4' {
		if y, err := strconv.Atoi(name[:4]); err == nil && y > 0 {
			m := time.Month(name[6]-'1')*3 + 1
			return Span{day(y, m, 1), day(y, m+3, 1)}, nil
		}
	}
	if len(name) == 8 && name[4:6] == "-W" { // ISO 8601: the first week has the year's first Thursday
		y, err := strconv.Atoi(name[:4])
		n, err2 := strconv.Atoi(name[6:])
		first := day(y, 1, 4)
		first = first.AddDate(0, 0, -(int(first.Weekday())+6)%7)
		if from := first.AddDate(0, 0, 7*(n-1)); err == nil && err2 == nil && y > 0 && n > 0 && Bucket(from, "week") == name {
			return Span{from, from.AddDate(0, 0, 7)}, nil
		}
	}
	if t, err := time.Parse("2006", name); err == nil && t.Year() > 0 {
		return Span{t, t.AddDate(1, 0, 0)}, nil
	}
	if t, err := time.Parse("2006-01", name); err == nil && t.Year() > 0 {
		return Span{t, t.AddDate(0, 1, 0)}, nil
	}
	if t, err := time.Parse(time.DateOnly, name); err == nil && t.Year() > 0 {
		return Span{t, t.AddDate(0, 0, 1)}, nil
	}
	return Span{}, fmt.Errorf("error.no_such_period")
}

// Units are the lengths of time by which days are grouped.
var Units = []string{"day", "week", "month", "quarter", "year"}

// Bucket names the period of a unit that a day lies in, as Period reads it.
func Bucket(day time.Time, unit string) string {
	switch unit {
	case "day":
		return day.Format(time.DateOnly)
	case "week":
		y, w := day.ISOWeek()
		return fmt.Sprintf("%04d-W%02d", y, w)
	case "quarter":
		return fmt.Sprintf("%04d-Q%d", day.Year(), (int(day.Month())+2)/3)
	case "year":
		return day.Format("2006")
	}
	return day.Format("2006-01")
}

func (b *binder) period(fd *Field, raw json.RawMessage) (Cond, error) {
	var name string
	if fd.Type != Date_ && fd.Type != Time_ || json.Unmarshal(raw, &name) != nil {
		return Cond{}, fmt.Errorf("error.no_such_operator")
	}
	s, err := Period(name, b.Now, b.Zone)
	if err != nil {
		return Cond{}, err
	}
	c := Cond{Op: Range, Field: fd, HiX: true}
	if fd.Type == Date_ {
		c.Lo, c.Hi = &Value{S: s.From.Format(time.DateOnly)}, &Value{S: s.To.Format(time.DateOnly)}
		return c, nil
	}
	at := func(t time.Time) *Value {
		y, m, d := t.Date()
		return &Value{N: StartOfDay(y, m, d, b.Zone).UnixMicro()}
	}
	c.Lo, c.Hi = at(s.From), at(s.To)
	return c, nil
}
