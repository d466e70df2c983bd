package main

import (
	"bytes"
	"context"

	"guike"
	"guike/exchange"
	"guike/ingest"
	"guike/paper"
	"guike/record"
	"guike/store"
)

// intake lets message hand in what hooks bring.
type intake struct {
	desk *ingest.Desk
	port *exchange.Port
}

func (i intake) Limit() int64 { return paper.MaxFile }

func (i intake) Keep(ctx context.Context, sc record.Scope, name string, customer record.ID, body []byte) (record.ID, error) {
	id, _, err := i.desk.Keep(ctx, sc, name, "hook", bytes.NewReader(body))
	if err != nil || customer == "" || id == "" {
		return id, err
	}
	return id, i.desk.DB.Tx(ctx, sc, func(tx *store.Tx) error {
		_, err := tx.UpdateAll(ctx, "document", []record.ID{id}, func(r record.Record) (store.Patch, error) {
			if r.(*guike.Document).Customer != "" {
				return store.Patch{}, nil // what somebody knows better stays
			}
			return store.Patch{Values: map[string]record.Value{"customer": record.TextValue(string(customer))}}, nil
		})
		return err
	})
}

func (i intake) Open(ctx context.Context, sc record.Scope, kind, name, profile string, table []byte) (record.ID, bool, error) {
	return i.port.Take(ctx, sc, kind, name, profile, table)
}

func (i intake) Run(ctx context.Context, sc record.Scope, imp record.ID) error {
	_, _, err := i.port.Run(ctx, sc, imp)
	return err
}

func (i intake) Check(ctx context.Context, sc record.Scope, imp record.ID) error {
	_, _, err := i.port.Check(ctx, sc, imp)
	return err
}

func (i intake) Drop(ctx context.Context, sc record.Scope, imp record.ID) error {
	return i.port.Drop(ctx, sc, imp)
}
