package queue

import (
	"slices"
	"time"

	"guike/record"
)

// What a When counts in.
const (
	EveryMinutes = "minutes"
	EveryDay     = "day"
	EveryWeek    = "week"
	EveryMonth   = "month"
)

// A When says when a schedule is due, on the clocks of the workspace's zone.
type When struct {
	Every   string `json:"every" enum:"minutes,day,week,month"`
	Minutes int    `json:"minutes,omitempty" doc:"of minutes: how many, 5 to 1440, counted from the epoch"`
	At      string `json:"at,omitempty" doc:"hh:mm"`
	Days    []int  `json:"days,omitempty" doc:"of week: 1 Monday to 7 Sunday"`
	Day     int    `json:"day,omitempty" doc:"of month: 1 to 31; the last day where the month is shorter"`
}

// least is the shortest pause between two runs in minutes: what is wanted more often is a follower's work.
const least = 5

// Check fails with Invalid where a When never comes or says more than it means.
func (w When) Check() error {
	switch w.Every {
	case EveryMinutes:
		if w.Minutes < least || w.Minutes > 24*60 {
			return record.FieldError("minutes", "error.schedule_minutes")
		}
		return nil
	case EveryDay:
	case EveryWeek:
		if len(w.Days) == 0 || slices.ContainsFunc(w.Days, func(d int) bool { return d < 1 || d > 7 }) {
			return record.FieldError("days", "error.schedule_days")
		}
	case EveryMonth:
		if w.Day < 1 || w.Day > 31 {
			return record.FieldError("day", "error.schedule_day")
		}
	default:
		return record.FieldError("every", "error.choice")
	}
	if _, err := time.Parse("15:04", w.At); err != nil || len(w.At) != 5 {
		return record.FieldError("at", "error.schedule_at")
	}
	return nil
}

// Next answers the first due time after an instant. Days come from the calendar, never from adding 24 hours: a day that the clocks change on is no longer
// or shorter for a schedule.
func (w When) Next(after time.Time, zone *time.Location) time.Time {
	if w.Every == EveryMinutes {
		step := time.Duration(w.Minutes) * time.Minute
		return time.Unix(0, 0).UTC().Add(after.Sub(time.Unix(0, 0)).Truncate(step) + step)
	}
	clock, err := time.Parse("15:04", w.At)
	if err != nil {
		return time.Time{} // Check has refused it
	}
	y, m, d := after.In(zone).Date()
	// From the day before: an instant that the clocks jump over is due on the day after where a whole day is missing.
	for i := -1; i < 400; i++ {
		day := time.Date(y, m, d+i, 0, 0, 0, 0, time.UTC)
		if !w.on(day) {
			continue
		}
		if t := wall(day.Year(), day.Month(), day.Day(), clock.Hour(), clock.Minute(), zone); t.After(after) {
			return t
		}
	}
	return time.Time{} // no calendar is so: each month and each week has a day that is meant
}

// on reports whether a day is meant.
func (w When) on(day time.Time) bool {
	switch w.Every {
	case EveryWeek:
		return slices.Contains(w.Days, (int(day.Weekday())+6)%7+1)
	case EveryMonth:
		last := time.Date(day.Year(), day.Month()+1, 0, 0, 0, 0, 0, time.UTC).Day()
		return day.Day() == min(w.Day, last)
	}
	return true
}

// wall is the first instant at which clocks in a zone show a day and a time. Where they jump over it, it is the instant to which they jump; where they
// show it twice, the first of the two: so that each day has one.
func wall(year int, month time.Month, day, hour, minute int, zone *time.Location) time.Time {
	plain := time.Date(year, month, day, hour, minute, 0, 0, time.UTC)
	_, before := plain.Add(-26 * time.Hour).In(zone).Zone()
	_, behind := plain.Add(26 * time.Hour).In(zone).Zone()
	early := plain.Add(-time.Duration(before) * time.Second)
	for _, t := range []time.Time{early, plain.Add(-time.Duration(behind) * time.Second)} {
		l := t.In(zone)
		if l.Day() == day && l.Hour() == hour && l.Minute() == minute {
			return t
		}
	}
	// Counted with the offset that ended, it lies just behind the jump.
	jump, _ := early.In(zone).ZoneBounds()
	return jump.UTC()
}

// Missed counts the due times after one and up to an instant, that nobody was there for; above a thousand it stops counting.
func (w When) missed(due, now time.Time, zone *time.Location) int64 {
	n := int64(0)
	for t := w.Next(due, zone); !t.After(now) && !t.IsZero() && n < 1000; t = w.Next(t, zone) {
		n++
	}
	return n
}
