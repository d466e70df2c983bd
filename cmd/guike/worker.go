package main

import (
	"os"

	"guike/paper"
)

// A workerCmd is what the server starts, never a person: a process apart in which papers are parsed.
type workerCmd struct {
	Read workerReadCmd `cmd:"" hidden:""`
}

type workerReadCmd struct{}

func (workerReadCmd) Run() error {
	return paper.Work(os.Stdin, os.Stdout, os.Getenv("GUIKE_READ_CACHE"))
}
