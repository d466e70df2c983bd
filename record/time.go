package record

import "time"

// A Date is a day on a paper, "2026-10-25", without a zone; "" is absent. As text it sorts by day in Go and in both databases.
type Date string

// Valid reports whether the day exists: 2026-02-30 does not.
func (d Date) Valid() bool {
	_, err := time.Parse(time.DateOnly, string(d))
	return err == nil && d >= "0001-01-01"
}

// A Time is an instant in microseconds since 1970 UTC; 0 is absent.
type Time int64

// At cuts t to microseconds, which is what both databases keep.
func At(t time.Time) Time { return Time(t.UnixMicro()) }

// UTC returns the instant as a time.Time.
func (t Time) UTC() time.Time { return time.UnixMicro(int64(t)).UTC() }

// String writes RFC 3339 with microseconds, "" when absent.
func (t Time) String() string {
	if t == 0 {
		return ""
	}
	return t.UTC().Format("2006-01-02T15:04:05.000000Z")
}

// DateOf returns the day of an instant in a zone.
func DateOf(t time.Time, zone *time.Location) Date { return Date(t.In(zone).Format(time.DateOnly)) }

// StartOfDay returns the first instant of a day in a zone. Where clocks spring at midnight that is not 00:00, and time.Date would answer an instant
// of the day before.
func StartOfDay(year int, month time.Month, day int, zone *time.Location) time.Time {
	t := time.Date(year, month, day, 0, 0, 0, 0, zone)
	want := time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Format(time.DateOnly)
	if t.Format(time.DateOnly) == want {
		// A repeated midnight (clocks fall back at 00:00–01:00) may have an earlier first instant.
		for _, back := range []time.Duration{30 * time.Minute, time.Hour, 2 * time.Hour} {
			if e := t.Add(-back); e.Format(time.DateOnly) == want {
				return e
			}
		}
		return t
	}
	// Binary search for the change of local date; a day may be missing altogether (Apia 2011-12-30), then its start is that of the next.
	lo, hi := t.Add(-26*time.Hour), t.Add(26*time.Hour)
	for hi.Sub(lo) > time.Microsecond {
		mid := lo.Add(hi.Sub(lo) / 2)
		if mid.Format(time.DateOnly) < want {
			lo = mid
		} else {
			hi = mid
		}
	}
	return hi.Truncate(time.Microsecond)
}
