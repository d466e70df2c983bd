package store

import (
	"context"

	"guike/record"
)

// BuildColumns builds a kind's columns now, for tests.
func (db *DB) BuildColumns(ctx context.Context, kind string) error {
	cat, err := db.Catalogue(ctx, false)
	if err != nil {
		return err
	}
	s, err := buildColumns(ctx, db, cat.Kind(kind), 1<<30)
	db.columns.mu.Lock()
	defer db.columns.mu.Unlock()
	db.columns.sets[kind] = s
	return err
}

// ColumnsServe answers 1 where the columns answer a question, else 0.
func (db *DB) ColumnsServe(ctx context.Context, sc record.Scope, q Query) int {
	s, err := db.selection(ctx, sc, q)
	if err != nil {
		return 0
	}
	set, _, err := db.reader.columns(ctx, s)
	if err != nil || set == nil {
		return 0
	}
	cond, err := db.resolved(ctx, s, &s.cond)
	if err != nil {
		return 0
	}
	if _, _, _, _, ok := set.count(s.k, &cond, nil); ok {
		return 1
	}
	return 0
}

// ColumnBytes is the memory that a kind's columns take.
func (db *DB) ColumnBytes(kind string) int64 {
	db.columns.mu.Lock()
	defer db.columns.mu.Unlock()
	if s := db.columns.sets[kind]; s != nil {
		return s.bytes()
	}
	return 0
}

// DropColumns forgets a kind's columns and keeps them from being built again.
func (db *DB) DropColumns(kind string) {
	db.columns.built.Wait()
	db.columns.mu.Lock()
	defer db.columns.mu.Unlock()
	delete(db.columns.sets, kind)
	db.columns.busy[kind] = true
}

// Behind has the columns stay behind what is written from now on.
func (db *DB) Behind() { db.columns.wait = 0 }
