package classify

import (
	"time"

	"guike/record"
	"guike/store"
)

// dayOf is the day as of which a dimension looks up: that of its date field, or where that is empty the day on which the record was made.
func dayOf(k *record.Kind, d *dimension, values []record.Value, zone *time.Location) record.Date {
	if f := k.Field(d.AsOf); f != nil && f.Type == record.Date_ && !values[f.Pos].Null {
		return record.Date(values[f.Pos].S)
	}
	return record.DateOf(record.Time(values[record.PosCreatedAt].N).UTC(), zone)
}

// valueAt answers what a dimension of a referred record was at the end of a day, by its history; on the day on which the record that refers to it was made,
// at that moment, so that it does not change later that day. What had no value then, or was not there yet, answers its first one after: a customer entered
// today is what he is, also for a receipt of last year.
func (b *batch) valueAt(target record.Record, field string, now record.Value, day record.Date, made record.Time) (record.Value, error) {
	past, err := b.pastOf(target, field)
	if err != nil {
		return now, err
	}
	onDay := record.DateOf(made.UTC(), b.cat.Zone) == day
	first := now
	for _, p := range past {
		if onDay && p.At <= made || !onDay && record.DateOf(p.At.UTC(), b.cat.Zone) <= day {
			break
		}
		if now = p.Was; !now.Null {
			first = now
		}
	}
	return first, nil
}

// pastOf reads a referred record's history of one field, once a batch for all that are loaded of its kind.
func (b *batch) pastOf(target record.Record, field string) ([]store.Past, error) {
	key := target.Kind() + "." + field
	if _, ok := b.past[key][target.Head().ID]; !ok {
		var ids []record.ID
		for id, r := range b.loaded[target.Kind()] {
			if r != nil {
				ids = append(ids, id)
			}
		}
		past, err := b.tx.Past(b.ctx, b.cat.Kind(target.Kind()).Field(field), ids)
		if err != nil {
			return nil, err
		}
		if b.past == nil {
			b.past = map[string]map[record.ID][]store.Past{}
		}
		b.past[key] = past
	}
	return b.past[key][target.Head().ID], nil
}
