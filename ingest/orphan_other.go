//go:build !linux

package ingest

// dieWithParent does nothing here: the end of stdin ends the worker.
func dieWithParent() {}
