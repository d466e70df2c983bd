package record

import (
	"testing"
	"time"
)

// A day lies in the period that Bucket names, whatever the unit; weeks are those of ISO 8601.
func TestBucket(t *testing.T) {
	zone := time.FixedZone("", 8*3600)
	for day := time.Date(2019, 12, 25, 0, 0, 0, 0, time.UTC); day.Year() < 2028; day = day.AddDate(0, 0, 1) {
		for _, unit := range Units {
			name := Bucket(day, unit)
			s, err := Period(name, day, zone)
			if err != nil || day.Before(s.From) || !day.Before(s.To) {
				t.Fatalf("%s of %s: %s is %v, %v", unit, day.Format(time.DateOnly), name, s, err)
			}
			if last := Bucket(s.To.AddDate(0, 0, -1), unit); last != name || Bucket(s.From, unit) != name || Bucket(s.To, unit) == name {
				t.Fatalf("%s is not one period: %v", name, s)
			}
		}
	}
	for day, want := range map[string]string{"2021-01-03": "2020-W53", "2024-12-30": "2025-W01", "2026-08-10": "2026-W33"} {
		d, _ := time.Parse(time.DateOnly, day)
		if have := Bucket(d, "week"); have != want {
			t.Errorf("%s lies in %s, want %s", day, have, want)
		}
	}
	for _, bad := range []string{"2026-W00", "2026-W54", "2025-W53", "2026-W1", "2026-Wxx", "0000-W01"} {
		if _, err := Period(bad, time.Now(), zone); err == nil {
			t.Errorf("%s is a period", bad)
		}
	}
}
